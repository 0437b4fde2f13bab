"""The key is not what the options have most in common."""

import pytest

from content.checks.convergence import chance_of_cue, cue_score, parts_of_options
from content.kinds import parse_question
from tests.content.checks.test_figures import fill
from tests.content.conftest import a_question


def asking(*texts, key=0):
    question = a_question("q")
    question["options"] = [
        {"id": f"o{number}", "text": text, "correct": number == key, "feedback": f"It is {number}."}
        for number, text in enumerate(texts)
    ]
    return parse_question(question)


@pytest.mark.parametrize(
    ("texts", "chance"),
    [
        (("`200 str 900`", "`200 int 900`", "`200 str 5`", "`400 str 900`"), 1),
        (("200, and stored", "200, and dropped", "400, and stored", "400, and dropped"), 0.25),
        (("`1`\n\n```\na\n```", "x y", "x z", "w y"), 0),
        (("`a x`", "`a y`", "`a z`", "`b y`"), 0),
        (("`a x`", "`a y`", "`a z`", "`b x`"), 1),
    ],
    ids=["each differs in one part", "two by two", "nothing to compare", "another one", "one of two"],
)
def test_the_chance_of_the_cue(texts, chance):
    question = asking(*texts)
    assert (chance_of_cue(question) if parts_of_options(question) else 0) == chance


@pytest.mark.parametrize(
    ("texts", "parts"),
    [
        (("`a b`", "`a c`"), []),
        (("one", "two", "three"), []),
        (("`a b`", "`a c`", "`a`"), []),
        (("a b c d e f g", "a b c d e f h", "a b c d e g h"), []),
        (("`(1, 2)`", "`(1, 3)`", "`(2, 3)`"), [("1", "2"), ("1", "3"), ("2", "3")]),
        (
            ("It fails, the table stays", "It works, the table stays", "It fails, the table goes"),
            [
                ("it fails", "the table stays"),
                ("it works", "the table stays"),
                ("it fails", "the table goes"),
            ],
        ),
        (("```\nx\ny z\n```", "```\nx\ny\n```", "```\nw\ny\n```"), [("x", "y z"), ("x", "y"), ("w", "y")]),
    ],
    ids=["all share the same", "one part", "other counts", "too many", "words", "clauses", "lines"],
)
def test_options_are_taken_apart(texts, parts):
    assert parts_of_options(asking(*texts)) == parts


def test_nothing_to_compare_scores_nothing():
    assert cue_score([]) == 0


CUE, OTHER = ("`1 2`", "`1 3`", "`4 2`", "`5 6`"), ("`5 6`", "`1 2`", "`1 3`", "`4 2`")


def of_cue(number_of_them):
    """A change by which the cue answers so many of the questions, and no others."""

    def change(question, number):
        texts = CUE if number < number_of_them else OTHER
        key_first = sorted(question["options"], key=lambda option: not option["correct"])
        for option, text in zip(key_first, texts, strict=True):
            option["text"] = text

    return change


def told(tiny):
    return [f"{each.severity}: {each.message}" for each in tiny.check().findings if each.check == "bias"]


def test_a_cue_that_answers_too_many_is_an_error_and_they_are_named(tiny):
    fill(tiny, of_cue(8))
    named = [
        f"warning: q-{number}: the key shares most parts with the other options" for number in range(8)
    ]
    error = "error: 'what the options have most in common' is the key in 40% of 20 questions"
    assert sorted(told(tiny)) == sorted([error, *named])


def test_a_cue_that_answers_few_is_left_alone(tiny):
    fill(tiny, of_cue(7))
    assert told(tiny) == []


def test_where_there_are_few_questions_each_is_named(tiny):
    fill(tiny, of_cue(1), count=19)
    assert told(tiny) == ["warning: q-0: the key shares most parts with the other options"]
