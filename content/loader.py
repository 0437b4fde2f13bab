"""Loader of packs: a folder of YAML becomes a ``Pack``, or everything that keeps it from being one."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from content.checks.files import PACK, Files, lock_problems, present, read_files
from content.checks.folder import PackFolder
from content.checks.structure import structural_problems
from content.errors import PACK_PROBLEMS, PackError, Problem, bounded, shown
from content.model import Pack, PackInfo, Roadmap

PACKS = 50
"""Packs in one folder, at most: what a start may cost has an end."""

NO_PACK = "the file is missing, so the folder isn't a pack"
NO_PACK_HINT = "If it isn't meant to be one, begin its name with an underscore, or move it elsewhere."


@dataclass(frozen=True)
class LoadedPacks:
    """The packs that are whole, by id, the names of their folders, and the problems of the others."""

    packs: dict[str, Pack]
    problems: tuple[Problem, ...]
    folders: dict[str, str]


def load_pack(folder: Path, *, needs_lock: bool = True, needs_questions: bool = True) -> Pack:
    """Return the pack in ``folder``. Raises PackError, and nothing else, whatever the folder holds.

    The error has all of the problems, not only the first, up to the limits of ``content.errors``.
    ``needs_lock=False`` lets a pack in that has no ``ids.lock`` yet, so that one can be written, and
    ``needs_questions=False`` one with topics that have no questions yet, so that some can be imported.
    """
    try:
        return _load(PackFolder(folder), needs_lock=needs_lock, needs_questions=needs_questions)
    except _NotWholeError as error:
        problems = error.problems
    except Exception as error:  # noqa: BLE001  a pack of somebody else's stops nothing, whatever is in it
        problems = (_unforeseen(error),)
    raise PackError(folder.name, problems)


def load_packs(folder: Path) -> LoadedPacks:
    """Load every pack in the folders inside ``folder``; one that is not whole does not stop another.

    Files in the problems are named from ``folder``. Names that begin with a dot or an underscore are passed
    over; a folder without a pack.yaml is one problem. Of two packs with one id, the other is reported and
    left out: the one in a folder named after the id is kept, else the first.
    """
    packs: dict[str, Pack] = {}
    names: dict[str, str] = {}
    problems: list[Problem] = []
    for name in _folders(folder, problems):
        if _is_missing(folder / name / PACK):
            problems.append(Problem(PACK, None, NO_PACK, NO_PACK_HINT).within(name))
            continue
        try:
            pack = load_pack(folder / name)
        except PackError as error:
            problems.extend(problem.within(name) for problem in error.problems)
            continue
        id_, left_out = pack.info.id, name
        if id_ not in packs or name == id_:
            left_out = names.get(id_, "")
            packs[id_], names[id_] = pack, name
        if left_out:
            message, hint = f"another pack has the id '{id_}'", "Give one of the two another id."
            problems.append(Problem(PACK, None, message, hint).within(left_out))
    return LoadedPacks(packs, tuple(problems), names)


def shipped_packs_folder() -> Path:
    """The folder of the packs that come with Milepost."""
    return Path(__file__).with_name("packs")


def _assemble(files: Files, info: PackInfo, roadmap: Roadmap) -> Pack:
    """A pack of files without problems, its topics and steps in the order of the roadmap."""
    topics = [topic.id for step in roadmap.steps for topic in step.topics]
    asked = {read.value.topic: read.value.questions for read in present(files.questions).values()}
    prompts = {read.value.topic: read.value.prompts for read in present(files.prompts).values()}
    challenges = [read.value for read in present(files.challenges).values()]
    return Pack(
        info=info,
        roadmap=roadmap,
        article=files.article and files.article.value,
        questions={topic: asked.get(topic, ()) for topic in topics},
        prompts={topic: prompts.get(topic, ()) for topic in topics},
        challenges={
            step.id: tuple(each for each in challenges if each.step == step.id) for step in roadmap.steps
        },
        starters=files.starters,
    )


class _NotWholeError(Exception):
    """Error: something is wrong with the files of a pack."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__()
        self.problems = problems


def _load(folder: PackFolder, *, needs_lock: bool, needs_questions: bool) -> Pack:
    """Return the pack. Raises _NotWholeError, and any error that nobody foresaw."""
    files, problems = read_files(folder)
    if len(problems) < PACK_PROBLEMS:
        problems.extend(bounded(structural_problems(files, needs_questions=needs_questions)))
    problems.extend(lock_problems(folder, needed=needs_lock))
    if problems or files.info is None or files.roadmap is None:
        raise _NotWholeError(tuple(bounded(problems)))
    return _assemble(files, files.info.value, files.roadmap.value)


def _unforeseen(error: Exception) -> Problem:
    """One problem of the pack for an error that no check expects."""
    what = f"{type(error).__name__}: {shown(str(error), 200)}" if str(error) else type(error).__name__
    return Problem(".", None, f"the pack can't be read ({what})")


def _is_missing(file: Path) -> bool:
    """Tell if there is nothing of that name. What can't be looked at may be there."""
    try:
        file.lstat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def _folders(folder: Path, problems: list[Problem]) -> list[str]:
    """The names of the folders in a folder of packs, PACKS at most."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(each.name for each in entries if not each.name.startswith((".", "_")))
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        message = "there is no such folder" if missing else f"cannot be read: {error.strerror}"
        hint = "Create it, or name another." if missing else "Look at its permissions."
        problems.append(Problem(str(folder), None, message, hint))
        return []
    found = []
    for name in names:
        try:
            if stat.S_ISDIR((folder / name).stat().st_mode):
                found.append(name)
        except OSError as error:
            hint = "Remove it, or look at what it leads to and at the permissions."
            problems.append(Problem(name, None, f"cannot be read: {error.strerror}", hint))
    if len(found) > PACKS:
        message, hint = f"only the first {PACKS} of {len(found)} folders are read", "Move others elsewhere."
        problems.append(Problem(str(folder), None, message, hint))
    return found[:PACKS]
