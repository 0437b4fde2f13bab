"""Responses to questions as they are stored: equal ones as equal text, and nothing else is read."""

import pytest

from bot.domain.questions import Arranged, Chosen, Paired, Typed, from_json, to_json


@pytest.mark.parametrize(
    ("response", "text"),
    [
        (Chosen.of(["b", "a", "b"]), '["a","b"]'),
        (Typed("200 OK"), '"200 OK"'),
        (Typed('"\0\ud800 é'), '"\\"\\u0000\\ud800 \\u00e9"'),
        (Arranged(("b", "a")), '{"order":["b","a"]}'),
        (Paired((("a", "x"), ("b", "y"))), '{"pairs":[["a","x"],["b","y"]]}'),
    ],
)
def test_a_response_is_read_as_it_was_written(response, text):
    assert to_json(response) == text
    assert from_json(text) == response


@pytest.mark.parametrize(
    "text",
    ["", "null", "7", "{}", "[1]", '[["a"]]', '{"order":"a"}', '{"order":[1]}', '{"pairs":[["a"]]}'],
)
def test_anything_else_is_no_response(text):
    with pytest.raises(ValueError):
        from_json(text)
