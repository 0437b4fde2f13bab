"""Hints that say the answer, and stems that name a version."""

from types import SimpleNamespace

import pytest

from content.checks.giveaways import check_giveaways
from tests.support.kinds import question_of

PLACES = SimpleNamespace(of_question=lambda *_: ("questions/ints.yaml", 1))


def told(tiny, check="bias"):
    return [each.message for each in tiny.check().findings if each.check == check]


@pytest.mark.parametrize(
    ("hint", "found"),
    [
        ("It prints a figure with two digits.", []),
        ("Add 40 and 2: what is 42 in words?", []),
        ("Is it four hundred?", ["the hint contains the answer '`four hundred`'"]),
        ("Four-hundred, of course.", ["the hint contains the answer '`four hundred`'"]),
        ("Not four hundred but three hundred?", []),
        ("Forty four hundreds?", []),
    ],
)
def test_a_hint_narrows_the_choice_and_does_not_make_it(tiny, hint, found):
    tiny.question["verify"] = {"kind": "doc"}
    tiny.question["options"][0]["text"] = "`four hundred`"
    tiny.question["options"][1]["text"] = "`three hundred`"
    tiny.question["hints"][1] = hint
    assert told(tiny) == found


@pytest.mark.parametrize(
    ("stem", "tags", "warned"),
    [
        ("What does this print in CPython 3.11 on a server?", [], True),
        ("What does this print in Python 3 on a server?", [], True),
        ("What does this print in Python 3.14 on a server?", ["version"], False),
        ("What does this print in Python on a server?", [], False),
    ],
)
def test_a_version_is_named_where_it_matters(tiny, stem, tags, warned):
    tiny.question.update(stem=stem, tags=tags)
    assert bool(told(tiny, "wording")) is warned


@pytest.mark.parametrize(
    ("kind", "hint", "answer"),
    [
        ("multi", "It is one or it is three.", "One"),
        ("multi", "Is it one, two or three?", ""),
        ("number", "Add 2 to it and it is 42.", "42"),
        ("number", "It is less than 42.5, more than 420, or 0.42.", ""),
        ("match", "Did you think of 2 and of status 200?", ""),
        ("line", "Try part = n // 2 and look.", "    part = n // 2"),
        ("line", "Look at what part is.", ""),
        ("order", "Does step c come before step d?", ""),
    ],
)
def test_what_gives_each_kind_away(kind, hint, answer):
    question = question_of(kind, hints=["Read it again.", hint])
    told = [finding.message for finding in check_giveaways(question, PLACES)]
    assert told == ([f"the hint contains the answer '{answer}'"] if answer else [])


def test_a_pair_that_a_hint_puts_together():
    pairs = [
        {"id": name, "left": name, "right": f"{name} is a {what}", "feedback": "So it is."}
        for name, what in (("nginx", "proxy"), ("redis", "store"), ("flask", "framework"))
    ]
    pairs[1]["right"] = "a store"
    hints = ["Which of them proxies?", "Take redis for a store."]
    question = question_of("match", pairs=pairs, hints=hints)
    assert [each.message for each in check_giveaways(question, PLACES)] == [
        "the hint contains the answer 'a store'"
    ]


def test_a_number_that_the_code_shows_may_be_named_in_a_hint():
    code = {"language": "python", "source": "print(42)"}
    assert not [*check_giveaways(question_of("number", code=code, hints=["It is 42.", "Or?"]), PLACES)]
