"""The parts that content types are made of: texts with limits, references, options, proofs.

Lengths are counted in characters.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
OptionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=16)]
Script = Annotated[str, StringConstraints(max_length=20_000)]
Phrase = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""Some words of a text, as they stand in the file."""

Word = Annotated[str, StringConstraints(pattern=r"^[^\s>]([^\n>]*[^\s>])?$", max_length=60)]
"""One line that a proof prints for an outcome. A > would be read as the sign between two of them."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


Count = Annotated[int, Field(ge=1, le=10_000)]
"""A number that is counted up by hand."""

Slugs = Annotated[tuple[Slug, ...], Field(max_length=40)]
"""Ids of other things in the pack."""


def prose(maximum: int, minimum: int = 1) -> StringConstraints:
    """The rule for a text of ``minimum`` to ``maximum`` characters of Markdown, outer space cut."""
    return StringConstraints(strip_whitespace=True, min_length=minimum, max_length=maximum)


class ContentModel(BaseModel):
    """Base of every content type: frozen, and strict about keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Status(StrEnum):
    """Where a question, prompt or challenge stands. Only ``active`` ones are served."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class Reference(ContentModel):
    """Where a reader can check the claim; ``as_of`` is the day the author read it.

    ``review_by`` is the day from which the claim should be read again, for one that goes out of date.
    """

    title: Line
    url: HttpUrl
    section: Line | None = None
    as_of: dt.date
    review_by: dt.date | None = None


class Option(ContentModel):
    """One answer to choose. ``feedback`` speaks to the person who chose it; it may be empty."""

    id: OptionId
    text: Annotated[str, prose(200)]
    correct: bool = False
    feedback: Annotated[str, prose(320)] = ""


class Verify(ContentModel):
    """Proof of the key by a machine.

    ``run`` without ``proof``: the question's code runs, and what it prints is the key's text.
    ``shell`` without ``proof``: the same for shell commands, which follow those of ``setup``.
    ``run``, ``http``, ``server`` or ``shell`` with ``proof``: the script runs and prints what it found by
    experiment: texts that learners read, or the words that ``claims`` has for phrases in them.
    ``modelled``: a substitute for the real thing was tried, such as a test client in place of a browser.
    ``sql``: ``setup`` then ``query`` run on SQLite (and PostgreSQL where one is present); the rows,
    columns joined by " | ", are the key's text. ``doc``: a person read the reference; it never counts
    as verified.
    """

    kind: Literal["run", "sql", "http", "server", "shell", "doc"]
    proof: Script | None = None
    claims: Annotated[dict[Phrase, Word], Field(max_length=10)] = {}
    modelled: bool = False
    setup: Script | None = None
    query: Script | None = None
    engines: Annotated[tuple[Literal["sqlite", "postgresql"], ...], Field(min_length=1, max_length=2)] = (
        "sqlite",
    )

    @model_validator(mode="after")
    def _parts_fit_the_kind(self) -> Verify:
        if self.kind == "sql" and not self.query:
            raise ValueError("a sql proof needs `query`")
        if self.kind in ("http", "server") and not self.proof:
            raise ValueError(f"this kind of proof ({self.kind}) needs `proof`")
        if self.kind not in ("sql", "shell") and self.setup:
            raise ValueError("`setup` belongs to a sql or shell proof")
        if self.kind != "sql" and self.query:
            raise ValueError("`query` belongs to a sql proof")
        if self.kind in ("sql", "doc") and self.proof:
            raise ValueError(f"`proof` does not belong to a {self.kind} proof")
        if not self.proof and (self.claims or self.modelled):
            raise ValueError("`claims` and `modelled` belong to a `proof`")
        return self


Language = Literal[
    "python",
    "sql",
    "http",
    "html",
    "javascript",
    "bash",
    "nginx",
    "yaml",
    "toml",
    "log",
    "traceback",
    "diff",
    "dockerfile",
    "ini",
    "json",
    "apache",
    "text",
]
"""The language of a snippet. ``text`` is for output and whatever has no name here."""


class Code(ContentModel):
    """A snippet shown with the stem, in a fixed-width block."""

    language: Language
    source: Annotated[str, StringConstraints(min_length=1, max_length=900)]


class Bloom(StrEnum):
    """The level of Bloom's revised taxonomy that the question asks for."""

    REMEMBER = "remember"
    UNDERSTAND = "understand"
    APPLY = "apply"
    ANALYSE = "analyse"
    EVALUATE = "evaluate"
