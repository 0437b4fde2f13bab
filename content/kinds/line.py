"""``type: line``: the faulty line of a shown code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from content.kinds.base import Path, QuestionBase, require_experiment
from content.parts import Code, ContentModel, prose

LineNumber = Annotated[int, Field(ge=1, le=30)]
"""A line of the code, counted from 1, empty ones too."""

MOST_LINES = 20
"""Lines that can be chosen: what a menu and a phone hold."""


class OtherLine(ContentModel):
    """A line that people take for the faulty one, with a word to those who do."""

    line: LineNumber
    feedback: Annotated[str, prose(320)]


class LineQuestion(QuestionBase):
    """A question that asks for the faulty line of its ``code``.

    ``fixed`` is what the line should be, with its indentation; several lines are allowed.
    """

    type: Literal["line"]
    code: Code
    line: LineNumber
    fixed: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    feedback: Annotated[str, prose(320)] = ""
    others: Annotated[tuple[OtherLine, ...], Field(min_length=1, max_length=8)]

    @property
    def code_lines(self) -> dict[int, str]:
        """The lines that can be chosen, which are those with something in them, by number."""
        lines = enumerate(self.code.source.splitlines(), start=1)
        return {number: line for number, line in lines if line.strip()}

    @property
    def fixed_source(self) -> str:
        """The code with the faulty line fixed."""
        lines = self.code.source.splitlines()
        lines[self.line - 1] = self.fixed.rstrip("\n")
        return "\n".join((*lines, ""))

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Yield every text that members read, with its path in the file."""
        yield from super().texts()
        if self.feedback:
            yield ("feedback",), self.feedback
        for place, other in enumerate(self.others):
            yield ("others", place, "feedback"), other.feedback

    def check_shape(self) -> None:
        """Raise ValueError unless the lines that are named are in the code."""
        lines = self.code_lines
        if not 3 <= len(lines) <= MOST_LINES:
            raise ValueError(f"the code of a line question has 3 to {MOST_LINES} lines that are not empty")
        named = [self.line, *(other.line for other in self.others)]
        if len(set(named)) != len(named):
            raise ValueError("a line is named twice")
        if missing := [number for number in named if number not in lines]:
            raise ValueError(f"the code has nothing in line {missing[0]}")
        if not self.fixed.strip():
            raise ValueError("`fixed` is empty: say what the line should be")
        if self.fixed.rstrip() == lines[self.line].rstrip():
            raise ValueError("`fixed` is the line as it is")
        require_experiment(self.verify)
