"""The interface of a kind of question: responses, grades, controls and wording.

Controls and wording are neutral: ``bot.views.questions`` turns them into buttons, menus, forms and texts.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Generic, TypeVar

from bot.domain.questions.match_reason import MatchReason
from bot.toolkit.text import isolated
from content.kinds.base import Identified, QuestionBase
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


LETTERS = "ABCDEFGH"
"""Names of options, in the order in which they are shown."""


T = TypeVar("T", bound=Identified)
Q_contra = TypeVar("Q_contra", bound=QuestionBase, contravariant=True)


@dataclass(frozen=True, slots=True)
class Line:
    """A name such as a letter, and Markdown; ``as_is`` marks text to show as it is, without any format."""

    name: str
    text: str
    as_is: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """A response or a key in words, under a title such as ``You chose``."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Offer(Line):
    """A line to choose, put in order or pair: its name in this post, its Markdown, and its permanent id."""

    id: str = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class ChooseOne:
    """One press answers: a button for each offer."""

    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class ChooseFromMenu:
    """One choice answers, in a menu in the message; the offers are to be seen in the code above it."""

    placeholder: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class ChooseSeveral:
    """All that apply are ticked in a form."""

    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class TypeText:
    """An answer is typed in a form, ``long`` for one of several lines."""

    label: str
    placeholder: str = ""
    long: bool = False
    max_length: int = 300


@dataclass(frozen=True, slots=True)
class Arrange:
    """The offers are put in order in a form, a menu for each place but the last, which is what is left."""

    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Each left offer gets a right one in a form, a menu for each."""

    lefts: tuple[Offer, ...]
    rights: tuple[Offer, ...]


FormControl = ChooseSeveral | TypeText | Arrange | Pair
Control = ChooseOne | ChooseFromMenu | FormControl


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of a response: a score from 0 to 1, and Markdown paragraphs for the one who gave it.

    Only what has the full score is correct.
    """

    score: float
    detail: tuple[str, ...] = ()

    @property
    def correct(self) -> bool:
        """Tell if the response has the full score."""
        return self.score >= 1


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the reveal, how many responses have it, and whether it belongs to the key."""

    line: Line
    votes: int
    is_key: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """The reveal of a closed question.

    ``right`` counts responses with the full score; ``stale`` those that a later version of the question no
    longer takes, which are in no row.
    """

    rows: tuple[Row, ...]
    right: int
    stale: int = 0


class Kind(ABC, Generic[Q_contra]):
    """A kind of question. ``seed`` is that of the post: it fixes the order in which things are shown."""

    @abstractmethod
    def control(self, question: Q_contra, seed: int) -> Control:
        """Return the control that the question is answered with."""

    @abstractmethod
    def grade(self, question: Q_contra, response: Response) -> Grade:
        """Grade a response. Raises InvalidResponse for one that is none to this question."""

    @abstractmethod
    def given(self, question: Q_contra, seed: int, response: Response) -> Wording:
        """Put a response in words. Raises InvalidResponse for one that is none to this question."""

    @abstractmethod
    def key(self, question: Q_contra, seed: int) -> Wording:
        """Put the full answer in words."""

    @abstractmethod
    def tally(self, question: Q_contra, seed: int, responses: Mapping[Response, int]) -> Tally:
        """Count what was answered; without responses, the rows only say what belongs to the key."""


def shuffled(items: Iterable[T], question_id: str, seed: int) -> tuple[T, ...]:
    """The items in the order of this seed.

    Sorted by a hash, not by ``random``: the order of an old post must never change.
    """
    listed = tuple(items)
    return tuple(
        [listed[place] for place in _order(tuple([item.id for item in listed]), question_id, seed)]
    )


@lru_cache(maxsize=4096)
def _order(ids: tuple[str, ...], question_id: str, seed: int) -> tuple[int, ...]:
    """Return the places of the ids in the order of this seed: a post is drawn and answered many times."""
    digests = [sha256(f"{seed}:{question_id}:{each}".encode()).digest() for each in ids]
    return tuple(sorted(range(len(ids)), key=digests.__getitem__))


def unlike(shown: tuple[T, ...], right: tuple[T, ...]) -> tuple[T, ...]:
    """The items as they are shown, turned around where that would be the right order."""
    return shown[::-1] if shown == right else shown


def said_of(text: str, feedback: str) -> str:
    """Feedback with what it is about in front, for a response of several parts.

    >>> said_of("The view.", "It comes last.")
    'The view: It comes last.'
    """
    return f"{text}\n\n{feedback}" if "\n" in text else f"{isolated(text.rstrip('.'))}: {feedback}"


def code_span(source: str) -> str:
    """One line of code as a span of Markdown that may hold backticks."""
    longest = max(map(len, re.findall("`+", source)), default=0)
    fence, pad = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{pad}{source.strip()}{pad}{fence}"
