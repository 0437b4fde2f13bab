"""Markdown helpers of the checks: unwrapping, normalising, finding code."""

import pytest

from content.checks.text import code_lines, normalised, printed, without_code


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("`42`", "42"),
        ("``a `b` c``", "a `b` c"),
        ("```\n1  \n2\n```", "1\n2"),
        ("```text\n1\n```", "1"),
        ("  plain  ", "plain"),
        ("`a` and `b`", "`a` and `b`"),
    ],
)
def test_printed_unwraps_the_one_span_or_block(text, output):
    assert printed(text) == output


@pytest.mark.parametrize(
    ("one", "other"),
    [("A list.", "a  List"), ("`x`, then y", "`x` then: Y"), ("`[1]`", "```\n[1]\n```")],
)
def test_texts_that_read_the_same(one, other):
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(("one", "other"), [("`[1]`", "`(1)`"), ("`True`", "`true`"), ("`1.0`", "`10`")])
def test_code_that_differs_in_case_or_punctuation_differs(one, other):
    assert normalised(one) != normalised(other)


def test_prose_without_its_code():
    assert without_code("a `NOT` b ```\nNOT\n``` c").split() == ["a", "b", "c"]


def test_the_lines_of_fenced_blocks():
    assert code_lines("text\n```python\na\nb\n```\nmore") == ["a", "b"]
