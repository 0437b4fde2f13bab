"""Questions on the output of code, which is chosen or typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.questions.choice import ChoiceKind
from bot.domain.questions.kind import Control, Grade, Kind, Response, Tally, Wording
from bot.domain.questions.typed import TypedKind
from content.kinds.output import OutputQuestion

_CHOSEN, _TYPED = ChoiceKind(), TypedKind()


class OutputKind(Kind[OutputQuestion]):
    """Outputs to choose from, each with a letter; without options, the output is typed."""

    def control(self, question: OutputQuestion, seed: int) -> Control:
        """Buttons, or a form with several lines."""
        return _of(question).control(question, seed)

    def grade(self, question: OutputQuestion, response: Response) -> Grade:
        """All or nothing."""
        return _of(question).grade(question, response)

    def given(self, question: OutputQuestion, seed: int, response: Response) -> Wording:
        """The chosen or typed output."""
        return _of(question).given(question, seed, response)

    def key(self, question: OutputQuestion, seed: int) -> Wording:
        """The right output."""
        return _of(question).key(question, seed)

    def tally(self, question: OutputQuestion, seed: int, responses: Mapping[Response, int]) -> Tally:
        """A row for each option, or for typed outputs that several gave."""
        return _of(question).tally(question, seed, responses)


def _of(question: OutputQuestion) -> Kind[Any]:
    return _TYPED if question.answer else _CHOSEN
