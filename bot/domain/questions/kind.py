"""The interface of a kind of question, and the values that it describes itself with.

Controls and wording are neutral: ``bot.views.questions`` turns them into buttons, menus, forms and texts.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bot.domain.questions.response import Response
from content.kinds.base import QuestionBase

LETTERS = "ABCDEFGH"
"""Names of options, in the order in which they are shown."""


class Identified(Protocol):
    """Something with an id, such as an option."""

    @property
    def id(self) -> str:
        """The permanent id."""


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
class Offer:
    """Something to choose, put in order or pair: its id, its name in this post, and its Markdown."""

    id: str
    name: str
    text: str

    @property
    def line(self) -> Line:
        """The offer in words."""
        return Line(self.name, self.text)


@dataclass(frozen=True, slots=True)
class ChooseOne:
    """One press answers: a button for each offer."""

    offers: tuple[Offer, ...]


Control = ChooseOne


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
    def check(self, question: Q_contra, response: Response) -> None:
        """Raise InvalidResponse for a response that is none to this question."""

    @abstractmethod
    def grade(self, question: Q_contra, response: Response) -> Grade:
        """Grade a response that was checked."""

    @abstractmethod
    def given(self, question: Q_contra, seed: int, response: Response) -> Wording:
        """Put a response that was checked in words."""

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
    return tuple(sorted(items, key=lambda item: _hash(f"{seed}:{question_id}:{item.id}")))


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
