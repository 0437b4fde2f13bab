"""Pairs whose author gave no feedback."""

from bot.domain.questions import Paired, grade
from content.model import parse_question


def test_pairs_say_only_how_many_are_right():
    question = parse_question(
        {
            "id": "plain",
            "type": "match",
            "stem": "Which of these belong together?",
            "explanation": "It is so because the author of the pack has looked it up.",
            "pairs": [{"id": each, "left": each, "right": each * 2} for each in "abc"],
        }
    )
    said = grade(question, Paired((("a", "b"), ("b", "a"), ("c", "c")))).detail
    assert said == ("1 of 3 pairs belongs together.",)
