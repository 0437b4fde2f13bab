"""A statement that is true or false."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.questions.choice import ChoiceKind
from content.kinds.base import ChoiceQuestion
from content.model import Option

NAMES = ("True", "False")


class TrueFalseKind(ChoiceKind):
    """Buttons that say True and False, in this order."""

    def names(self) -> Sequence[str]:
        """True and False instead of letters."""
        return NAMES

    def shown(self, question: ChoiceQuestion, seed: int) -> tuple[Option, ...]:  # noqa: ARG002 - never shuffled
        """The options in the order of the file."""
        return question.options
