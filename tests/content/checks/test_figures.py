"""Bias in the figures of a whole pack."""

import pytest

from tests.content.conftest import a_question

WORDS = [
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heath",
    "inlet",
    "jetty",
    "knoll",
    "larch",
    "maple",
    "north",
    "orbit",
]


def fill(tiny, change, count=20):
    """``count`` questions without a proof, each of them given to ``change`` with its number."""
    tiny.ints.clear()
    tiny.strings.clear()
    for number in range(count):
        question = a_question(f"q-{number}", number)
        question["stem"] = (
            f"{WORDS[number % 15]} {WORDS[number * 7 % 15]} number {number}: what does it print?"
        )
        question["verify"] = {"kind": "doc"}
        place_key(question, number % 4)
        for option in question["options"]:
            longer = " and more" if option["id"] == "text" else ""
            option["text"] = f"`{option['id']} {number:03}{longer}`"
        change(question, number)
        (tiny.ints if number % 2 else tiny.strings).append(question)


def place_key(question, place):
    options = sorted(question["options"], key=lambda option: not option["correct"])
    options.insert(place, options.pop(0))
    question["options"] = options


def bias(tiny):
    return [finding for finding in tiny.found() if "[bias]" in finding]


def test_a_fair_pack_is_left_alone(tiny):
    fill(tiny, lambda *_: None)
    assert bias(tiny) == []


def test_keys_that_crowd_at_one_place(tiny):
    fill(tiny, lambda question, number: place_key(question, 0 if number < 8 else number % 4))
    assert bias(tiny) == [
        (
            "pack.yaml:1: error [bias]: the key is at a in 55% of the questions with four options. "
            "15 to 35 % at each place is fair."
        )
    ]


def test_no_key_at_a_place(tiny):
    fill(tiny, lambda question, number: place_key(question, number % 3))
    [finding] = bias(tiny)
    assert "the key is at d in 0% of" in finding


def test_a_key_that_is_often_the_longest_option(tiny):
    def lengthen(question, number):
        if number < 7:
            key = next(option for option in question["options"] if option["correct"])
            key["text"] = f"`longer than all of the other ones {number}`"

    fill(tiny, lengthen)
    assert bias(tiny) == [
        (
            "pack.yaml:1: error [bias]: the key is the longest option in 35% of the questions. "
            "Keep it to 30 %: lengthen distractors or cut keys."
        )
    ]


def test_a_key_as_long_as_another_option_is_not_the_longest(tiny):
    def level(question, number):
        for option in question["options"]:
            option["text"] = f"`{option['id']:6} {number:03}`"

    fill(tiny, level)
    assert bias(tiny) == []


def test_many_questions_that_ask_not(tiny):
    def negate(question, number):
        if number == 0:
            question["stem"] = "Which of the following does NOT print?"

    fill(tiny, negate)
    assert bias(tiny) == [
        (
            "pack.yaml:1: error [bias]: 5% of the questions ask for what is NOT so. "
            "Keep it to 3 %: ask for what is so."
        )
    ]


def test_the_not_of_sql_is_no_negative(tiny):
    def about_sql(question, number):
        if number == 0:
            question["stem"] = "Given a column that is NOT NULL and `NOT x`, what is shown?"

    fill(tiny, about_sql)
    assert bias(tiny) == []


def test_true_and_false_have_their_places(tiny):
    def decide(question, _):
        question["type"] = "truefalse"
        question["options"] = [
            {"id": name, "text": name.title(), "correct": name == "false", "feedback": "So it is."}
            for name in ("true", "false")
        ]

    fill(tiny, decide)
    assert bias(tiny) == []


@pytest.mark.parametrize(("count", "judged"), [(19, False), (20, True)])
def test_a_few_questions_have_no_figures(tiny, count, judged):
    fill(tiny, lambda question, _: place_key(question, 0), count)
    assert bool(bias(tiny)) is judged
