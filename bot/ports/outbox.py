"""What the core needs from a database to keep its promises to people: badges, reminders and notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Protocol

from bot.domain.model import Badge, Group, Notice, Reminder


class Badges(Protocol):
    """Who should be in the audience that rewards a streak, and what the platform was told of it."""

    def earn(self, group: Group, member_id: int, at: dt.datetime, look_at: dt.datetime) -> None:
        """The member has what the group rewards: look again at ``look_at``. A second time does nothing."""

    async def reconsider(self, group: Group, at: dt.datetime) -> None:
        """The group rewards another streak, or none: look at every member, and at what they were given."""

    async def waiting(self, now: dt.datetime) -> bool:
        """Whether one must be looked at or told of by now, anywhere. Fast when there is none."""

    async def to_look_at(self, now: dt.datetime, limit: int) -> tuple[Badge, ...]:
        """Those whose streak must be looked at by now, longest overdue first. Fast when there is none."""

    def looked(self, badge: Badge, at: dt.datetime, *, wanted: bool, look_at: dt.datetime | None) -> None:
        """Write down what should be, and when to look again; never when that is None."""

    async def claim(
        self, now: dt.datetime, lease: dt.timedelta, limit: int, platforms: Collection[str]
    ) -> tuple[Badge, ...]:
        """Those of which the platform must be told by now, the longest overdue, leased to the caller.

        Only of groups on these platforms that are not paused.
        """

    def told(self, badge: Badge) -> None:
        """The platform knows, or will never want to."""

    def try_again(self, badge: Badge, not_before: dt.datetime) -> None:
        """It does not know yet. Writes ``tries``."""


class Reminders(Protocol):
    """Who is reminded, and when."""

    async def find(self, member_id: int) -> Reminder | None:
        """The member's; None when they never asked for one."""

    def put(self, reminder: Reminder) -> None:
        """Insert or overwrite; ends the lease."""

    async def due_after(self, member_id: int, limit: int) -> tuple[Reminder, ...]:
        """Those that are due some day, of members with a higher id, in the order of their ids."""

    async def waiting(self, now: dt.datetime) -> bool:
        """Whether one is due by now, anywhere. Fast when there is none."""

    async def claim(
        self, now: dt.datetime, lease: dt.timedelta, limit: int, platforms: Collection[str]
    ) -> tuple[Reminder, ...]:
        """Those that are due on these platforms, the longest overdue, leased to the caller."""


class Notices(Protocol):
    """What organisers must hear of."""

    async def owe(self, notice: Notice) -> bool:
        """Write it down, to be told at once; False when the group has one on this subject."""

    async def waiting(self, now: dt.datetime) -> bool:
        """Whether one must be told by now, anywhere. Fast when there is none."""

    async def claim(
        self, now: dt.datetime, lease: dt.timedelta, limit: int, platforms: Collection[str]
    ) -> tuple[Notice, ...]:
        """Those that must be told by now on these platforms, the longest overdue, leased to the caller."""

    def told(self, notice: Notice, at: dt.datetime) -> None:
        """The organiser has heard of it. One that is told or given up stays so, here and below."""

    def given_up(self, notice: Notice) -> None:
        """They will not hear of it."""

    def try_again(self, notice: Notice, not_before: dt.datetime) -> None:
        """Nobody has heard of it yet. Writes ``tries``, ``rung`` and ``passed``."""
