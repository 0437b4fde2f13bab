"""Questions of a pack in the neutral form, and what no other program has a place for."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from content.formats.base import NO_EXPLANATION, Aspect, Choice, Found, Pair, Snippet, Source
from content.kinds import LineQuestion, MatchQuestion, OrderQuestion
from content.kinds.matching import NumberMatching, TextMatching
from content.kinds.multi import MultiQuestion
from content.model import Bloom, Option, Question, Reference

LINES = 5
"""Lines of a question on a faulty line that become options, at most."""


def flattened(question: Question, topic: str) -> tuple[Found, list[str]]:
    """Return a question in the neutral form, and what is left out of it whatever the format."""
    lost = ["review_by"] if question.review_by else []
    lost += ["proof"] if question.verify.kind != "doc" else []
    found = Found(
        place=question.id,
        kind=Aspect.SINGLE,
        stem=question.stem,
        id=question.id,
        topic=topic,
        code=Snippet(question.code.language, question.code.source.rstrip("\n")) if question.code else None,
        mistakes=tuple(
            Choice(answer, feedback=each.feedback)
            for each in question.known_mistakes
            for answer in each.answers
        ),
        hints=question.hints,
        explanation="" if question.explanation == NO_EXPLANATION else question.explanation,
        tags=question.tags,
        difficulty=question.difficulty,
        objective=question.objective,
        bloom="" if question.bloom is Bloom.UNDERSTAND else str(question.bloom),
        references=tuple(map(_source, question.references)),
    )
    return _with_answers(found, question, lost), lost


def _with_answers(found: Found, question: Question, lost: list[str]) -> Found:
    match question:
        case MatchQuestion():
            pairs = tuple(Pair(each.left, each.right, each.feedback) for each in question.pairs)
            return replace(found, kind=Aspect.MATCH, pairs=pairs)
        case OrderQuestion():
            items = tuple(Choice(each.text, right=True, feedback=each.feedback) for each in question.items)
            return replace(found, kind=Aspect.ORDER, choices=items)
        case LineQuestion():
            lost.append("the fixed line (asked as a choice of lines)")
            return replace(found, choices=_lines(question, lost))
        case MultiQuestion():
            return replace(found, kind=Aspect.MULTI, choices=_options(question.options))
    match question.matching:
        case TextMatching() as text:
            lost += [
                name for name in ("pattern", "typos", "refuse", "case", "exact") if getattr(text, name)
            ]
            lost += ["the form code"] if text.form == "code" else []
            lost += ["the kind output (asked as a short answer)"] if question.type == "output" else []
            return replace(found, kind=Aspect.SHORT, accept=text.accept)
        case NumberMatching() as number:
            lost += ["unit"] if number.unit else []
            numbers = tuple(each for each in found.mistakes if _is_number(each.text))
            if len(numbers) < len(found.mistakes):
                lost.append("wrong answers that aren't numbers")
            found = replace(found, mistakes=numbers)
            return replace(found, kind=Aspect.NUMBER, value=number.value, tolerance=_distance(number))
    kind = Aspect.TRUEFALSE if question.type == "truefalse" else Aspect.SINGLE
    lost += ["the kind output (asked as a choice)"] if question.type == "output" else []
    return replace(found, kind=kind, choices=_options(question.choices))


def _source(reference: Reference) -> Source:
    return Source(
        reference.title,
        str(reference.url),
        reference.section or "",
        reference.as_of,
        reference.review_by,
    )


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d{1,39}(\.\d{1,39})?", text) is not None


def _distance(number: NumberMatching) -> Decimal | None:
    if number.tolerance is None:
        return None
    return number.tolerance.absolute or abs(number.value * (number.tolerance.relative or 0))


def _options(options: tuple[Option, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(each.text, each.correct, each.feedback) for each in options)


def _lines(question: LineQuestion, lost: list[str]) -> tuple[Choice, ...]:
    """Return the lines that are named as options, in the order of the code."""
    others = question.others[: LINES - 1]
    if len(others) < len(question.others):
        lost.append("some of the wrong lines")
    chosen = [(each.line, Choice(f"Line {each.line}", feedback=each.feedback)) for each in others]
    chosen.append((question.line, Choice(f"Line {question.line}", right=True, feedback=question.feedback)))
    return tuple(choice for _, choice in sorted(chosen, key=lambda each: each[0]))
