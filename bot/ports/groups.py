"""Port of study groups and their schedules."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from bot.domain.model import (
    Group,
    Schedule,
)
from bot.domain.reasons import PauseReason
from bot.domain.refs import ChannelRef, UserRef


class Groups(Protocol):
    """Study groups and their schedules."""

    async def find(self, channel: ChannelRef) -> Group | None:
        """Return the group of a channel, or None."""

    async def get(self, group_id: int) -> Group:
        """Return the group with this id. Raises KeyError."""

    async def add(self, group: Group) -> Group:
        """Add a group. Raises Conflict when its channel has one."""

    async def save(self, group: Group) -> None:
        """Write all of a group but its channel, organiser and creation."""

    async def move(self, group: Group) -> None:
        """Write a group's channel and organiser. Raises Conflict when the channel has another group.

        Messages that were posted stay where they are.
        """

    async def organised_by(self, user: UserRef) -> tuple[Group, ...]:
        """The groups that this person set up or took over, oldest first."""

    async def left_by(self, member_id: int) -> tuple[Group, ...]:
        """The groups that a member was of and has left, the one left last first."""

    async def schedules(self, group_id: int) -> tuple[Schedule, ...]:
        """Return a group's schedules in the order of PostKind."""

    async def put_schedule(self, schedule: Schedule) -> Schedule:
        """Insert a schedule (id 0) or overwrite it.

        Raises Conflict when the group has another of this kind.
        """

    async def due_schedules(self, now: dt.datetime, limit: int) -> tuple[Schedule, ...]:
        """Return schedules whose ``next_due_at`` is not after now, most overdue first.

        Fast when none is.
        """

    async def get_schedule(self, schedule_id: int) -> Schedule:
        """Return the schedule with this id. Raises KeyError."""

    async def scheduled_after(self, schedule_id: int, limit: int) -> tuple[Schedule, ...]:
        """Return schedules that are due some day and have a higher id, in the order of their ids."""

    async def ending_pauses(self, now: dt.datetime, limit: int) -> tuple[Group, ...]:
        """Groups whose ``resume_at`` is not after now, most overdue first. Fast when there is none."""

    async def next_due_at(self) -> dt.datetime | None:
        """The earliest instant at which any schedule is due or a pause ends."""

    async def all(self) -> tuple[Group, ...]:
        """Every group, oldest first."""

    async def of_workspace(self, platform: str, workspace: str) -> tuple[Group, ...]:
        """Every group in a server, team or site, oldest first."""

    async def workspaces(self, platform: str) -> frozenset[str]:
        """Every server, team or site on a platform with a group that is not paused."""

    async def paused_for(self, platform: str, reason: PauseReason) -> tuple[Group, ...]:
        """Every group on a platform that is paused for just this reason."""
