"""Problems of a pack, and the one exception that carries them.

Exception
└── PackError    the pack cannot be served; ``problems`` holds everything that was found
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import PurePath
from reprlib import Repr
from typing import TypeVar

FILE_PROBLEMS, PACK_PROBLEMS = 50, 100
"""Problems of one file, and of one pack, that are told at most: somebody mends them one by one."""

QUOTE, SENTENCE = 60, 1000
"""Characters of a name or value that are quoted, and of a message, at most."""

_REPR = Repr()
_REPR.maxstring = _REPR.maxother = _REPR.maxlong = QUOTE


def shown(text: str, most: int = QUOTE) -> str:
    """Return the text on one line, cut after ``most`` characters, with escapes for what does not show."""
    cut = text if len(text) <= most else f"{text[: most - 1]}…"
    if cut.isprintable():
        return cut
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in cut)


def quoted(value: object) -> str:
    """The value as Python writes it, cut short: it may hold a million characters, or lists in lists."""
    return shown(_REPR.repr(value), 2 * QUOTE)


@dataclass(frozen=True)
class Problem:
    """A problem to mend in one place of a pack.

    ``file`` is relative to the pack's folder. ``line`` counts from 1 and is None when the problem is the
    file itself (it is missing). ``hint`` is a whole sentence, or None when the message says enough.
    """

    file: str
    line: int | None
    message: str
    hint: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "file", shown(self.file, SENTENCE))
        object.__setattr__(self, "message", shown(self.message, SENTENCE))

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
        """Return the problem with its file named from the folder above: for a report on many packs."""
        return replace(self, file=str(PurePath(shown(folder)) / self.file))


Found = TypeVar("Found", bound=Problem)


class PackError(Exception):
    """Error: a pack does not load. Its text lists every problem, one a line, in the order of the files."""

    def __init__(self, pack: str, problems: tuple[Problem, ...]) -> None:
        self.pack = pack
        self.problems = tuple(sorted(problems, key=lambda each: (each.file, each.line or 0)))
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = [f"the pack {shown(pack)} does not load: {count}", *map(str, self.problems)]
        super().__init__("\n".join(lines))


def bounded(problems: Iterable[Found]) -> Iterator[Found]:
    """Yield the problems up to FILE_PROBLEMS a file, and no further than PACK_PROBLEMS in all.

    Omitted ones are mentioned once for each file, and are not looked for: their making may cost time.
    """
    counts: dict[str, int] = {}
    for problem in islice(problems, PACK_PROBLEMS):
        count = counts[problem.file] = counts.get(problem.file, 0) + 1
        if count < FILE_PROBLEMS:
            yield problem
        elif count == FILE_PROBLEMS:
            yield replace(problem, line=None, message="more problems follow", hint="Fix these first.")
