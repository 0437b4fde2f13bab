"""The common part of the kinds whose answer is typed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from bot.domain.questions.kind import (
    Control,
    Grade,
    InvalidResponse,
    Kind,
    Line,
    Response,
    Row,
    Tally,
    Typed,
    TypeText,
    Wording,
)
from bot.domain.questions.match_reason import MatchReason
from bot.domain.questions.matching import LONGEST, Match, accepts, same_answer
from bot.domain.questions.quantity import read_number, written
from bot.toolkit.text import clean_name, clean_text, cut
from content.kinds.base import QuestionBase
from content.kinds.matching import Matching, NumberMatching
from content.kinds.typed import Mistake

NOTHING_TYPED = "Type an answer first."
MOST_WRONG, FEWEST_ALIKE = 3, 2
"""Wrong answers that the reveal shows, and people who must have given one for it to be shown.

Members' own words are never shown to others, however many agree on them: they could be an insult or a name.
Shown are numbers, and texts that the question foresees as mistakes, as its author wrote them.
"""


class TypedKind(Kind[QuestionBase]):
    """An answer that is typed, and matched as the question declares."""

    def control(self, question: QuestionBase, seed: int) -> Control:  # noqa: ARG002 - the same for all
        """A form with one line, or several for the output of code."""
        spec = _matching(question)
        if isinstance(spec, NumberMatching):
            return TypeText("Your answer", _unit_hint(spec), max_length=LONGEST["number"])
        return TypeText("Your answer", long=spec.form == "code", max_length=LONGEST[spec.form])

    def grade(self, question: QuestionBase, response: Response) -> Grade:
        """All or nothing, with the feedback on a known mistake."""
        text, match = _read(question, response)
        known = None if match.accepted else _known(question, text)
        return Grade(match.score, (known[1].feedback,) if known else ())

    def given(self, question: QuestionBase, seed: int, response: Response) -> Wording:  # noqa: ARG002
        """The answer as it was typed."""
        text, _ = _read(question, response)
        return Wording("You wrote", (_line(_matching(question), text),))

    def key(self, question: QuestionBase, seed: int) -> Wording:  # noqa: ARG002 - the same for all
        """The answer as the question shows it."""
        spec = _matching(question)
        return Wording("The answer is", (_line(spec, spec.shown),))

    def tally(self, question: QuestionBase, seed: int, responses: Mapping[Response, int]) -> Tally:
        """Right answers together, the most frequent wrong ones that may be shown, and all others."""
        spec = _matching(question)
        right = stale = others = 0
        wrong: Counter[str] = Counter()
        for response, number in responses.items():
            if not isinstance(response, Typed):
                stale += number
            elif accepts(spec, response.text).accepted:
                right += number
            elif (shown := _publishable(question, response.text)) is not None:
                wrong[shown] += number
            else:
                others += number
        frequent = sorted((-n, text) for text, n in wrong.items() if n >= FEWEST_ALIKE)[:MOST_WRONG]
        rows = [Row(self.key(question, seed).lines[0], right, is_key=True)]
        rows += [Row(_line(spec, text), -n, is_key=False) for n, text in frequent]
        if others := others + wrong.total() + sum(n for n, _ in frequent):
            rows.append(Row(Line("", "*Other answers*"), others, is_key=False))
        return Tally(tuple(rows), right, stale)


def _line(spec: Matching, text: str) -> Line:
    """Return a typed text as it is, output of code in a block of its own."""
    if isinstance(spec, NumberMatching) or spec.form == "words":
        return Line("", clean_name(text, LONGEST["words"]), as_is=True)
    shown = cut(clean_text(text).strip("\n"), LONGEST["code"])
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", shown)), default=0))
    return Line("", f"{fence}text\n{shown}\n{fence}")


def _matching(question: QuestionBase) -> Matching:
    spec = question.matching
    assert spec is not None, "a typed question says which answers it accepts"
    return spec


def _read(question: QuestionBase, response: Response) -> tuple[str, Match]:
    """Return what was typed, matched. Raises InvalidResponse for what can't be read as one answer."""
    if not isinstance(response, Typed) or not clean_text(response.text):
        raise InvalidResponse(NOTHING_TYPED)
    spec = _matching(question)
    match = accepts(spec, response.text)
    if match.detail.refuses:
        raise InvalidResponse(matching=spec, reason=match.detail)
    return response.text, match


def _known(question: QuestionBase, text: str) -> tuple[str, Mistake] | None:
    """Return the wrong answer that a typed one is, as the question has it, and the mistake that it is."""
    spec = _matching(question)
    for mistake in question.known_mistakes:
        for each in mistake.answers:
            if same_answer(spec, each, text):
                return each, mistake
    return None


def _publishable(question: QuestionBase, text: str) -> str | None:
    """Return a wrong answer in words that others may read; None where those are its giver's own."""
    spec = _matching(question)
    if isinstance(spec, NumberMatching):
        number = read_number(spec, text)
        return None if isinstance(number, MatchReason) else written(spec, number)
    known = _known(question, text)
    return known[0] if known else None


def _unit_hint(spec: NumberMatching) -> str:
    if spec.unit is None:
        return "A number"
    return f"A number in {spec.unit.name}" + (", with the unit" if spec.unit.required else "")
