"""``type: short``: a word or a few, typed."""

from __future__ import annotations

from typing import Literal

from content.kinds.matching import TextMatching
from content.kinds.typed import TypedQuestion


class ShortQuestion(TypedQuestion):
    """A question that is answered by typing a word or a few."""

    type: Literal["short"]
    answer: TextMatching

    @property
    def matching(self) -> TextMatching:
        """Which typed answers are accepted."""
        return self.answer
