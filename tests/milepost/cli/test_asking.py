"""Answers at a terminal: checked at once, asked for again, or broken off."""

import pytest

from tests.support.authoring import STEM, WHY, asked, questions


def test_what_is_typed_is_checked_at_once_and_asked_for_again(typed, started, tmp_path):
    lines = [
        "",
        "Half?",
        STEM,
        "1/3",
        "You halved",
        "1/3",
        "",
        "",
        "short",
        WHY,
        "",
        "",
        "9",
        "2",
        "",
        "high",
        "",
        "Bad Id",
        "",
        "",
    ]
    ran = typed("question", "fractions", lines=lines)
    assert ran.code == 0, ran.err
    assert "This has 5 characters and needs at least 15." in ran.err
    assert "That is a right answer already." in ran.err
    assert "Type a number from 1 to 5." in ran.err
    assert "Choose one of remember, understand, apply, analyse, evaluate." in ran.err
    assert "Use small letters and digits, joined by single hyphens." in ran.err
    assert [each["stem"] for each in questions(tmp_path)] == [STEM]


@pytest.mark.parametrize("end", [KeyboardInterrupt, None])
def test_breaking_off_writes_nothing(typed, started, tmp_path, end):
    ran = typed("question", "fractions", lines=["1", STEM, "1/3"], end=end)
    assert ran.code == 2
    assert "Stopped. Nothing was written." in ran.err
    assert not (tmp_path / "fractions/questions").exists()


def test_without_a_terminal_what_is_missing_is_named(milepost, started):
    assert (
        "--stem is needed where nobody can be asked."
        in milepost("content", "new", "question", "fractions").err
    )


def test_characters_that_the_terminal_garbled_are_refused(milepost, started):
    ran = asked(milepost, stem="Which of these is \udce9?")
    assert "can't be read. Set it to UTF-8" in ran.err
