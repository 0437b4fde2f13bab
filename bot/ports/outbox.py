"""Ports of the outbox: rewards, reminders and notices that are owed to people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Protocol

from bot.domain.model import Badge, Group, Notice, Reminder


class Badges(Protocol):
    """Rewards: who should have the role that rewards a streak, and what the platform was told of it."""

    def earn(self, group: Group, member_id: int, at: dt.datetime, look_at: dt.datetime) -> None:
        """Record that the member earned the group's reward, to be reviewed at ``look_at``; idempotent."""

    async def reconsider(self, group: Group, at: dt.datetime) -> None:
        """Have every member reviewed, since the group rewards another streak or none."""

    async def waiting(self, now: dt.datetime) -> bool:
        """Tell whether a reward is due for review or sending by now, anywhere. Fast when there is none."""

    async def to_look_at(self, now: dt.datetime, limit: int) -> tuple[Badge, ...]:
        """Return rewards due for review by now, longest overdue first. Fast when there is none."""

    def looked(self, badge: Badge, at: dt.datetime, *, wanted: bool, look_at: dt.datetime | None) -> None:
        """Record the outcome of a review, and when the next one is due; None for never."""

    async def claim(
        self, now: dt.datetime, lease: dt.timedelta, limit: int, platforms: Collection[str]
    ) -> tuple[Badge, ...]:
        """Lease rewards of which the platform must be told by now, the longest overdue.

        Only of groups on these platforms that are not paused.
        """

    def told(self, badge: Badge) -> None:
        """Record that the platform knows of the reward, or will never want to."""

    def try_again(self, badge: Badge, not_before: dt.datetime) -> None:
        """Put off telling the platform. Writes ``tries``."""


class Reminders(Protocol):
    """Daily reminders of members."""

    async def find(self, member_id: int) -> Reminder | None:
        """Return the member's reminder; None when they never asked for one."""

    def put(self, reminder: Reminder) -> None:
        """Insert or overwrite a reminder; ends its lease."""

    async def due_after(self, member_id: int, limit: int) -> tuple[Reminder, ...]:
        """Return reminders that are due some day, of members with a higher id, in id order."""

    async def waiting(self, now: dt.datetime) -> bool:
        """Tell whether a reminder is due by now, anywhere. Fast when there is none."""

    async def claim(
        self, now: dt.datetime, lease: dt.timedelta, limit: int, platforms: Collection[str]
    ) -> tuple[Reminder, ...]:
        """Lease reminders that are due on these platforms, the longest overdue."""


class Notices(Protocol):
    """Notices that organisers must get."""

    async def owe(self, notice: Notice) -> bool:
        """Enqueue a notice, due at once. Returns False if the group has one on this subject."""

    async def waiting(self, now: dt.datetime) -> bool:
        """Tell whether a notice is due by now, anywhere. Fast when there is none."""

    async def claim(
        self, now: dt.datetime, lease: dt.timedelta, limit: int, platforms: Collection[str]
    ) -> tuple[Notice, ...]:
        """Lease notices that are due by now on these platforms, the longest overdue."""

    def told(self, notice: Notice, at: dt.datetime) -> None:
        """Record a notice as delivered. A notice that is delivered or given up stays so."""

    def given_up(self, notice: Notice) -> None:
        """Record that a notice will not be delivered."""

    def try_again(self, notice: Notice, not_before: dt.datetime) -> None:
        """Put off a notice that nobody has got yet. Writes ``tries``, ``rung`` and ``passed``."""
