"""``type: number``: a number, typed, in a unit if the question says so."""

from __future__ import annotations

from typing import Literal

from content.kinds.matching import NumberMatching
from content.kinds.typed import TypedQuestion


class NumberQuestion(TypedQuestion):
    """A question that is answered by typing a number."""

    type: Literal["number"]
    answer: NumberMatching

    @property
    def matching(self) -> NumberMatching:
        """Which typed answers are accepted."""
        return self.answer
