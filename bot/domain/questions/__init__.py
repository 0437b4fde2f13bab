"""Grading, controls and wording of each kind of question, one module a kind.

A new kind is a module here and a line in ``KINDS``, beside its counterpart in ``content.kinds``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.questions.kind import (
    LETTERS,
    Arrange,
    Arranged,
    ChooseFromMenu,
    ChooseOne,
    ChooseSeveral,
    Chosen,
    Control,
    FormControl,
    Grade,
    InvalidResponse,
    Kind,
    Line,
    Offer,
    Pair,
    Paired,
    Response,
    Row,
    Tally,
    Typed,
    TypeText,
    Wording,
    from_json,
    shuffled,
    to_json,
)
from bot.domain.questions.line import LineKind
from bot.domain.questions.match import MatchKind
from bot.domain.questions.multi import MultiKind
from bot.domain.questions.order import OrderKind
from bot.domain.questions.output import OutputKind
from bot.domain.questions.reading import ANSWER, pair_field, place_field, read_form
from bot.domain.questions.single import SingleKind
from bot.domain.questions.truefalse import TrueFalseKind
from bot.domain.questions.typed import TypedKind
from bot.domain.reasons import Ending
from content.model import Question, Status

__all__ = [
    "ANSWER",
    "KINDS",
    "LETTERS",
    "Arrange",
    "Arranged",
    "ChooseFromMenu",
    "ChooseOne",
    "ChooseSeveral",
    "Chosen",
    "Control",
    "FormControl",
    "Grade",
    "InvalidResponse",
    "Kind",
    "Line",
    "Offer",
    "Pair",
    "Paired",
    "Response",
    "Row",
    "Tally",
    "TypeText",
    "Typed",
    "Wording",
    "control",
    "ended",
    "from_json",
    "given",
    "grade",
    "key",
    "pair_field",
    "place_field",
    "read_form",
    "shape",
    "shuffled",
    "tally",
    "to_json",
]

KINDS: Mapping[str, Kind[Any]] = {
    "single": SingleKind(),
    "truefalse": TrueFalseKind(),
    "multi": MultiKind(),
    "output": OutputKind(),
    "short": TypedKind(),
    "number": TypedKind(),
    "order": OrderKind(),
    "match": MatchKind(),
    "line": LineKind(),
}
"""By ``type`` of question."""


def control(question: Question, seed: int) -> Control:
    """Return the control that the question is answered with."""
    return KINDS[question.type].control(question, seed)


def grade(question: Question, response: Response) -> Grade:
    """Grade a response. Raises InvalidResponse for one that the question can't take."""
    return KINDS[question.type].grade(question, response)


def shape(question: Question) -> str:
    """Return what a question offers: its kind, and the ids of its options, items, pairs or lines.

    As long as that stays, whatever could be answered before still can, and nothing else.
    """
    match KINDS[question.type].control(question, 0):
        case ChooseOne(offers) | ChooseFromMenu(_, offers) | ChooseSeveral(offers) | Arrange(offers):
            ids = [offer.id for offer in offers]
        case Pair(lefts, _):  # both sides of a pair have one id
            ids = [offer.id for offer in lefts]
        case TypeText():
            ids = []
    return " ".join((question.type, *sorted(ids)))


def ended(question: Question | None, asked: str) -> Ending | None:
    """Return why a question can't be answered any more as it was asked, when it had the shape ``asked``.

    None where it still can, or nobody knows its shape. ``question`` is None once it left its pack.
    """
    if question is None:
        return Ending.REMOVED
    if question.status is not Status.ACTIVE:
        return Ending.RETIRED
    return Ending.CHANGED if asked and asked != shape(question) else None


def given(question: Question, seed: int, response: Response) -> Wording:
    """Put a response in words. Raises InvalidResponse for one that the question can't take."""
    return KINDS[question.type].given(question, seed, response)


def key(question: Question, seed: int) -> Wording:
    """Put the full answer in words."""
    return KINDS[question.type].key(question, seed)


def tally(question: Question, seed: int, responses: Mapping[Response, int]) -> Tally:
    """Count what was answered, for the reveal."""
    return KINDS[question.type].tally(question, seed, responses)
