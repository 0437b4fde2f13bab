"""An entry added to a file: all else stays as it is, and what can't be added to is left alone."""

import datetime as dt

import pytest
import yaml

from content.checks.yaml_source import VALUES, SourceError
from content.writing.adding import CannotAddError, with_entries

FILE = "questions/ints.yaml"
TEXT = """\
# Written by hand.
topic: ints   # the first
questions:
  - id: one
    stem: "What is it?"    # quoted on purpose

  # A comment between.
  - {id: two, stem: short}
"""


def test_every_line_that_was_there_stays_as_it_was():
    added = with_entries(TEXT, ("questions",), [{"id": "three", "as_of": dt.date(2026, 1, 2)}], FILE)
    assert added == TEXT + "\n  - id: three\n    as_of: 2026-01-02\n"


def test_the_margin_of_the_list_is_kept():
    assert with_entries("a:\n- x: 1", ("a",), [{"x": 2}], FILE) == "a:\n- x: 1\n\n- x: 2\n"


def test_lines_end_as_they_do_in_the_file():
    added = with_entries("a:\r\n  - x: 1\r\n", ("a",), [{"x": 2}], FILE)
    assert added == "a:\r\n  - x: 1\r\n\r\n  - x: 2\r\n"


def test_a_list_inside_the_last_entry_of_another():
    text = "steps:\n  - id: a\n    topics:\n      - id: b\n"
    added = with_entries(text, ("steps", -1, "topics"), [{"id": "c"}], "roadmap.yaml")
    assert yaml.safe_load(added) == {"steps": [{"id": "a", "topics": [{"id": "b"}, {"id": "c"}]}]}


HARD = [
    "# no comment",
    "a: b",
    "- x",
    "'",
    '"',
    "no",
    "1.50",
    "ends with space ",
    "two\nlines\n",
    "é 漢字 👩‍🏫",
    "x " * 90,
]


@pytest.mark.parametrize("text", HARD)
def test_hard_texts_are_read_as_they_were_given(text):
    added = with_entries(TEXT, ("questions",), [{"id": "three", "stem": text}], FILE)
    assert yaml.safe_load(added)["questions"][2]["stem"] == text


def test_several_entries_have_an_empty_line_between_them():
    added = with_entries("a:\n  - x: 1\n", ("a",), [{"x": 2}, {"x": 3}], FILE)
    assert added == "a:\n  - x: 1\n\n  - x: 2\n\n  - x: 3\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "# A list.\na: [1, 2]\n",
            ":2: the list under 'a' is written in brackets. Give each entry lines of",
        ),
        ("a: []\n", ":1: the list under 'a' is written in brackets. Give each entry lines of its own, the"),
        ("b: 1\n", ":1: there is no list under 'a'. Begin one with an entry of its own."),
        ("a: {b: 1}\n", ":1: there is no list under 'a'."),
        (
            "a:\n  - x: 1\nb: 2\n",
            ":1: the list under 'a' isn't the last thing in the file. Move it to the end",
        ),
        ("a:\n  - x: 1\nb:\n  - y: 2\n", ":1: the list under 'a' isn't the last thing in the file."),
        ("a:\n  - x: 1\n...\n", ":1: the list under 'a' isn't the last thing in the file."),
    ],
)
def test_a_list_that_does_not_end_the_file_is_left_alone_and_where_it_is_is_said(text, said):
    with pytest.raises(CannotAddError) as caught:
        with_entries(text, ("a",), [{"x": 2}], FILE)
    assert str(caught.value).startswith(f"{FILE}{said}")


def test_what_would_be_beyond_a_limit_is_said_to_be_so():
    with pytest.raises(SourceError, match="entries of a list"):
        with_entries("a:\n  - 1\n", ("a",), [{"x": number} for number in range(VALUES)], FILE)
