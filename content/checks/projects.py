"""Checks of projects: their tests pass and fail where they should, on copies of the files that come along.

A project may hand out starter files with tests. On the starter the first check passes and the whole run
fails; with the solution, which only the checker reads, the whole run passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from content.checks.files import project_folder, text_of
from content.checks.findings import Finding, Place, Places, Severity, Tried
from content.checks.folder import FileError, MissingError, PackFolder
from content.checks.proofs import State
from content.checks.sandbox import Sandbox
from content.checks.tries import missing_here, typed
from content.model import Challenge, Pack
from content.tries import Checks, TriedCommand

PROJECT_SECONDS = 4.0
"""An estimate of how long the tests of a project take on its starter and its solution."""


@dataclass(frozen=True)
class Trial:
    """The tests of a project with the files to run them on; ``solution`` is None where there is none."""

    challenge: Challenge
    checks: Checks
    starter: dict[str, str]
    solution: dict[str, str] | None


def active_projects(pack: Pack) -> list[Challenge]:
    """Return the challenges that are served, in the order of the roadmap."""
    return [each for step in pack.roadmap.steps for each in pack.active_challenges(step.id)]


def project_trials(pack: Pack, folder: PackFolder) -> Iterator[Trial]:
    """Yield the active projects that come with tests. A solution that can't be read counts as none."""
    for challenge in active_projects(pack):
        if challenge.checks:
            starter = {file.name: file.text for file in pack.starters.get(challenge.id, ())}
            yield Trial(challenge, challenge.checks, starter, _solution(challenge, folder))


def try_project(trial: Trial, place: Place, sandbox: Sandbox) -> Tried:
    """Run the tests of a project on its starter and on its solution."""
    name = trial.challenge.id
    if missing := missing_here(trial.checks.needs):
        return Tried(name, place, State.NOT_RUN, f"it needs {', '.join(missing)}")
    problem = _on_starter(trial, sandbox) or _on_solution(trial, sandbox)
    return Tried(name, place, State.FAILED if problem else State.HELD, problem)


def check_projects(pack: Pack, places: Places, folder: PackFolder) -> Iterator[Finding]:
    """Check that commands of tests name a starter file, and that no file in its folder is left out."""
    for challenge in active_projects(pack):
        files = challenge.starter_files
        for key in ("first", "run") if challenge.checks else ():
            command = getattr(challenge.checks, key)
            if not any(file.removesuffix(".py") in command for file in files):
                place = places.of_challenge(challenge, "checks", key)
                yield Finding(*place, "the command names none of the starter files", check="try")
        for name in _names(folder, project_folder(challenge, "starter")):
            if name not in files:
                place = places.of_challenge(challenge, "starter_files")
                message = f"{name} is in the folder of the starter and isn't handed out"
                yield Finding(*place, message, check="try", severity=Severity.WARNING)
        if challenge.checks and _solution(challenge, folder) is None:
            place = places.of_challenge(challenge, "checks")
            message = "no solution shows that the tests can pass"
            yield Finding(*place, message, check="try", severity=Severity.WARNING)


def _on_starter(trial: Trial, sandbox: Sandbox) -> str:
    passes = TriedCommand(run=trial.checks.first).model_dump()
    # The first failure is enough, and those that wait for what the starter never does take long.
    run = trial.checks.run.replace("python -m unittest ", "python -m unittest --failfast ")
    fails = TriedCommand(run=f"! ({run})").model_dump()
    said = typed(trial.starter, (), [passes], sandbox)
    if said:
        return f"on the starter, {said}"
    if typed(trial.starter, (), [fails], sandbox):
        return f"`{trial.checks.run}` passes on the starter, where nothing is done yet"
    return ""


def _on_solution(trial: Trial, sandbox: Sandbox) -> str:
    if trial.solution is None:
        return ""
    passes = TriedCommand(run=trial.checks.run).model_dump()
    said = typed(trial.starter | trial.solution, (), [passes], sandbox)
    return f"on the solution, {said}" if said else ""


def _solution(challenge: Challenge, folder: PackFolder) -> dict[str, str] | None:
    where = project_folder(challenge, "solution")
    try:
        return {name: text_of(folder, f"{where}/{name}") for name in _names(folder, where)} or None
    except FileError:
        return None


def _names(folder: PackFolder, where: str) -> list[str]:
    try:
        return [name.rpartition("/")[2] for name in folder.names(where)]
    except MissingError:
        return []
