"""Ports of the outbox: deliveries that are owed to platforms, and the facts behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Protocol

from bot.domain.deliveries import Delivery, DeliveryKind
from bot.domain.model import Group, Notice, Reminder, Reward


class Rewards(Protocol):
    """Rewards: who should have the role that rewards a streak, and what the platform was told of it."""

    def earn(self, group: Group, member_id: int, at: dt.datetime, review_at: dt.datetime) -> None:
        """Record that the member earned the group's reward, to be reviewed at ``review_at``; idempotent."""

    async def review_all(self, group: Group, at: dt.datetime) -> None:
        """Have every member reviewed, since the group rewards another streak or none."""

    async def waiting(self, now: dt.datetime) -> bool:
        """Tell whether a reward is due for review or sending by now, anywhere. Fast when there is none."""

    async def due_for_review(self, now: dt.datetime, limit: int) -> tuple[Reward, ...]:
        """Return rewards due for review by now, longest overdue first. Fast when there is none."""

    def reviewed(
        self, reward: Reward, at: dt.datetime, *, wanted: bool, review_at: dt.datetime | None
    ) -> None:
        """Record the outcome of a review, and when the next one is due; None for never."""

    async def get(self, group_id: int, member_id: int, role: str) -> Reward | None:
        """Return a reward by its key; None when there is none."""

    def sending(self, reward: Reward) -> None:
        """Record that the platform may know from now on, whether it answers or not."""

    def delivered(self, reward: Reward) -> None:
        """Record that the platform knows of the reward, or will never want to."""


class Reminders(Protocol):
    """Daily reminders of members."""

    async def find(self, member_id: int) -> Reminder | None:
        """Return the member's reminder; None when they never asked for one."""

    def put(self, reminder: Reminder) -> None:
        """Insert or overwrite a reminder; ends its lease."""

    async def due_after(self, member_id: int, limit: int) -> tuple[Reminder, ...]:
        """Return reminders that are due some day, of members with a higher id, in id order."""


class Notices(Protocol):
    """Notices that organisers must get, each subject once a group."""

    async def add(self, notice: Notice) -> int | None:
        """Write one down and return its id; None when the group has had one on this subject."""

    async def get(self, notice_id: int) -> Notice:
        """Return a notice by its id. Raises KeyError."""

    def delivered(self, notice_id: int, at: dt.datetime) -> None:
        """Note that somebody has heard of it."""


class Outbox(Protocol):
    """Deliveries that are owed to platforms: a row each, deleted once it is done or given up."""

    def enqueue(self, delivery: Delivery) -> None:
        """Owe a delivery. It replaces one of its kind and subject, and ends the lease of that."""

    def withdraw(self, kind: DeliveryKind, subject: str) -> None:
        """Owe it no longer; what is being sent just now may still arrive."""

    async def due_kinds(self, now: dt.datetime) -> frozenset[DeliveryKind]:
        """Return the kinds of which a delivery is due by ``now`` on whatever platform. Fast when idle."""

    async def claim(
        self,
        kind: DeliveryKind,
        now: dt.datetime,
        lease: dt.timedelta,
        limit: int,
        platforms: Collection[str],
    ) -> tuple[Delivery, ...]:
        """Lease what is due of a kind on these platforms, one attempt more each, longest overdue first.

        What waits for a paused group is left out.
        """

    def done(self, delivery: Delivery) -> None:
        """Delete it, unless it was enqueued anew since it was claimed."""

    async def retry(self, delivery: Delivery, due_at: dt.datetime, error: str) -> bool:
        """Let it be claimed again from ``due_at`` on; False when the claim that it comes from is over."""

    async def give_up(self, delivery: Delivery) -> bool:
        """Delete it; False when it isn't the caller's any more: another worker has it, or it is done."""
