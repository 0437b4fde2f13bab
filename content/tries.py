"""Commands that prompts and projects tell learners to run, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from content.parts import ContentModel, Line, Phrase

FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$", max_length=60)]
"""A name without a folder: learners save such files side by side."""

Need = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]+$", max_length=40)]
"""A program or a Python module, or one of ELSEWHERE."""

FileText = Annotated[str, StringConstraints(max_length=4000)]

STARTER_LENGTH = 12_000
"""Characters of a starter file, at most."""

Typed = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=900)]

ELSEWHERE = ("network", "browser", "project")
"""Needs that no sandbox meets: the internet, a browser, something of the learner's own."""


class TriedCommand(ContentModel):
    """One thing that a learner types as the task says it, and what comes of it.

    It is a shell command (``run``), lines for the Python prompt (``python``) or an SQL statement
    (``sql``). ``prints`` are phrases of what it shows, errors included. An exception and a refused
    statement count as status 1. A ``background`` command goes on running while the next ones are typed.
    """

    run: Typed | None = None
    python: Typed | None = None
    sql: Typed | None = None
    status: Annotated[int, Field(ge=0, le=255)] = 0
    prints: Annotated[tuple[Phrase, ...], Field(max_length=8)] = ()
    background: bool = False

    @model_validator(mode="after")
    def _one_kind(self) -> TriedCommand:
        if sum(text is not None for text in (self.run, self.python, self.sql)) != 1:
            raise ValueError("give one of `run`, `python` and `sql`")
        if self.background and self.run is None:
            raise ValueError("only a `run` command can stay in the background")
        return self

    @property
    def text(self) -> str:
        """Return the text that is typed, of whatever kind it is."""
        return self.run or self.python or self.sql or ""


class Try(ContentModel):
    """Commands of a task that the checker types one after the other, in a folder of their own.

    ``saves`` is the name under which the learner saves the shown code. ``files`` are there besides, and
    ``setup`` are shell commands that the task takes as done.
    """

    saves: FileName | None = None
    files: Annotated[dict[FileName, FileText], Field(default_factory=dict, max_length=8)]
    setup: Annotated[tuple[Line, ...], Field(max_length=8)] = ()
    needs: Annotated[tuple[Need, ...], Field(max_length=8)] = ()
    steps: Annotated[tuple[TriedCommand, ...], Field(min_length=1, max_length=16)]


class Checks(ContentModel):
    """Tests among the starter files of a project, as commands that the learner types.

    ``first`` passes on the starter as it is handed out. ``run`` fails there, and passes when all is done.
    """

    first: Line
    run: Line
    needs: Annotated[tuple[Need, ...], Field(max_length=8)] = ()


@dataclass(frozen=True, slots=True)
class StarterFile:
    """A file that members get with a project, as it was read from the pack."""

    name: str
    text: str
