"""Questions with something wrong in them, for the test that proofs notice it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from content.checks.code_mutants import mutated_sources
from content.kinds import (
    ChoiceQuestion,
    LineQuestion,
    MatchQuestion,
    MultiQuestion,
    NumberQuestion,
    OrderQuestion,
    OutputQuestion,
    Question,
    ShortQuestion,
)
from content.parts import Option


@dataclass(frozen=True)
class Mutant:
    """A question that is wrong on purpose, and what was done to it. It is not validated."""

    done: str
    question: Question


def with_texts_exchanged(question: Question) -> Iterator[Mutant]:
    """Yield the question with two texts in each other's place: one of the key and one that is not.

    Of items in an order and of pairs, which are all of the key, each two are exchanged.
    """
    match question:
        case ChoiceQuestion(options=options) | MultiQuestion(options=options):
            texts = [option.text for option in options]
            for one, other in combinations(range(len(options)), 2):
                if options[one].correct is not options[other].correct:
                    yield _exchanged(question, "options", "text", one, other, texts)
        case OrderQuestion(items=items):
            texts = [item.text for item in items]
            for one, other in combinations(range(len(items)), 2):
                yield _exchanged(question, "items", "text", one, other, texts)
        case MatchQuestion(pairs=pairs):
            texts = [pair.right for pair in pairs]
            for one, other in combinations(range(len(pairs)), 2):
                yield _exchanged(question, "pairs", "right", one, other, texts)


def with_key_moved(question: Question) -> Iterator[Mutant]:
    """Yield the question with something else for its key, in each way there is."""
    match question:
        case ShortQuestion(answer=answer) | OutputQuestion(answer=answer) if answer is not None:
            for mistake in (text for each in question.mistakes for text in each.answers):
                only = {"accept": (mistake,), "pattern": None, "typos": 0, "refuse": ()}
                yield _changed(
                    question, f"the answer is '{mistake}'", answer=answer.model_copy(update=only)
                )
        case NumberQuestion(answer=answer):
            wrong = answer.value * 3 + Decimal(7)
            yield _changed(
                question, f"the answer is {wrong}", answer=answer.model_copy(update={"value": wrong})
            )
        case OrderQuestion(items=items):
            yield _changed(question, "the first item comes last", items=(*items[1:], items[0]))
        case MatchQuestion(pairs=pairs):
            rights = [pair.right for pair in (*pairs[1:], pairs[0])]
            moved = (pair.model_copy(update={"right": r}) for pair, r in zip(pairs, rights, strict=True))
            yield _changed(question, "each right side is that of another pair", pairs=tuple(moved))
        case MultiQuestion(options=options):
            for each in options:
                turned = _marked(options, {key.id for key in question.keys} ^ {each.id})
                yield _changed(question, f"'{each.id}' is marked otherwise", options=turned)
        case ChoiceQuestion(options=options):
            yield from _with_another_key(question, options)


def with_line_moved(question: Question) -> Iterator[Mutant]:
    """Yield a line question that asks for another line, which its ``fixed`` then takes the place of."""
    if isinstance(question, LineQuestion):
        for number in question.code_lines:
            if number != question.line:
                yield _changed(question, f"the line is {number}", line=number)


def with_code_changed(question: Question) -> Iterator[Mutant]:
    """Yield the question with its shown code changed in one place, small changes that tell most first."""
    if question.code:
        for done, source in mutated_sources(question.code):
            code = question.code.model_copy(update={"source": source})
            yield _changed(question, done, code=code)


def _exchanged(question: Question, field: str, part: str, one: int, other: int, texts: list[str]) -> Mutant:
    places = list(getattr(question, field))
    places[one] = places[one].model_copy(update={part: texts[other]})
    places[other] = places[other].model_copy(update={part: texts[one]})
    done = f"the texts of '{places[one].id}' and '{places[other].id}' are exchanged"
    return _changed(question, done, **{field: tuple(places)})


def _changed(question: Question, done: str, **fields: object) -> Mutant:
    return Mutant(done, question.model_copy(update=fields))


def _with_another_key(question: Question, options: tuple[Option, ...]) -> Iterator[Mutant]:
    for each in options:
        if not each.correct:
            yield _changed(question, f"the key is '{each.id}'", options=_marked(options, {each.id}))


def _marked(options: tuple[Option, ...], correct: set[str]) -> tuple[Option, ...]:
    """Return the options with only those correct whose ids are given."""
    return tuple(option.model_copy(update={"correct": option.id in correct}) for option in options)
