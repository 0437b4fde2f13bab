"""Counts of what the questions of a pack are and show."""

import pytest

from content.checks.check import active_questions
from content.checks.composition import composition, is_constructed
from tests.content.conftest import a_question
from tests.support.kinds import KINDS, question_of


def made(tiny):
    pack = tiny.load()
    return composition(pack, active_questions(pack))


def test_kinds_levels_and_topics_are_counted(tiny):
    tiny.question.update(bloom="analyse", difficulty=4)
    tiny.strings[0]["status"] = "retired"
    found = made(tiny)
    assert found["kinds"] == {"output": 5}
    assert found["per_topic"] == {"ints": 3, "strings": 2}
    assert found["fewest_per_topic"] == 2
    levels = found["levels"]["basics"]
    assert {name: number for name, number in levels["bloom"].items() if number} == {
        "apply": 4,
        "analyse": 1,
    }
    assert levels["difficulty"] == {"1": 4, "2": 0, "3": 0, "4": 1, "5": 0}
    assert found["shares"] == {"constructed": 0, "multi": 0, "code": 1, "above understand": 1}


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("log", "tracebacks and logs"),
        ("traceback", "tracebacks and logs"),
        ("http", "raw HTTP"),
        ("dockerfile", "configurations"),
        ("diff", "faulty lines and diffs"),
    ],
)
def test_what_is_shown_is_counted(tiny, language, shown):
    before = made(tiny)["shows"]
    tiny.question["verify"] = {"kind": "doc"}
    tiny.question["code"]["language"] = language
    assert made(tiny)["shows"] == before | {shown: 1}


@pytest.mark.parametrize(("sharing", "cases"), [(2, 0), (3, 1), (4, 1)])
def test_three_questions_make_a_case(tiny, sharing, cases):
    for question in (*tiny.ints, *tiny.strings)[:sharing]:
        question["tags"] = ["case-shop", "other"]
    assert made(tiny)["cases"] == cases


def test_bias_is_a_share_of_the_questions_with_options(tiny):
    bias = made(tiny)["bias"]
    assert bias["key at a"] == 1
    assert bias["key at b"] == bias["key is longest"] == bias["asks NOT"] == bias["convergence"] == 0


def test_a_claim_that_nothing_puts_right_is_named(tiny):
    claim = {"id": "small", "topics": ["ints"], "says": "It is small.", "terms": ["small"]}
    tiny.files["article.yaml"] = {"source": "An article", "claims": [claim]}
    assert made(tiny)["claims_uncorrected"] == ["small"]


@pytest.mark.parametrize("kind", [*KINDS])
def test_an_answer_that_is_made_is_constructed(kind):
    assert is_constructed(question_of(kind)) is (kind not in ("multi", "line"))


def test_a_pack_without_questions_in_use_has_no_shares(tiny):
    for question in (*tiny.ints, *tiny.strings):
        question["status"] = "draft"
    found = made(tiny)
    assert found["kinds"] == {}
    assert set(found["shares"].values()) == {0}
    assert a_question("x")["id"] not in found["per_topic"]
