"""An entry added to a file: all else stays as it is, and what can't be added to is left alone."""

import datetime as dt

import pytest
import yaml

from content.checks.yaml_source import SourceError
from content.writing.adding import CannotAddError, with_entry

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
    added = with_entry(TEXT, ("questions",), {"id": "three", "as_of": dt.date(2026, 1, 2)}, FILE)
    assert added == TEXT + "\n  - id: three\n    as_of: 2026-01-02\n"


def test_the_margin_of_the_list_is_kept():
    assert with_entry("a:\n- x: 1", ("a",), {"x": 2}, FILE) == "a:\n- x: 1\n\n- x: 2\n"


def test_lines_end_as_they_do_in_the_file():
    added = with_entry("a:\r\n  - x: 1\r\n", ("a",), {"x": 2}, FILE)
    assert added == "a:\r\n  - x: 1\r\n\r\n  - x: 2\r\n"


def test_a_list_inside_the_last_entry_of_another():
    text = "steps:\n  - id: a\n    topics:\n      - id: b\n"
    added = with_entry(text, ("steps", -1, "topics"), {"id": "c"}, "roadmap.yaml")
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
    added = with_entry(TEXT, ("questions",), {"id": "three", "stem": text}, FILE)
    assert yaml.safe_load(added)["questions"][2]["stem"] == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1, 2]\n", "has no list under 'a'"),
        ("b: 1\n", "has no list under 'a'"),
        ("a: {b: 1}\n", "has no list under 'a'"),
        ("a:\n  - x: 1\nb: 2\n", "not YAML"),
        ("a:\n  - x: 1\nb:\n  - y: 2\n", "isn't the last thing"),
    ],
)
def test_a_list_that_does_not_end_the_file_is_left_alone(text, said):
    with pytest.raises((CannotAddError, SourceError), match=said):
        with_entry(text, ("a",), {"x": 2}, FILE)
