"""The neutral form of a question between a pack and a foreign file, and what a format has to offer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

FILE_BYTES = 4 * 1024 * 1024
"""Bytes of a foreign file, at most, unless its format allows more."""

FOUND = 2000
"""Questions or cards of one file, at most."""

NO_EXPLANATION = "No explanation came with this question. Say here why the answer is right."
"""The explanation of a draft that was imported without one."""


class RefusedError(Exception):
    """Error: a foreign file is not read; the text names the place and says why, in one sentence."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}.")


class Aspect(StrEnum):
    """A kind of question, or a part of one, that a format may carry."""

    SINGLE = "single"
    TRUEFALSE = "truefalse"
    MULTI = "multi"
    SHORT = "short"
    NUMBER = "number"
    ORDER = "order"
    MATCH = "match"
    ID = "id"
    TOPIC = "topic"
    CODE = "code"
    FEEDBACK = "feedback"
    ITEM_FEEDBACK = "feedback on items"
    PAIR_FEEDBACK = "feedback on pairs"
    MISTAKES = "mistakes"
    TOLERANCE = "tolerance"
    HINTS = "hints"
    EXPLANATION = "explanation"
    TAGS = "tags"
    DIFFICULTY = "difficulty"
    OBJECTIVE = "objective"
    BLOOM = "bloom"
    REFERENCES = "references"


KINDS = frozenset(
    {
        Aspect.SINGLE,
        Aspect.TRUEFALSE,
        Aspect.MULTI,
        Aspect.SHORT,
        Aspect.NUMBER,
        Aspect.ORDER,
        Aspect.MATCH,
    }
)


@dataclass(frozen=True)
class Snippet:
    """Code that is shown under a question."""

    language: str
    source: str


@dataclass(frozen=True)
class Choice:
    """An option of a choice, an item of an order, or with ``right`` alone a likely wrong answer."""

    text: str
    right: bool = False
    feedback: str = ""


@dataclass(frozen=True)
class Pair:
    """Two sides that belong together."""

    left: str
    right: str
    feedback: str = ""


@dataclass(frozen=True)
class Source:
    """A page where the answer can be looked up; ``as_of`` is the day it was read."""

    title: str
    url: str
    section: str = ""
    as_of: dt.date | None = None
    review_by: dt.date | None = None


@dataclass(frozen=True)
class Shelf:
    """The place of a question in the pack that it is exported from, and the second of the export.

    ``second`` counts from 1970. Formats that know their notes again need it to tell which one is newer.
    """

    pack: str
    title: str
    topic: str
    second: int


@dataclass(frozen=True)
class Found:
    """A question as a foreign file has it, or is to have it. Texts are our Markdown.

    ``choices`` are the options, or the items in their right order. ``accept`` are the accepted texts,
    ``mistakes`` likely wrong ones with their feedback. ``bloom`` is empty for the level that a question
    has by default. ``lost`` says what the reader had no place for. ``shelf`` is None outside an export.
    """

    place: str
    kind: Aspect
    stem: str
    id: str = ""
    topic: str = ""
    code: Snippet | None = None
    choices: tuple[Choice, ...] = ()
    pairs: tuple[Pair, ...] = ()
    accept: tuple[str, ...] = ()
    value: Decimal | None = None
    tolerance: Decimal | None = None
    mistakes: tuple[Choice, ...] = ()
    hints: tuple[str, ...] = ()
    explanation: str = ""
    tags: tuple[str, ...] = ()
    difficulty: int | None = None
    objective: str = ""
    bloom: str = ""
    references: tuple[Source, ...] = ()
    lost: tuple[str, ...] = ()
    shelf: Shelf | None = None


@dataclass(frozen=True)
class Note:
    """A line of the report: where, which question, and what became of it."""

    place: str
    question: str
    message: str

    def __str__(self) -> str:
        named = f"{self.question}: " if self.question else ""
        return f"{self.place}: {named}{self.message}"


@dataclass(frozen=True)
class Read:
    """Everything that was found in a foreign file, and notes on what was not a question."""

    found: tuple[Found, ...]
    notes: tuple[Note, ...] = ()


class Format(Protocol):
    """A format of another program, one module each."""

    @property
    def name(self) -> str:
        """The name that the command line takes."""

    @property
    def title(self) -> str:
        """The name that people know it by."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Ends of the names of its files; the first is that of an export."""

    @property
    def file_bytes(self) -> int:
        """Bytes of one of its files, at most."""

    @property
    def carries(self) -> frozenset[Aspect]:
        """The kinds and parts of a question that it has a place for."""

    def read(self, data: bytes, file: str) -> Read:
        """Return what a file holds. Raises RefusedError."""

    def write(self, found: Sequence[Found]) -> bytes:
        """Return a file with the questions, which hold nothing that it does not carry."""
