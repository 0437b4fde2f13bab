"""Responses to questions, in four shapes, and the JSON that each is stored as."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.questions.match_reason import MatchReason
from content.kinds.matching import Matching


class InvalidResponse(ValueError):
    """A response that its question can't take; the text is a sentence for the one who sent it.

    ``field`` names the field of a form that is wrong, empty for the form as a whole. ``matching`` and
    ``reason`` say instead of a sentence why a typed answer can't be read.
    """

    def __init__(
        self,
        sentence: str = "",
        field: str = "",
        matching: Matching | None = None,
        reason: MatchReason | None = None,
    ) -> None:
        super().__init__(sentence)
        self.field = field
        self.matching = matching
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Chosen:
    """The ids of chosen options, sorted, each once: ``Chosen.of(["b", "a"])``."""

    ids: tuple[str, ...]

    @classmethod
    def of(cls, ids: Iterable[str]) -> Chosen:
        """The options, in whatever order they were chosen."""
        return cls(tuple(sorted(set(ids))))


@dataclass(frozen=True, slots=True)
class Typed:
    """Text as it was typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Arranged:
    """The ids of items in the order that they were put in."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paired:
    """(left id, right id), sorted by the left one."""

    pairs: tuple[tuple[str, str], ...]


Response = Chosen | Typed | Arranged | Paired


@lru_cache(maxsize=1024)
def to_json(response: Response) -> str:
    """Write a response as JSON, equal responses as equal text: a list, a text, or an object.

    >>> to_json(Chosen.of(["b", "a"]))
    '["a","b"]'
    """
    shape: object
    match response:
        case Chosen(ids):
            shape = ids
        case Typed(text):
            shape = text
        case Arranged(ids):
            shape = {"order": ids}
        case Paired(pairs):
            shape = {"pairs": pairs}
    # ASCII: no character of a typed answer is one that a database refuses, such as NUL or half a letter.
    return json.dumps(shape, separators=(",", ":"))


@lru_cache(maxsize=1024)
def from_json(text: str) -> Response:
    """Read what ``to_json`` wrote. Raises ValueError for anything else."""
    match json.loads(text):
        case [*ids] if _are_texts(ids):
            return Chosen.of(ids)
        case str(typed):
            return Typed(typed)
        case {"order": [*ids]} if _are_texts(ids):
            return Arranged(tuple(ids))
        case {"pairs": [*pairs]} if all(
            isinstance(pair, list) and len(pair) == 2 and _are_texts(pair) for pair in pairs
        ):
            return Paired(tuple((left, right) for left, right in pairs))
    raise ValueError("this is no response")


def _are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)
