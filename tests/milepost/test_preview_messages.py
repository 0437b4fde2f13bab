"""Preview of a question: every message about it, with nothing to press."""

import pytest

from bot.chat import Actions, Text
from content.errors import Problem
from milepost.preview_messages import MOST, problems_message, question_messages
from tests.support.kinds import KINDS, question_of
from tests.support.questions import shipped_library


def words(messages):
    return "\n".join(b.markdown for each in messages for b in each.blocks if isinstance(b, Text))


@pytest.fixture
def pack():
    return shipped_library().pack("backend-python")


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_of_feedback_every_hint_and_the_why_are_there(pack, kind):
    question = question_of(kind)
    messages = question_messages(pack, question)
    said = words(messages)
    for path, text in question.texts():
        assert text in said or text.rstrip() in said, path
    assert not [block for each in messages for block in each.blocks if isinstance(block, Actions)]


def test_an_answer_without_feedback_says_nothing(pack):
    options = [{"id": each, "text": each, "correct": each != "c"} for each in "abc"]
    question = question_of("multi", options=options)
    assert "- ✗ c: *nothing*" in words(question_messages(pack, question))


def test_only_the_first_problems_are_shown(pack):
    problems = [Problem("a.yaml", number, "is wrong") for number in range(1, 30)]
    message = problems_message(pack, problems)
    assert message.summary.startswith("29 problems in ")
    assert words([message]).count("is wrong") == MOST
