"""A statement that is true or false."""

from __future__ import annotations

from bot.domain.questions.choice import ChoiceKind
from bot.domain.questions.kind import Offer
from content.kinds.base import ChoiceQuestion

NAMES = ("True", "False")


class TrueFalseKind(ChoiceKind):
    """Buttons that say True and False, in this order."""

    def offers(self, question: ChoiceQuestion, seed: int) -> tuple[Offer, ...]:  # noqa: ARG002 - never shuffled
        """The options in the order of the file, True and False instead of letters."""
        named = zip(NAMES, question.options, strict=False)
        return tuple(Offer(name, option.text, id=option.id) for name, option in named)
