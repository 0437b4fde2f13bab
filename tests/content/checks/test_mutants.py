"""Questions with something wrong in them: each kind gets every exchange, every other key, other code."""

import pytest

from content.checks.mutants import with_code_changed, with_key_moved, with_line_moved, with_texts_exchanged
from content.model import parse_question
from tests.content.conftest import a_question
from tests.content.kinds.test_kinds import KINDS


def asked(kind):
    question = a_question("asked")
    if kind != "single":
        del question["options"]
    return parse_question(question | {"type": kind, "stem": "Something is asked."} | KINDS.get(kind, {}))


def keys(question):
    return [option.id for option in question.choices if option.correct]


@pytest.mark.parametrize(
    ("kind", "exchanged", "moved"),
    [
        ("single", 3, 3),
        ("multi", 2, 3),
        ("short", 0, 1),
        ("number", 0, 1),
        ("output", 0, 1),
        ("order", 3, 1),
        ("match", 3, 1),
        ("line", 0, 0),
    ],
)
def test_each_kind_is_made_wrong_in_every_way_there_is(kind, exchanged, moved):
    question = asked(kind)
    mutants = [*with_texts_exchanged(question), *with_key_moved(question)]
    assert len(mutants) == exchanged + moved
    assert all(mutant.question != question for mutant in mutants)
    assert len({mutant.done for mutant in mutants}) == len(mutants)


def test_exchanged_texts_leave_ids_and_marks_where_they_are():
    first, *_ = with_texts_exchanged(asked("single"))
    assert first.done == "the texts of 'sum' and 'low' are exchanged"
    assert keys(first.question) == ["sum"]
    assert [option.text for option in first.question.options] == ["`41`", "`42`", "`52`", "`402`"]


def test_a_moved_key_leaves_the_texts_where_they_are():
    moved = list(with_key_moved(asked("single")))
    assert [keys(each.question) for each in moved] == [["low"], ["high"], ["text"]]
    assert [keys(each.question) for each in with_key_moved(asked("multi"))] == [
        ["three"],
        ["one", "two", "three"],
        ["one"],
    ]


def test_of_a_line_question_each_other_line_is_asked_for():
    assert [each.question.line for each in with_line_moved(asked("line"))] == [1, 3]
    assert list(with_line_moved(asked("single"))) == []


def test_changed_code_is_shown_by_the_question():
    first, *_ = with_code_changed(asked("line"))
    assert first.question.code.source != asked("line").code.source
    assert list(with_code_changed(asked("number").model_copy(update={"code": None}))) == []
