"""A question whose author gave no feedback: the grade says what it can, and nothing is empty."""

import pytest

from bot.domain.questions import Arranged, Chosen, grade
from content.model import parse_question

PLAIN = {
    "id": "plain",
    "stem": "Which of these is it, of the ones below?",
    "explanation": "It is so because the author of the pack has looked it up.",
}


def plain_question(kind, **own):
    return parse_question({**PLAIN, "type": kind, **own})


def options(*right):
    return [
        {"id": name, "text": name.upper(), "correct": name in right} for name in ("one", "two", "three")
    ]


@pytest.mark.parametrize("chosen", ["one", "two"])
def test_a_choice_says_nothing_more(chosen):
    question = plain_question("single", options=options("one"))
    assert grade(question, Chosen((chosen,))).detail == ()


def test_a_choice_of_several_says_what_each_missed_option_is():
    question = plain_question("multi", options=options("one", "two"))
    said = grade(question, Chosen(("one", "three"))).detail
    assert [each.replace("\u2068", "").replace("\u2069", "") for each in said[1:]] == [
        "TWO: This belongs to the answer.",
        "THREE: This doesn't belong to the answer.",
    ]


def test_an_order_says_the_place_of_the_first_item_that_is_elsewhere():
    question = plain_question("order", items=[{"id": c, "text": c.upper()} for c in "abc"])
    said = grade(question, Arranged(("a", "c", "b"))).detail
    assert said[1].replace("\u2068", "").replace("\u2069", "") == "B: This is number 2."
