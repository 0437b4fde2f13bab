"""Regrading as a pure function: nobody loses, and nothing is counted twice."""

import datetime as dt
import itertools

import pytest

from bot.domain.questions import Arranged, Chosen, Paired, Typed
from bot.domain.regrading import Correction, GradedAnswer, corrected, gain, key_digest, regrade
from bot.domain.scoring import points_of_answer
from tests.support.kinds import KINDS, question_of

NOW = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
SCORES = (0.0, 0.25, 0.5, 0.75, 1.0)


def given(response, *scores, post=1):
    return GradedAnswer(1, 1, 1, post, "pack", "topic", response, NOW, scores or (0.0,))


@pytest.mark.parametrize("scores", list(itertools.product(SCORES, repeat=3)))
def test_the_gains_of_any_row_of_keys_add_up_to_the_best_score(scores):
    """The slow way: the points of the best score, less those of the first."""
    points, right, best = 0, 0, scores[0]
    for score in scores[1:]:
        more, now_correct = gain(best, score, in_post=True)
        assert more >= 0
        points, right, best = points + more, right + now_correct, max(best, score)
    assert points == points_of_answer(max(scores)) - points_of_answer(scores[0])
    assert right == (max(scores) == 1) - (scores[0] == 1)


def test_practice_gains_no_points():
    assert gain(0.0, 1.0, in_post=False) == (0, True)


def test_an_answer_is_graded_again_where_its_score_differs_from_the_last_one():
    question = question_of("multi")
    both = Chosen.of(["one", "three"])
    assert regrade(question, given(both, 1.0), NOW) is None
    assert regrade(question, given(both, 0.5, 1.0), NOW) is None
    found = regrade(question, given(both, 0.5), NOW)
    assert (found.number, found.score, found.points_gained, found.now_correct) == (1, 1, 1, True)
    lost = regrade(question, given(Chosen.of(["two"]), 0.0, 1.0), NOW)
    assert (lost.number, lost.score, lost.points_gained, lost.now_correct) == (2, 0, 0, False)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "response",
    [Chosen.of(["gone"]), Chosen(()), Typed(""), Arranged(("gone",)), Paired((("a", "b"),))],
)
def test_a_response_that_a_question_no_longer_takes_keeps_its_score(kind, response):
    assert regrade(question_of(kind), given(response, 0.25), NOW) is None


def test_sums_count_answers():
    question = question_of("multi")
    done = [
        regrade(question, given(Chosen.of(ids), *scores), NOW)
        for ids, scores in ((["one", "three"], (0.0,)), (["one"], (0.0,)), (["two"], (1.0,)))
    ]
    assert corrected(done) == Correction(gained=2, right=1)


def test_the_digest_follows_what_is_graded_and_no_other_words():
    question = question_of("short")
    told = question.model_copy(update={"explanation": "Something else.", "rev": 5, "stem": "Asked anew?"})
    accepts = question.answer.model_copy(update={"accept": ("mutable", "changeable")})
    assert key_digest(told) == key_digest(question)
    assert key_digest(question.model_copy(update={"answer": accepts})) != key_digest(question)


def test_each_kind_has_a_digest_of_its_own():
    assert len({key_digest(question_of(kind)) for kind in KINDS}) == len(KINDS)
