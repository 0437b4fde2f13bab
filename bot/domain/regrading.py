"""Regrading: what a corrected key makes of answers that were graded by an earlier one.

Nobody loses points that they were told they had earned: of all scores that an answer was given, the best
one counts. Each score is kept, so that a key can be corrected again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from bot.domain.questions import InvalidResponse, Response, grade
from bot.domain.scoring import points_of_answer
from content.kinds.base import QuestionBase
from content.model import Question

_WORDING = set(QuestionBase.model_fields) - {"code"}
"""Fields that grade nothing, whatever the kind. The lines of a code may be what is asked for."""


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """The version of a question by which all of its answers have been graded, at ``recorded_at``."""

    question_id: str
    rev: int
    digest: str
    recorded_at: dt.datetime


@dataclass(frozen=True, slots=True)
class GradedAnswer:
    """A stored answer and its scores: of the key that it was given under first, of later keys after it.

    ``member_id`` is None once the member was forgotten, ``post_id`` for practice.
    """

    id: int
    member_id: int | None
    group_id: int | None
    post_id: int | None
    pack: str
    topic: str
    response: Response
    happened_at: dt.datetime
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Regrade:
    """The outcome of grading an answer again.

    ``score`` is that of the corrected key, be it better or not. ``points_gained`` and ``now_correct`` say
    what the answer has gained by it, never lost. ``number`` counts the regrades of an answer from 1.
    """

    answer_id: int
    number: int
    question_rev: int
    score: float
    points_gained: int
    now_correct: bool
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """Sums over regraded answers: how many have gained points, and how many of these are right now."""

    gained: int
    right: int


def key_digest(question: Question) -> str:
    """Return a text that changes whenever the key does; it may change without it."""
    asked = question.model_dump_json(exclude=_WORDING)
    return sha256(asked.encode()).hexdigest()[:16]


def regrade(question: Question, answer: GradedAnswer, at: dt.datetime) -> Regrade | None:
    """Grade an answer by the question as it is now.

    Returns None where the score is that of the last grading, and for a response that the question no longer
    takes: it keeps its score.
    """
    try:
        score = grade(question, answer.response).score
    except InvalidResponse:
        return None
    if score == answer.scores[-1]:
        return None
    points, now_correct = gain(max(answer.scores), score, in_post=answer.post_id is not None)
    return Regrade(answer.id, len(answer.scores), question.rev, score, points, now_correct, at)


def gain(best: float, score: float, *, in_post: bool) -> tuple[int, bool]:
    """Return the points that a new score adds to the best one of before, and whether it makes it right.

    Practice earns what it earns, right or wrong.
    """
    better = max(best, score)
    points = points_of_answer(better) - points_of_answer(best) if in_post else 0
    return points, best < 1 <= better


def corrected(regrades: Iterable[Regrade]) -> Correction:
    """Return the sums of regrades, one of each answer."""
    listed = list(regrades)
    return Correction(
        sum(each.points_gained > 0 for each in listed), sum(each.now_correct for each in listed)
    )
