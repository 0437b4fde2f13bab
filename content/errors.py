"""What can be wrong with a pack, and the one exception that says so.

Exception
└── PackError    the pack cannot be served; ``problems`` holds everything that was found
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath


@dataclass(frozen=True)
class Problem:
    """Something to mend in one place of a pack.

    ``file`` is relative to the pack's folder. ``line`` counts from 1 and is None when the problem
    is the file itself (it is missing). ``hint`` is a whole sentence, or None when the message says
    enough.
    """

    file: str
    line: int | None
    message: str
    hint: str | None = None

    @property
    def place(self) -> str:
        """``file:line``, or only the file when no line can be named."""
        return self.file if self.line is None else f"{self.file}:{self.line}"

    @property
    def advice(self) -> str:
        """The message, with the hint as a second sentence where there is one."""
        return f"{self.message}. {self.hint}" if self.hint else self.message

    def __str__(self) -> str:
        return f"{self.place}: {self.advice}"

    def within(self, folder: str) -> Problem:
        """The same problem, its file named from the folder above: for a report on many packs."""
        return replace(self, file=str(PurePath(folder) / self.file))


class PackError(Exception):
    """A pack does not load. Its text lists every problem, one a line, in the order of the files."""

    def __init__(self, pack: str, problems: tuple[Problem, ...]) -> None:
        self.pack = pack
        self.problems = tuple(sorted(problems, key=lambda each: (each.file, each.line or 0)))
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = [f"the pack {pack} does not load: {count}", *map(str, self.problems)]
        super().__init__("\n".join(lines))
