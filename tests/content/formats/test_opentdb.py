"""Answers of the Open Trivia Database in each of its encodings, and files that are no such thing."""

import base64
import html
import json
from urllib.parse import quote

import pytest

from content.formats.base import FILE_BYTES, Aspect, RefusedError
from content.formats.opentdb import OpenTrivia

PLAIN = [
    {
        "type": "multiple",
        "difficulty": "hard",
        "category": "Science: Computers",
        "question": 'What does "<br>" do in HTML & co?',
        "correct_answer": "It's a line break",
        "incorrect_answers": ["Nothing", "A pause", "A brake"],
    },
    {
        "type": "boolean",
        "difficulty": "easy",
        "category": "Science: Computers",
        "question": 'Is "Linux" a kernel?',
        "correct_answer": "True",
        "incorrect_answers": ["False"],
    },
]


def answer(encode):
    def encoded(value):
        return [encode(each) for each in value] if isinstance(value, list) else encode(value)

    results = [{name: encoded(value) for name, value in each.items()} for each in PLAIN]
    return json.dumps({"response_code": 0, "results": results}).encode()


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: html.escape(text).replace("&#x27;", "&#039;"),
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: quote(text, safe=""),
    ],
    ids=["entities", "base64", "url"],
)
def test_an_answer_is_read_whatever_its_encoding(encode):
    single, truth = OpenTrivia().read(answer(encode), "api.json").found
    assert single.stem == 'What does "\\<br>" do in HTML & co?'
    assert [(each.text, each.right) for each in single.choices][:2] == [
        ("It's a line break", True),
        ("Nothing", False),
    ]
    assert (single.topic, single.difficulty) == ("Science: Computers", 4)
    assert (truth.kind, [each.right for each in truth.choices]) == (Aspect.TRUEFALSE, [True, False])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"results": [', "api.json:1: it isn't JSON"),
        (b"[" * 100_000, "api.json:1: it is nested too deep"),
        (b'{"results": ' + b"9" * 100_000 + b"}", "a number without end"),
        (b'{"response_code": 1}', "api.json:1: it has no list of results"),
        (json.dumps([PLAIN[0]] * 2001).encode(), "api.json, question 2001: the file has more than 2,000"),
        (b'"' + b"a" * FILE_BYTES + b'"', "more than 4 MiB"),
    ],
)
def test_what_is_no_answer_is_refused(data, why):
    with pytest.raises(RefusedError, match=why):
        OpenTrivia().read(data, "api.json")


@pytest.mark.parametrize(
    "each", [7, {}, {"type": "multiple"}, {**PLAIN[0], "type": "%%"}, {**PLAIN[0], "question": []}]
)
def test_what_is_no_question_is_told_with_its_number(each):
    [note] = OpenTrivia().read(json.dumps([each]).encode(), "api.json").notes
    assert note.place == "api.json, question 1"
    assert "subscriptable" not in note.message
