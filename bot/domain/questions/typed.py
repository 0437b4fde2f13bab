"""The common part of the kinds whose answer is typed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from bot.domain.questions.kind import Control, Grade, Kind, Line, Row, Tally, TypeText, Wording
from bot.domain.questions.matching import LONGEST, accepts, normal_form
from bot.domain.questions.quantity import read_number
from bot.domain.questions.response import InvalidResponse, Response, Typed
from bot.toolkit.text import clean_name, clean_text, cut
from content.kinds.base import QuestionBase
from content.kinds.matching import Matching, NumberMatching

NOTHING_TYPED = "Type an answer first."
MOST_WRONG, FEWEST_ALIKE = 3, 2
"""Wrong answers that the reveal shows, and people who must have given one for it to be shown."""

SHOWN_LENGTH = 60
"""Characters of a typed answer that are shown to others."""


class TypedKind(Kind[QuestionBase]):
    """An answer that is typed, and matched as the question declares."""

    def control(self, question: QuestionBase, seed: int) -> Control:  # noqa: ARG002 - the same for all
        """A form with one line, or several for the output of code."""
        spec = _matching(question)
        if isinstance(spec, NumberMatching):
            return TypeText("Your answer", _unit_hint(spec), max_length=LONGEST["number"])
        return TypeText("Your answer", long=spec.form == "code", max_length=LONGEST[spec.form])

    def check(self, question: QuestionBase, response: Response) -> None:
        """Raise InvalidResponse for what can't be read as one answer."""
        if not isinstance(response, Typed) or not clean_text(response.text):
            raise InvalidResponse(NOTHING_TYPED)
        spec = _matching(question)
        reason = accepts(spec, response.text).detail
        if reason.refuses:
            raise InvalidResponse(matching=spec, reason=reason)

    def grade(self, question: QuestionBase, response: Response) -> Grade:
        """All or nothing, with the feedback on a known mistake."""
        text = _text(response)
        match = accepts(_matching(question), text)
        return Grade(match.score, () if match.accepted else _feedback(question, text))

    def given(self, question: QuestionBase, seed: int, response: Response) -> Wording:  # noqa: ARG002
        """The answer as it was typed."""
        return Wording("You wrote", (_line(_matching(question), _text(response)),))

    def key(self, question: QuestionBase, seed: int) -> Wording:  # noqa: ARG002 - the same for all
        """The answer as the question shows it."""
        spec = _matching(question)
        return Wording("The answer is", (_line(spec, spec.shown),))

    def tally(self, question: QuestionBase, seed: int, responses: Mapping[Response, int]) -> Tally:
        """Right answers together, the most frequent wrong ones that several gave, and all others."""
        spec = _matching(question)
        right = 0
        wrong: Counter[str] = Counter()
        spelt: dict[str, str] = {}
        for response, number in sorted(responses.items(), key=lambda each: (-each[1], _text(each[0]))):
            text = _text(response)
            if accepts(spec, text).accepted:
                right += number
            else:
                form = _form(spec, text)
                wrong[form] += number
                spelt.setdefault(form, clean_name(text, SHOWN_LENGTH))
        frequent = [(form, n) for form, n in wrong.most_common(MOST_WRONG) if n >= FEWEST_ALIKE]
        rows = [Row(self.key(question, seed).lines[0], right, is_key=True)]
        rows += [Row(Line("", spelt[form], as_is=True), number, is_key=False) for form, number in frequent]
        if rest := wrong.total() - sum(number for _, number in frequent):
            rows.append(Row(Line("", "*Other answers*"), rest, is_key=False))
        return Tally(tuple(rows), right)


def _line(spec: Matching, text: str) -> Line:
    """Return a typed text as it is, output of code in a block of its own."""
    if isinstance(spec, NumberMatching) or spec.form == "words":
        return Line("", clean_name(text, SHOWN_LENGTH), as_is=True)
    shown = cut(clean_text(text), LONGEST["code"])
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", shown)), default=0))
    return Line("", f"{fence}text\n{shown}\n{fence}")


def _matching(question: QuestionBase) -> Matching:
    spec = question.matching
    assert spec is not None, "a typed question says which answers it accepts"
    return spec


def _text(response: Response) -> str:
    return response.text if isinstance(response, Typed) else ""


def _form(spec: Matching, text: str) -> str:
    """Return a text by which answers that mean the same are counted together."""
    if isinstance(spec, NumberMatching):
        return str(read_number(spec, text))
    return normal_form(spec, text)


def _feedback(question: QuestionBase, text: str) -> tuple[str, ...]:
    form = _form(_matching(question), text)
    for mistake in question.known_mistakes:
        if any(_form(_matching(question), each) == form for each in mistake.answers):
            return (mistake.feedback,)
    return ()


def _unit_hint(spec: NumberMatching) -> str:
    if spec.unit is None:
        return "A number"
    return f"A number in {spec.unit.name}" + (", with the unit" if spec.unit.required else "")
