"""Questions as a line of JSON: they come back whole, whoever wrote the line, and without what harms."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from content.formats.base import Aspect, Choice, Found, Snippet
from content.formats.carried import LONGEST, as_json, from_json
from tests.content.formats.found import ONE_OF_EACH, any_found
from tests.content.formats.test_flatten import FAST

SHORT = ONE_OF_EACH[Aspect.SHORT]


@given(any_found())
@settings(FAST, max_examples=25)
def test_a_question_comes_back_as_it_was(found):
    line = as_json(found, "digest")
    again, shown = from_json(line, "here")
    assert (replace(again, place=""), again.place, shown) == (found, "here", "digest")


@given(any_found())
@settings(FAST, max_examples=25)
def test_a_line_is_plain_text_for_html_and_for_anki(found):
    line = as_json(found)
    assert line.isascii()
    assert line.isprintable()
    assert not set("<>&") & set(line)
    assert "  " not in line
    assert "[s" not in line
    assert "{{" not in line


def question(**parts):
    return json.dumps({"milepost": 1, "kind": "short", "stem": "Which command lists files?", **parts})


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "isn't JSON"),
        ("[" * 100_000, "isn't JSON"),
        ("[]", "isn't a question"),
        ("9" * 10_000, "isn't JSON"),
        ('"' + "a" * LONGEST + '"', "more than 200,000 characters"),
        ('{"milepost":2}', "another version"),
        ('{"kind":"short"}', "another version"),
        (question(kind="id"), "there is no kind id"),
        (question(kind="poem"), "its kind doesn't fit"),
        (question(stem=7), "its stem doesn't fit"),
        (question(choices=[{}]), "its choices.0.text doesn't fit"),
        (question(choices=[{"text": "a"}] * 121), "more than 120 parts"),
        (question(value="1e999999"), "more than 40 figures"),
        (question(value="nan"), "doesn't fit|more than 40 figures"),
    ],
)
def test_what_is_no_question_is_refused(line, why):
    with pytest.raises(ValueError, match=why):
        from_json(line, "")


def test_what_harms_is_cleaned():
    evil = "a<script>x()</script><img src=x onerror=x()>\u202eb"
    found = Found(
        "",
        Aspect.MULTI,
        evil,
        code=Snippet("brainfuck", "+"),
        choices=(Choice(evil, feedback=evil),),
        mistakes=(Choice("a", feedback=evil),),
        hints=(evil,),
        explanation=evil,
    )
    clean, _ = from_json(as_json(found), "")
    assert clean.stem == clean.explanation == clean.hints[0] == clean.choices[0].feedback == "ab"
    assert clean.mistakes[0].feedback == "ab"
    assert clean.code == Snippet("text", "+")
    assert clean.lost == ("images and media",)


def test_a_line_says_nothing_of_its_place():
    line = as_json(replace(SHORT, place="secret", lost=("secret",)))
    assert "secret" not in line
    found, _ = from_json(question(place="x", lost=["x"], shelf=7, colour="red"), "here")
    assert (found.place, found.lost, found.shelf) == ("here", (), None)
