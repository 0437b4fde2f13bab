"""The files of a pack, each read and held against its type, before they are held together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from content.article import Article
from content.checks.folder import FileError, MissingError, NotAFolderError, PackFolder
from content.checks.schema import Read, validate
from content.checks.yaml_source import SourceError, read_source
from content.errors import PACK_PROBLEMS, Problem, bounded
from content.model import Challenge, PackInfo, PromptFile, QuestionFile, Roadmap
from content.tries import STARTER_LENGTH, StarterFile

T = TypeVar("T", bound=BaseModel)

PACK, ROADMAP, ARTICLE, LOCK = "pack.yaml", "roadmap.yaml", "article.yaml", "ids.lock"
FOLDERS = ("questions", "prompts", "challenges")


@dataclass(frozen=True)
class Files:
    """The files of a folder, keyed by their names within it.

    A file that is there but does not read is None: its own problems are known already, and it must not be
    reported as missing too. ``article`` is None also where a pack leaves that file out.
    """

    info: Read[PackInfo] | None
    roadmap: Read[Roadmap] | None
    article: Read[Article] | None
    questions: dict[str, Read[QuestionFile] | None]
    prompts: dict[str, Read[PromptFile] | None]
    challenges: dict[str, Read[Challenge] | None]
    starters: dict[str, tuple[StarterFile, ...]]


def read_files(folder: PackFolder) -> tuple[Files, list[Problem]]:
    """Read every file of the pack in ``folder``, with the problems that lie within one file.

    Reading ends early when more is wrong than can be told.
    """
    problems: list[Problem] = []
    names = _names(folder, problems)
    challenges = _read_all(folder, names["challenges"], Challenge, problems)
    files = Files(
        info=_read(folder, PACK, PackInfo, problems),
        roadmap=_read(folder, ROADMAP, Roadmap, problems),
        article=_read(folder, ARTICLE, Article, problems) if ARTICLE in names[""] else None,
        questions=_read_all(folder, names["questions"], QuestionFile, problems),
        prompts=_read_all(folder, names["prompts"], PromptFile, problems),
        challenges=challenges,
        starters={
            read.value.id: tuple(_starter_files(folder, read, problems))
            for read in present(challenges).values()
            if read.value.starter_files
        },
    )
    return files, problems


def present(reads: dict[str, Read[T] | None]) -> dict[str, Read[T]]:
    """Return those of the files that did read."""
    return {file: read for file, read in reads.items() if read is not None}


def project_folder(challenge: Challenge, part: str) -> str:
    """Return the folder of the starter files or of the solution of a challenge, within its pack."""
    return f"challenges/{challenge.step}/{challenge.id}/{part}"


def text_of(folder: PackFolder, name: str) -> str:
    """Return a file of a pack as text. Raises FileError."""
    try:
        return folder.read(name).decode()
    except UnicodeDecodeError:
        raise FileError("the file is not UTF-8", "Save it as UTF-8.") from None


def _starter_files(
    folder: PackFolder, read: Read[Challenge], problems: list[Problem]
) -> Iterator[StarterFile]:
    for place, name in enumerate(read.value.starter_files):
        path = f"{project_folder(read.value, 'starter')}/{name}"
        try:
            text = text_of(folder, path)
        except FileError as error:
            problems.append(read.problem(f"{path}: {error}", "starter_files", place, hint=error.hint))
            continue
        if len(text) > STARTER_LENGTH:
            message = f"{path}: the file has more than {STARTER_LENGTH:,} characters"
            problems.append(read.problem(message, "starter_files", place))
        yield StarterFile(name, text)


def lock_problems(folder: PackFolder, *, needed: bool) -> Iterator[Problem]:
    """Yield what is wrong with ``ids.lock`` as a file. Its lines are compared by the check alone."""
    try:
        folder.read(LOCK)
    except MissingError:
        if needed:
            hint = "Write it with `milepost content check --write-lock`."
            yield Problem(LOCK, None, "the file is missing", hint)
    except FileError as error:
        yield Problem(LOCK, None, str(error), error.hint)


def _names(folder: PackFolder, problems: list[Problem]) -> dict[str, list[str]]:
    """The names that end in .yaml, for each folder of a pack; those in .yml are problems."""
    found = {"": _within(folder, "", problems)}
    for each in FOLDERS:
        inside = _within(folder, each, problems)
        if each == "challenges":  # one folder deeper, by step; a file beside them is passed over
            inside = [name for step in inside for name in _within(folder, step, problems, or_file=True)]
        found[each] = inside
    problems.extend(
        Problem(name, None, "the file is not read", "Give its name the ending .yaml.")
        for name in sorted(name for names in found.values() for name in names if name.endswith(".yml"))
    )
    return {each: [name for name in names if name.endswith(".yaml")] for each, names in found.items()}


def _within(folder: PackFolder, name: str, problems: list[Problem], *, or_file: bool = False) -> list[str]:
    try:
        return folder.names(name)
    except NotAFolderError as error:
        if not or_file:
            problems.append(Problem(name, None, str(error), error.hint))
    except MissingError:
        pass
    except FileError as error:
        problems.append(Problem(name, None, str(error), error.hint))
    return []


def _read_all(
    folder: PackFolder, names: list[str], model: type[T], problems: list[Problem]
) -> dict[str, Read[T] | None]:
    return {name: _read(folder, name, model, problems) for name in names}


def _read(folder: PackFolder, name: str, model: type[T], problems: list[Problem]) -> Read[T] | None:
    if len(problems) >= PACK_PROBLEMS:
        return None
    found: Iterable[Problem]
    try:
        read, found = validate(read_source(folder, name), model)
    except SourceError as error:
        read, found = None, error.problems
    problems.extend(bounded(found))
    return read
