"""Port of the post ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bot.domain.model import (
    Post,
    PostedContent,
    PostKind,
)
from bot.domain.reasons import Fault
from bot.domain.refs import MessageRef


class Posts(Protocol):
    """The post ledger."""

    async def get(self, post_id: int) -> Post | None:
        """Return the post with this id, or None."""

    async def find_slot(self, group_id: int, kind: PostKind, slot: str) -> Post | None:
        """Return the post in a slot, or None."""

    async def by_message(self, message: MessageRef) -> Post | None:
        """Return the post that a platform message shows, or None."""

    async def add(self, post: Post) -> Post | None:
        """Add a post to its slot, and owe it if it is planned; return None when the slot is taken."""

    async def save(self, post: Post) -> None:
        """Write state, attempted_at, message, sent_at, closes_at, fault, detail and ending."""

    def replan(self, post: Post) -> None:
        """Write the fields of ``save``, and ``due_at``, of a post that is missed; it is owed again then."""

    def sending(self, post_id: int, at: dt.datetime, shape: str) -> None:
        """Record that its platform may be asked to show the post from this instant on, and its shape."""

    def note_fault(self, post_id: int, fault: Fault, detail: str = "") -> None:
        """Write ``fault`` and ``detail`` alone; a worker that sends the post just now goes on."""

    def note_channel(self, post_id: int, channel_id: str) -> None:
        """Record the channel of the post's message, which is not the group's since that has moved."""

    async def was_in(self, group_id: int, channel_id: str) -> bool:
        """Tell whether the group has left a message in this channel, before it moved."""

    def note_closing(self, post_id: int, closes_at: dt.datetime) -> None:
        """Write ``closes_at`` alone."""

    async def mention(self, post: Post, on: dt.date) -> bool:
        """Let the post mention its group's role on a local date; False when another one does.

        Raises Conflict when another process lets another one do so at the same moment.
        """

    def take_mention_back(self, post_id: int) -> None:
        """Withdraw the mention of a post that was not shown: another may mention the role on that date."""

    async def mark_changed(self, post_id: int) -> None:
        """Mark the message of a post as out of date (an answer, a reply, its closing)."""

    def edited(self, post_id: int, again_at: dt.datetime) -> None:
        """Record when its message may be edited again, also for an edit that is owed already."""

    async def closing(self, now: dt.datetime, limit: int) -> tuple[Post, ...]:
        """Return sent posts whose ``closes_at`` is not after now."""

    async def work_waits(self, now: dt.datetime) -> bool:
        """Tell whether anything is due anywhere, posts and deliveries: one query, fast when idle."""

    async def open_of(self, group_id: int, kind: PostKind) -> Post | None:
        """Return the newest sent post of a kind."""

    async def open_of_each(self, group_id: int, kinds: Sequence[PostKind]) -> tuple[Post | None, ...]:
        """Return what ``open_of`` finds of each of these kinds."""

    async def history(self, group_id: int, kind: PostKind, limit: int) -> tuple[Post, ...]:
        """Return posts of a kind in any state, newest first."""

    async def newest_of(self, group_id: int, kind: PostKind, content_id: str) -> Post | None:
        """Return the newest post of a kind with this content that was sent, be it closed or not."""

    async def on_dates(self, group_id: int, dates: Collection[dt.date]) -> tuple[Post, ...]:
        """Every post of these local dates, of any kind and in any state."""

    async def last_date(self, group_id: int, kind: PostKind) -> dt.date | None:
        """The latest local date that a schedule has taken; None when none has."""

    async def served(self, group_id: int, kind: PostKind) -> Sequence[PostedContent]:
        """Return the last 500 posts of a kind in a group, planned ones included, newest first."""

    async def waiting_questions(self, group_ids: Collection[int]) -> frozenset[tuple[int, str]]:
        """Return (group id, question id) of the groups' quizzes that are planned or open."""

    async def asking(self, question_ids: Collection[str]) -> frozenset[int]:
        """Return the ids of all groups with a quiz on one of these questions that is planned or open."""

    async def asked_anywhere(self) -> Mapping[str, int]:
        """Return the oldest group with a quiz on each question that is planned or open, by question id."""

    def plan(self, post: Post) -> None:
        """Take a slot if it is free, telling nobody whether it was, and owe the post if it is planned."""
