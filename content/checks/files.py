"""The files of a pack, each read and held against its type, before they are held together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from content.checks.schema import Read, validate
from content.checks.yaml_source import SourceError, read_source
from content.errors import Problem
from content.model import Challenge, PackInfo, Prompt, QuestionFile, Roadmap

T = TypeVar("T", bound=BaseModel)

PACK, ROADMAP, LOCK = "pack.yaml", "roadmap.yaml", "ids.lock"


@dataclass(frozen=True)
class Files:
    """What a folder holds, keyed by the file's name within it.

    A file that is there but does not read is None: its own problems are known already, and it must
    not be reported as missing too.
    """

    info: Read[PackInfo] | None
    roadmap: Read[Roadmap] | None
    questions: dict[str, Read[QuestionFile] | None]
    prompts: dict[str, Read[Prompt] | None]
    challenges: dict[str, Read[Challenge] | None]


def read_files(folder: Path) -> tuple[Files, list[Problem]]:
    """Read every file of the pack in ``folder``, with the problems that lie within one file."""
    problems: list[Problem] = []
    files = Files(
        info=_read(folder, PACK, PackInfo, problems),
        roadmap=_read(folder, ROADMAP, Roadmap, problems),
        questions=_read_all(folder, "questions/*.yaml", QuestionFile, problems),
        prompts=_read_all(folder, "prompts/*.yaml", Prompt, problems),
        challenges=_read_all(folder, "challenges/*/*.yaml", Challenge, problems),
    )
    problems.extend(_other_endings(folder))
    return files, problems


def present(reads: dict[str, Read[T] | None]) -> dict[str, Read[T]]:
    """Those of the files that did read."""
    return {file: read for file, read in reads.items() if read is not None}


def _read_all(
    folder: Path, pattern: str, model: type[T], problems: list[Problem]
) -> dict[str, Read[T] | None]:
    names = sorted(path.relative_to(folder).as_posix() for path in folder.glob(pattern))
    return {name: _read(folder, name, model, problems) for name in names}


def _read(folder: Path, name: str, model: type[T], problems: list[Problem]) -> Read[T] | None:
    if not (folder / name).exists():
        problems.append(Problem(name, None, "the file is missing"))
        return None
    try:
        read, found = validate(read_source(folder / name, name), model)
    except SourceError as error:
        read, found = None, list(error.problems)
    problems.extend(found)
    return read


def _other_endings(folder: Path) -> Iterator[Problem]:
    """A file named .yml would be passed over in silence, and its content be missing."""
    for path in sorted(folder.rglob("*.yml")):
        name = path.relative_to(folder).as_posix()
        yield Problem(name, None, "the file is not read", "Give its name the ending .yaml.")
