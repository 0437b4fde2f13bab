"""The fields that every kind of question has, and those of kinds that offer options."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Protocol

from pydantic import Field, model_validator

from content.parts import (
    Bloom,
    Code,
    ContentModel,
    Count,
    Option,
    Reference,
    Slug,
    Slugs,
    Status,
    Verify,
    prose,
)

if TYPE_CHECKING:
    from content.kinds.matching import Matching
    from content.kinds.typed import Mistake

Path = tuple[str | int, ...]
"""Keys and places that lead to a value in a question of a file."""

Rival = tuple[Path, str, str]
"""A text beside others that it must differ from: its path, its id, and itself."""


class QuestionBase(ContentModel):
    """Base of every kind of question. Each kind adds its ``type`` and what it asks with.

    Only ``id``, ``type``, ``stem``, ``explanation`` and what is asked must be given; the check names
    what members miss of the rest (``content.checks.completeness``).
    A corrected key raises ``rev``: answers are graded again. A change of meaning takes a new id, and the
    new question names the old in ``replaces``.
    ``review_by`` is the day from which the question should be read again, for one that goes out of date.
    ``distinct_from`` has the ids of questions that read alike and were found to ask something else.
    """

    id: Slug
    rev: Count = 1
    status: Status = Status.ACTIVE
    objective: Annotated[str, prose(200, 20)] = ""
    bloom: Bloom = Bloom.UNDERSTAND
    difficulty: Annotated[int, Field(ge=1, le=5)] = 2
    tags: Annotated[tuple[Slug, ...], Field(max_length=20)] = ()
    stem: Annotated[str, prose(300, 15)]
    code: Code | None = None
    hints: Annotated[tuple[Annotated[str, prose(200)], ...], Field(max_length=2)] = ()
    explanation: Annotated[str, prose(700, 40)]
    references: Annotated[tuple[Reference, ...], Field(max_length=4)] = ()
    corrects_article: bool = False
    article_claims: Slugs = ()
    replaces: Slug | None = None
    review_by: dt.date | None = None
    distinct_from: Slugs = ()
    verify: Verify = Verify(kind="doc")

    @property
    def choices(self) -> tuple[Option, ...]:
        """The options to choose from; none for a kind that asks in another way."""
        return ()

    def option(self, option_id: str) -> Option | None:
        """The option with this id, or None when it is not one of this question's."""
        return next((option for option in self.choices if option.id == option_id), None)

    @property
    def matching(self) -> Matching | None:
        """Which typed answers are accepted; None for a question that is not typed."""
        return None

    @property
    def known_mistakes(self) -> tuple[Mistake, ...]:
        """Wrong typed answers that have feedback of their own."""
        return ()

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Yield every text that members read, with its path in the file."""
        yield ("stem",), self.stem
        yield ("explanation",), self.explanation
        for place, hint in enumerate(self.hints):
            yield ("hints", place), hint

    def rivals(self) -> Iterator[tuple[Rival, ...]]:
        """Yield groups of texts that must differ from each other, such as the options."""
        yield from ()

    def check_shape(self) -> None:
        """Check what a kind asks of its parts together. Raises ValueError with a sentence."""

    @model_validator(mode="after")
    def _parts_fit_together(self) -> QuestionBase:
        self.check_shape()
        runs_the_code = self.verify.kind == "run" and self.verify.proof is None
        if runs_the_code and (self.code is None or self.code.language != "python"):
            raise ValueError("a run proof without `proof` needs Python `code`")
        types_the_code = self.verify.kind == "shell" and self.verify.proof is None
        if types_the_code and (self.code is None or self.code.language != "bash"):
            raise ValueError("a shell proof without `proof` needs `code` in bash")
        return self


class ChoiceQuestion(QuestionBase):
    """Base of the kinds with two to five options of which exactly one is correct."""

    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=5)]

    @property
    def choices(self) -> tuple[Option, ...]:
        """The options, in the order of the file."""
        return self.options

    @property
    def key(self) -> Option:
        """The correct option."""
        return next(option for option in self.options if option.correct)

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Yield every text that members read, with its path in the file."""
        yield from super().texts()
        yield from option_texts(self.options)

    def rivals(self) -> Iterator[tuple[Rival, ...]]:
        """Yield the options, which must differ from each other."""
        yield option_rivals(self.options)

    def check_shape(self) -> None:
        """Raise ValueError unless exactly one of options with distinct ids is correct."""
        require_distinct_ids(self.options)
        if sum(option.correct for option in self.options) != 1:
            raise ValueError("exactly one option must be `correct: true`")


class Identified(Protocol):
    """Something with an id."""

    @property
    def id(self) -> str:
        """The permanent id."""


def require_distinct_ids(things: Sequence[Identified], name: str = "options") -> None:
    """Raise ValueError when two things share an id."""
    ids = [thing.id for thing in things]
    if len(set(ids)) != len(ids):
        raise ValueError(f"two {name} share an id")


def require_experiment(verify: Verify) -> None:
    """Raise ValueError when a key that no output can show is to be proven by one."""
    if verify.kind == "sql" or (verify.kind in ("run", "shell") and not verify.proof):
        raise ValueError(
            "this kind of question is proven by `run`, `http`, `server` or `shell` with a `proof`,"
            " or by `doc`"
        )


def option_texts(options: tuple[Option, ...]) -> Iterator[tuple[Path, str]]:
    """Yield the texts and feedback of options, with their paths."""
    for place, option in enumerate(options):
        yield ("options", place, "text"), option.text
        if option.feedback:
            yield ("options", place, "feedback"), option.feedback


def option_rivals(options: tuple[Option, ...]) -> tuple[Rival, ...]:
    """Return the options' texts as rivals."""
    return tuple((("options", place, "text"), each.id, each.text) for place, each in enumerate(options))
