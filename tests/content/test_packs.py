"""The pack that ships: it loads, and the full check has nothing against it."""

from collections import Counter

import pytest

from bot.domain.questions.matching import judge
from content.checks import check_pack
from content.checks.check import active_questions
from content.loader import load_pack, shipped_packs_folder

FOLDER = shipped_packs_folder() / "backend-python"


KINDS = ("single", "truefalse", "multi", "output", "short", "number", "order", "match", "line")
FEWEST = 4
"""Questions of each kind that the pack has at least."""


@pytest.fixture(scope="module")
def pack():
    return load_pack(FOLDER)


def test_every_kind_of_question_is_asked_several_times(pack):
    asked = Counter(question.type for question in active_questions(pack))
    asked["typed output"] = sum(q.type == "output" and q.answer is not None for q in active_questions(pack))
    assert {kind: asked[kind] for kind in (*KINDS, "typed output") if asked[kind] < FEWEST} == {}


@pytest.fixture(scope="module")
def report(pack):
    return check_pack(pack, FOLDER, judge)


def test_the_full_check_has_no_error(report):
    assert [str(error) for error in report.errors] == []


def test_every_proof_that_ran_notices_exchanged_texts_and_moved_keys(report):
    bound = [outcome for outcome in report.outcomes if outcome.observation and not outcome.bound_to_ids]
    assert report.tested.questions == len(bound)
    assert report.tested.mutants > len(bound)
    assert report.tested.blind == ()
