"""Port of members, and of the groups that they are in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Protocol

from bot.domain.model import (
    Member,
    RestDaysChange,
    ZoneChange,
)
from bot.domain.refs import UserRef


class Members(Protocol):
    """Learners and what they set."""

    async def find(self, user: UserRef) -> Member | None:
        """Return the member with this account, or None."""

    async def get(self, member_id: int) -> Member:
        """Return the member with this id. Raises KeyError."""

    async def add(self, user: UserRef, joined_at: dt.datetime) -> Member:
        """Add a learner with one account. Raises Conflict, now or at the commit, when it is taken."""

    def note_profile(self, member: Member, zone: str) -> Member:
        """Record the zone that the member's platform profile names now."""

    async def join(self, group_id: int, member_id: int, at: dt.datetime, name: str) -> None:
        """Make the member one of a group, called ``name`` there; a second time does nothing.

        Whoever has left it is back, with everything that they had.
        """

    async def leave(self, group_id: int, member_id: int, at: dt.datetime, *, by_choice: bool) -> None:
        """Take the member off a group, which keeps all that they did; a second time does nothing."""

    async def come_back(self, group_id: int, member_id: int, at: dt.datetime) -> None:
        """Record that the member is there again: in the group, unless it was their choice to leave it."""

    async def look_for(
        self, now: dt.datetime, before: dt.datetime, limit: int, platforms: Collection[str]
    ) -> tuple[tuple[Member, int], ...]:
        """Return members on these platforms who were not checked since ``before``, oldest check first.

        They count as checked now, so that no other process checks them too.
        """

    async def name_in(self, group_id: int, member_id: int) -> str | None:
        """Return what a member is called in a group; None when they are not of it."""

    async def names_in(self, group_id: int, member_ids: Collection[int]) -> Mapping[int, str]:
        """Return what each of these members is called in a group; those who are not of it are absent."""

    def call(self, group_id: int, member_id: int, name: str) -> None:
        """Change what a member is called in a group."""

    async def groups_of(self, member_id: int) -> tuple[int, ...]:
        """Return the ids of the groups that a member is in and has not left, oldest first."""

    async def joined_groups(self, member_id: int) -> tuple[tuple[int, dt.datetime], ...]:
        """Return the ids of the groups that a member is in, each with the instant of joining it."""

    async def count(self, group_id: int) -> int:
        """Return how many members are in a group and have not left it."""

    def set_zone(self, row: ZoneChange) -> None:
        """Append a change of zone; the member's ``zone`` becomes it."""

    def set_rest_days(self, row: RestDaysChange) -> None:
        """Append a change of rest days; the member's ``rest_days`` become them."""

    async def zones(self, member_id: int) -> tuple[ZoneChange, ...]:
        """Every change of zone, oldest first."""

    async def rest_days(self, member_id: int) -> tuple[RestDaysChange, ...]:
        """Every change of rest days, oldest first."""
