"""Port of answers and activity, and of the caches made from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bot.domain.model import (
    Activity,
    Answer,
    AskedPost,
    Met,
    TopicTally,
)
from bot.domain.questions import Response


class Learning(Protocol):
    """Answers, activity, and the caches made from them."""

    async def answer_to_post(self, post_id: int, member_id: int) -> Answer | None:
        """Return the member's answer to a post, scored by the latest key (``Regrades``), or None."""

    async def answer_to_practice(self, practice_id: int) -> Answer | None:
        """Return the answer to a practice question, scored by the latest key, or None."""

    def add_answer(self, answer: Answer) -> None:
        """Append an answer, and count it in the topic tally.

        Raises Conflict, now or at the commit, when the member has answered this before.
        """

    async def has_activity(self, member_id: int, *keys: str) -> bool:
        """Tell whether one of the member's acts of these keys was counted before."""

    def add_activity(self, row: Activity, periods: Sequence[str], *, correct: bool | None = None) -> None:
        """Append an act, and add its points to the group's tallies of these periods.

        ``correct`` says how an answer went, so that the tallies count it; None for any other act. Raises
        Conflict, now or at the commit, when the member's act of this key was counted before.
        """

    async def asked(self, member_id: int, first: dt.date) -> tuple[AskedPost, ...]:
        """Questions and prompts posted in groups of theirs for ``first`` and later dates, oldest first.

        A question that closed before its time is among them if the member has answered it.
        """

    async def activities(self, member_id: int) -> tuple[Activity, ...]:
        """Return all acts of a member, oldest first."""

    async def last_act_at(self, member_id: int) -> dt.datetime | None:
        """Return when the member last did something that counts, or None."""

    async def active_days(self, member_id: int, first: dt.date) -> Mapping[dt.date, int]:
        """Return how many acts a member has on each local date, from ``first`` on."""

    async def streak_state(self, member_id: int) -> str | None:
        """Return the member's cached streak state, as the streak module wrote it."""

    def put_streak_state(self, member_id: int, state: str) -> None:
        """Overwrite the member's cached streak state."""

    async def forget_streak_states(self) -> None:
        """Drop all cached streak states: each is made anew from the facts when it is needed."""

    async def distribution(self, post_id: int) -> Mapping[Response, int]:
        """Count the answers to a post by what was responded."""

    async def count_answers(self, post_id: int) -> int:
        """Return how many members have answered a post."""

    async def count_acts(self, post_id: int, kind: str) -> int:
        """Return how many members have an act with the key ``<kind>:<post id>``."""

    async def topic_tallies(self, member_id: int, pack: str) -> Mapping[str, TopicTally]:
        """Return the member's tallies on the questions of a pack, by topic id."""

    async def topic_tallies_in(
        self, member_id: int, pack: str, group_ids: Collection[int]
    ) -> Mapping[str, TopicTally]:
        """Like ``topic_tallies``, of answers in these groups alone."""

    async def acted_elsewhere(self, member_id: int, group_ids: Collection[int]) -> bool:
        """Tell whether any act of the member was in no group, or in another one than these."""

    async def questions_met(self, member_id: int, pack: str) -> Mapping[str, Met]:
        """Return how often the member met each question: answered in a post, or served for practice."""
