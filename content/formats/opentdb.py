"""Answers of the Open Trivia Database: JSON, its texts in one of the four encodings that it offers."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from content.formats.base import FILE_BYTES, FOUND, Aspect, Choice, Found, Note, Read, RefusedError
from content.formats.decode import decoded
from content.formats.markdown import from_plain

_LEVELS = {"easy": 2, "medium": 3, "hard": 4}
_KINDS = {"multiple": Aspect.SINGLE, "boolean": Aspect.TRUEFALSE}
_URL = re.compile(r"(?=.*%[0-9A-Fa-f]{2})[A-Za-z0-9_.~%+!'()*-]+")


@dataclass(frozen=True)
class OpenTrivia:
    """The answers of the Open Trivia Database."""

    name: str = "opentdb"
    title: str = "Open Trivia DB"
    suffixes: tuple[str, ...] = (".json",)
    file_bytes: int = FILE_BYTES
    carries: frozenset[Aspect] = frozenset({Aspect.SINGLE, Aspect.TRUEFALSE, Aspect.TOPIC})

    def read(self, data: bytes, file: str) -> Read:
        """Return the questions of an answer. Raises RefusedError."""
        results = _results(decoded(data, file), file)
        found: list[Found] = []
        notes: list[Note] = []
        for number, each in enumerate(results, start=1):
            place = f"{file}, question {number}"
            try:
                found.append(_question(each, place))
            except (KeyError, TypeError, ValueError) as error:
                notes.append(Note(place, "", f"left out, since {_reason(error)}"))
        return Read(tuple(found), tuple(notes))

    def write(self, found: Sequence[Found]) -> bytes:
        """Return the questions as the database answers when no encoding is asked for."""
        document = {"response_code": 0, "results": [_written(each) for each in found]}
        return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _results(text: str, file: str) -> list[Any]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise RefusedError(f"{file}:{error.lineno}", f"it isn't JSON ({error.msg})") from None
    except (RecursionError, ValueError):
        raise RefusedError(f"{file}:1", "it is nested too deep, or has a number without end") from None
    results = document.get("results") if isinstance(document, dict) else document
    if not isinstance(results, list):
        raise RefusedError(f"{file}:1", "it has no list of results")
    if len(results) > FOUND:
        raise RefusedError(f"{file}, question {FOUND + 1}", f"the file has more than {FOUND:,} questions")
    return results


def _question(raw: dict[str, Any], place: str) -> Found:
    """Return one question. Raises KeyError, TypeError and ValueError."""
    if not isinstance(raw, dict):
        raise TypeError("it isn't a question")
    decode = _decoder(raw)

    def read(value: Any) -> str:
        return from_plain(decode(_text(value))).text

    kind = _KINDS[decode(_text(raw["type"]))]
    right, wrong = read(raw["correct_answer"]), [read(each) for each in raw["incorrect_answers"]]
    if kind is Aspect.TRUEFALSE:
        choices = tuple(Choice(each, right=right == each) for each in ("True", "False"))
    else:
        choices = (Choice(right, right=True), *map(Choice, wrong))
    level = decode(_text(raw.get("difficulty", "")))
    category = decode(_text(raw.get("category", "")))
    return Found(
        place=place,
        kind=kind,
        stem=read(raw["question"]),
        topic=category,
        choices=choices,
        difficulty=_LEVELS.get(level),
    )


def _decoder(raw: dict[str, Any]) -> Callable[[str], str]:
    """Return what undoes the encoding of a question, which its type and its text give away."""
    kind, question = _text(raw["type"]), _text(raw["question"])
    if kind not in _KINDS:
        return _from_base64
    if _URL.fullmatch(question):
        return unquote_plus
    return html.unescape


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise ValueError("its encoding isn't one that the database uses") from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("it has something else in the place of a text")
    return value


def _reason(error: Exception) -> str:
    return f"it has no usable {error}" if isinstance(error, KeyError) else str(error)


def _written(found: Found) -> dict[str, Any]:
    escape = html.escape
    return {
        "type": "boolean" if found.kind is Aspect.TRUEFALSE else "multiple",
        "difficulty": "medium",  # programs expect one; ours has five levels, not three
        "category": escape(found.topic),
        "question": escape(found.stem),
        "correct_answer": next(escape(each.text) for each in found.choices if each.right),
        "incorrect_answers": [escape(each.text) for each in found.choices if not each.right],
    }
