"""Ids made of words: short, readable, free."""

import pytest

from content.writing.names import free, slug


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Which fraction is the same as 1/2?", "fraction-same-1-2"),
        ("Größe & Weiß", "grosse-weiss"),
        ("What is it?", "what-is-it"),
        ("C++ or C", "c-plus-plus-c"),
        ("Что это?", ""),
        ("../../etc/passwd", "etc-passwd"),
        ("x" * 80, "x" * 60),
        ("word " * 30, "-".join(["word"] * 12)),
    ],
)
def test_words_become_an_id(text, name):
    assert slug(text) == name


def test_a_taken_id_gets_a_number_and_stays_short_enough():
    assert free("a", {"a", "a-2"}, "x") == "a-3"
    assert free("", {"x"}, "x") == "x-2"
    assert free("abcdef", {"abcdef"}, "x", 6) == "abcd-2"
