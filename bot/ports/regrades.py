"""Port of regrades: answers that are graded again when the key of their question was corrected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from bot.domain.regrading import AnswerKey, Correction, GradedAnswer, Regrade


class Regrades(Protocol):
    """The keys by which answers were graded, and what corrected ones made of the answers."""

    async def keys(self, pack: str) -> Mapping[str, AnswerKey]:
        """Return the keys that are recorded of a pack, by question id."""

    def record(self, pack: str, keys: Iterable[AnswerKey]) -> None:
        """Write down, or over, that all answers have been graded by these keys."""

    async def answered(self, pack: str, question_ids: Collection[str]) -> frozenset[str]:
        """Return those of the questions that have any answer, in posts or in practice."""

    async def answers(
        self, pack: str, question_id: str, after: int, limit: int
    ) -> tuple[GradedAnswer, ...]:
        """Return answers to a question with ids above ``after``, in the order of their ids."""

    async def answers_in(self, pack: str, question_id: str, group_id: int) -> tuple[GradedAnswer, ...]:
        """Return all answers to a question in the posts of a group, in the order of their ids."""

    def add(self, answer: GradedAnswer, regrade: Regrade, settled_on: dt.date | None) -> None:
        """Append a regrade, and add its gains to the tallies of the member.

        ``settled_on`` is the local date that the answer's post was counted on. Without one the gains wait
        for that, as the points of the answer do. Raises Conflict, now or at the commit, when the answer has
        a regrade of this number.
        """

    async def of_post(self, post_id: int) -> Correction | None:
        """Return what corrections have made of the answers to a post; None if none was regraded."""
