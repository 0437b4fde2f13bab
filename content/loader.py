"""From a folder of YAML to a ``Pack``, or to everything that keeps it from being one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from content.checks.files import LOCK, Files, present, read_files
from content.checks.structure import missing_lock, structural_problems
from content.errors import PackError, Problem
from content.model import Pack, PackInfo, Roadmap, Status


@dataclass(frozen=True)
class LoadedPacks:
    """The packs that are whole, by id, and what is wrong with the others."""

    packs: dict[str, Pack]
    problems: tuple[Problem, ...]


def load_pack(folder: Path, *, needs_lock: bool = True) -> Pack:
    """The pack in ``folder``. Raises PackError with all of its problems, not only the first.

    ``needs_lock=False`` lets a pack in that has no ``ids.lock`` yet, so that one can be written.
    """
    files, problems = read_files(folder)
    problems.extend(structural_problems(files))
    if needs_lock and not (folder / LOCK).exists():
        problems.append(missing_lock())
    if problems or files.info is None or files.roadmap is None:
        raise PackError(folder.name, tuple(problems))
    return _assemble(files, files.info.value, files.roadmap.value)


def load_packs(folder: Path) -> LoadedPacks:
    """Every pack in the folders inside ``folder``; one that is not whole does not stop another.

    Files in the problems are named from ``folder``. Names that begin with a dot or an underscore
    are passed over. A second pack with the same id is reported and left out.
    """
    if not folder.is_dir():
        return LoadedPacks({}, (Problem(str(folder), None, "there is no such folder"),))
    packs: dict[str, Pack] = {}
    problems: list[Problem] = []
    for each in sorted(path for path in folder.iterdir() if path.is_dir()):
        if each.name.startswith((".", "_")):
            continue
        try:
            pack = load_pack(each)
        except PackError as error:
            problems.extend(problem.within(each.name) for problem in error.problems)
            continue
        if packs.setdefault(pack.info.id, pack) is not pack:
            message = f"another pack has the id '{pack.info.id}'"
            problems.append(Problem(f"{each.name}/pack.yaml", None, message))
    return LoadedPacks(packs, tuple(problems))


def shipped_packs_folder() -> Path:
    """The folder of the packs that come with Milepost."""
    return Path(__file__).with_name("packs")


def _assemble(files: Files, info: PackInfo, roadmap: Roadmap) -> Pack:
    """A pack of files without problems, its topics and steps in the order of the roadmap."""
    topics = [topic.id for step in roadmap.steps for topic in step.topics]
    asked = {read.value.topic: read.value.questions for read in present(files.questions).values()}
    prompts = {read.value.topic: read.value for read in present(files.prompts).values()}
    every_challenge = [read.value for read in present(files.challenges).values()]
    in_use = {each.step: each for each in every_challenge if each.status is not Status.RETIRED}
    return Pack(
        info=info,
        roadmap=roadmap,
        questions={topic: asked[topic] for topic in topics},
        prompts={topic: prompts[topic] for topic in topics},
        challenges={step.id: in_use[step.id] for step in roadmap.steps},
        retired_challenges=tuple(each for each in every_challenge if each.status is Status.RETIRED),
    )
