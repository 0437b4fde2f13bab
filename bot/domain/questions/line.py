"""Questions on the faulty line of a shown code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from bot.domain.questions.kind import (
    ChooseFromMenu,
    Chosen,
    Control,
    Grade,
    InvalidResponse,
    Kind,
    Line,
    Offer,
    Response,
    Row,
    Tally,
    Wording,
    code_span,
)
from content.kinds.line import LineQuestion

NO_LINE = "That isn't one of the lines. Choose one from the menu."


class LineKind(Kind[LineQuestion]):
    """A menu with the lines of the code."""

    def control(self, question: LineQuestion, seed: int) -> Control:  # noqa: ARG002 - code has its order
        """A menu in the message."""
        lines = question.code_lines.items()
        return ChooseFromMenu(
            "Choose the faulty line",
            tuple(Offer(f"Line {n}", code_span(line), id=str(n)) for n, line in lines),
        )

    def grade(self, question: LineQuestion, response: Response) -> Grade:
        """All or nothing, with the feedback on the line."""
        number = _number(question, response)
        if number == question.line:
            return Grade(1, tuple(filter(None, (question.feedback,))))
        told = [other.feedback for other in question.others if other.line == number]
        return Grade(0, tuple(told))

    def given(self, question: LineQuestion, seed: int, response: Response) -> Wording:  # noqa: ARG002
        """The chosen line."""
        return Wording("You chose", (_line(question, _number(question, response)),))

    def key(self, question: LineQuestion, seed: int) -> Wording:  # noqa: ARG002 - the same for all
        """The faulty line, and what it should be."""
        fixed = (Line("", f"It should be {code_span(line)}") for line in question.fixed.splitlines())
        return Wording("The faulty line is", (_line(question, question.line), *fixed))

    def tally(self, question: LineQuestion, seed: int, responses: Mapping[Response, int]) -> Tally:  # noqa: ARG002
        """A row for each line that was chosen, and for the faulty one."""
        votes: Counter[int] = Counter()
        stale = 0
        for response, count in responses.items():
            try:
                votes[_number(question, response)] += count
            except InvalidResponse:
                stale += count
        shown = sorted({question.line, *votes})
        rows = (Row(_line(question, n), votes[n], is_key=n == question.line) for n in shown)
        return Tally(tuple(rows), votes[question.line], stale)


def _number(question: LineQuestion, response: Response) -> int:
    """Return the chosen line. Raises InvalidResponse unless it is one of the code."""
    match response:
        case Chosen((number,)) if number in {str(each) for each in question.code_lines}:
            return int(number)
    raise InvalidResponse(NO_LINE)


def _line(question: LineQuestion, number: int) -> Line:
    return Line(f"Line {number}", code_span(question.code_lines[number]))
