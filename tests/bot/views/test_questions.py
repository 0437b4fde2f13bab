"""Sums and words of the reveal: no words of a member's own, and every answer counted."""

import pytest

from bot.chat import Button
from bot.domain.questions import Arranged, Chosen, Paired, Typed, grade, key, tally
from bot.toolkit.text import isolated
from bot.views.questions import ShownQuestion, reveal_message
from tests.support.helpers import quiz_of
from tests.support.kinds import KINDS, library_asking, question_of
from tests.support.people import words, world_at

INSULT = "Ben is an idiot, @everyone https://evil.example"
NEXT = Button("Next", "mp1|quiz.topic|")


def revealed(question, responses):
    return words(
        reveal_message(ShownQuestion(question, "Topic", 1, "quiz.answer", 1), "Question", responses, NEXT)
    )


@pytest.mark.parametrize("text", [INSULT, "Ben", "+49 170 1234567", "my password is hunter2", "עידן טיפש"])
def test_what_members_typed_is_never_shown_to_others_even_if_many_agree(text):
    question = question_of("short")
    counted = tally(question, 1, {Typed(text): 9, Typed("FROZEN."): 2, Typed("frozen"): 1})
    assert [(row.line.text, row.votes) for row in counted.rows] == [
        ("mutable", 0),
        ("frozen", 3),
        ("*Other answers*", 9),
    ]
    assert text not in revealed(question, {Typed(text): 9})


def test_a_wrong_answer_that_only_one_gave_is_not_shown_to_others():
    counted = tally(question_of("short"), 1, {Typed("frozen"): 1, Typed("solid"): 2, Typed("mutable"): 1})
    assert [row.line.text for row in counted.rows] == ["mutable", "*Other answers*"]
    assert [row.votes for row in counted.rows] == [1, 3]


def test_wrong_numbers_are_counted_by_their_value_and_shown_in_one_spelling():
    spelt = ("43", "about 43.0 ms", "4.3e1", "٤٣")
    counted = tally(question_of("number"), 1, {Typed(text): 1 for text in spelt})
    assert [(row.line.text, row.votes) for row in counted.rows] == [("42 ms", 0), ("43 ms", 4)]


def test_wrong_outputs_are_shown_in_a_block_as_the_question_foresees_them():
    counted = tally(question_of("output"), 1, {Typed("ab "): 2, Typed("```x"): 2})
    assert [row.line.text for row in counted.rows][1:] == ["```text\nab\n```", "*Other answers*"]


OLD = [Chosen(("gone",)), Typed("1"), Arranged(("gone",)), Paired((("gone", "gone"),))]


@pytest.mark.parametrize("kind", KINDS)
def test_answers_that_no_longer_fit_the_question_are_counted_and_never_shown(kind):
    question = question_of(kind)
    responses = dict.fromkeys(OLD, 2)
    counted = tally(question, 1, responses)
    readable = kind in ("short", "number", "output")
    assert counted.stale == (6 if readable else 8)
    assert counted.right == 0
    assert "gone" not in revealed(question, responses)


@pytest.mark.parametrize("kind", ["short", "number", "output", "line"])
def test_the_shares_of_one_answer_each_add_up(kind):
    question = question_of(kind)
    given = {
        "short": ("mutable", "frozen", "x", "y"),
        "number": ("42", "41", "40", "-0"),
        "output": ("a\nb", "ab", "b", "c"),
    }
    shape = (lambda n: Chosen((n,))) if kind == "line" else Typed
    responses = {shape(text): n for n, text in enumerate(given.get(kind, "134"), 1)}
    counted = tally(question, 1, responses)
    assert sum(row.votes for row in counted.rows) + counted.stale == sum(responses.values())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.asyncio
async def test_the_result_of_the_only_one_who_answered_is_not_told(tmp_path, kind):
    async with world_at(tmp_path, library=library_asking(question_of(kind))) as world:
        await world.founds()
        await world.slots_pass(days=1)
        first, ana = quiz_of(world), world.person("Ana")
        if kind == "line":
            await ana.chooses("Line 4:")
        else:
            await ana.presses("Answer", on=first)
            assert ana.form is not None
            choices = [field.options for field in ana.form.fields]
            values = [options[n].value if options else "41" for n, options in enumerate(choices)]
            await ana.sends(**{f.name: v for f, v in zip(ana.form.fields, values, strict=True)})
        assert ana.sees("point"), ana.shown()
        await world.slots_pass(days=3)
        shown = words(world.room.find(first.ref).message)
        assert "1 answer, and its result stays private" in shown
        assert not any(sign in shown for sign in ("%", "█", "░"))


def test_a_long_answer_is_shown_whole():
    long = "a backend keeps its secrets in the environment and not in the repository"
    question = question_of("short", answer={"accept": [long]})
    assert key(question, 1).lines[0].text == long


def test_a_value_is_shown_in_digits_however_the_file_writes_it():
    question = question_of("number", answer={"value": "1e3"})
    assert key(question, 1).lines[0].text == "1000"


@pytest.mark.parametrize(
    ("kind", "response", "said"),
    [
        (
            "order",
            Arranged(tuple("abcfde")),
            ["3 of 6 are in their right place.", "Step d: d has its place."],
        ),
        ("order", Arranged(tuple("acdefb")), ["1 of 6 is in its right place.", "Step b: b has its place."]),
        (
            "match",
            Paired((("p1", "p1"), ("p2", "p3"), ("p3", "p4"), ("p4", "p5"), ("p5", "p2"))),
            ["1 of 5 pairs belongs together.", "`2`: 2 is 200.", "`3`: 3 is 300."],
        ),
        ("multi", Chosen.of(["one"]), ["Three: A word on Three."]),
    ],
)
def test_feedback_on_a_part_says_which_part_it_is_about(kind, response, said):
    detail = grade(question_of(kind), response).detail
    assert [each for each in said if each not in detail] == []


def test_the_lines_of_code_are_numbered_where_one_is_chosen():
    shown = revealed(question_of("line"), {})
    assert "1  def half(n):\n2\n3      part = n / 2\n4      return part" in shown
    assert "1  print" not in revealed(question_of("output"), {})


def test_what_is_written_from_the_right_moves_nothing_in_its_line():
    one, other = "\u05d0\u05d1", "\u05d2\u05d3"
    pairs = [
        {"id": f"p{n}", "left": one + str(n), "right": other + str(n), "feedback": "."} for n in range(3)
    ]
    question = question_of("match", pairs=pairs)
    assert key(question, 1).lines[0].text == f"{isolated(one + '0')} → {isolated(other + '0')}"
    assert isolated(one) == f"\u2068{one}\u2069"
    wrong = grade(question, Paired((("p0", "p1"), ("p1", "p0"), ("p2", "p2"))))
    assert wrong.detail[1] == f"{isolated(one + '0')}: ."
