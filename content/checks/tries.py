"""Tries of the tasks: what learners are told to run is run, as it is written, on a copy.

A prompt declares in ``tries`` what of its task a machine can run. Each command must occur in the task, so
that the text cannot change without its try. Shell commands of a task that no try covers are named.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from content.checks.findings import Finding, Place, Places, Severity, Tried
from content.checks.isolation import isolation
from content.checks.proofs import State
from content.checks.sandbox import Sandbox, SandboxError
from content.model import Pack, Prompt
from content.tries import ELSEWHERE, Try

SHELL = frozenset(
    {
        *("ab", "apachectl", "bash", "cat", "cd", "celery", "chmod", "cp", "curl", "dig", "django-admin"),
        *("docker", "echo", "export", "flask", "for", "git", "gunicorn", "hey", "htpasswd", "http"),
        *("kill", "ls", "make", "mkdir", "mongosh", "mv", "mypy", "mysql", "nc", "nginx", "node", "npm"),
        *("openssl", "pg_dump", "pip", "pip-audit", "pipx", "podman", "ps", "psql", "pytest"),
        *("python", "python3", "rm", "ruff", "sh", "sqlite3", "ss", "systemctl", "tar", "time", "touch"),
        *("uv", "uvicorn", "uvx", "uwsgi", "wrk"),
    }
)
"""First words by which a command for a shell is told from other code."""

_SPAN = re.compile(r"(`+)(.+?)\1", re.DOTALL)
_OTHER_PROGRAMS = ("/usr/sbin", "/sbin")


def count_tries(pack: Pack) -> int:
    """Return how many tries a check of the pack runs."""
    prompts = (prompt for topic in pack.topics for prompt in pack.active_prompts(topic.id))
    projects = (project for step in pack.roadmap.steps for project in pack.active_challenges(step.id))
    return sum(len(prompt.tries) for prompt in prompts) + sum(bool(each.checks) for each in projects)


def prompt_tries(pack: Pack, places: Places) -> Iterator[tuple[Prompt, Try, Place]]:
    """Yield the tries of the active prompts, in the order of the roadmap."""
    for topic in pack.topics:
        for number, prompt in enumerate(pack.prompts[topic.id]):
            if prompt in pack.active_prompts(topic.id):
                for index, each in enumerate(prompt.tries):
                    yield prompt, each, places.of_prompt(topic.id, number, "tries", index)


def findings_of(tries: Iterable[Tried]) -> Iterator[Finding]:
    """Yield an error for each try that failed, and a note for each that did not run here."""
    for each in tries:
        if each.state is State.FAILED:
            yield Finding(*each.place, f"{each.name}: {each.detail}", check="try")
        elif each.state is State.NOT_RUN:
            message = f"{each.name}: the try did not run here ({each.detail})"
            yield Finding(*each.place, message, check="try", severity=Severity.NOTE)


def try_prompt(prompt: Prompt, tried: Try, place: Place, sandbox: Sandbox) -> Tried:
    """Run one try of a prompt. One that fails is an outcome, never an exception."""
    if missing := [*missing_here(tried.needs), *_missing_around(tried)]:
        return Tried(prompt.id, place, State.NOT_RUN, f"it needs {', '.join(missing)}")
    files = dict(tried.files)
    if tried.saves and prompt.code:
        files[tried.saves] = prompt.code.source
    steps = [step.model_dump() for step in tried.steps]
    plugins = any(need.startswith("pytest_") for need in tried.needs)
    problem = typed(files, tried.setup, steps, sandbox, plugins=plugins)
    return Tried(prompt.id, place, State.FAILED if problem else State.HELD, problem)


def seconds_of(tried: Try) -> float:
    """Return an estimate of how long a try takes: those that start servers or sleep begin first."""
    typed_text = "\n".join((*tried.setup, *(step.text for step in tried.steps)))
    slept = sum(float(each) for each in re.findall(r"\bsleep (\d+)", typed_text))
    return 1 + 2 * sum(step.background for step in tried.steps) + slept


def typed(
    files: dict[str, str],
    setup: tuple[str, ...],
    steps: list[dict[str, object]],
    sandbox: Sandbox,
    *,
    plugins: bool = False,
) -> str:
    """Type the steps in a folder with the files; return how one comes out otherwise, empty for none.

    Only with ``plugins`` does pytest load those that are installed here.
    """
    spec = json.dumps({"files": files, "setup": setup, "steps": steps, "plugins": plugins})
    if any(step["background"] for step in steps):
        sandbox = replace(sandbox, forks=None)  # ports are to be free
    prompts = "\n".join(str(step["python"]) for step in steps)
    try:
        run = sandbox.python(f"{_script()}\n\nmain({spec!r})\n", imports=prompts)
    except SandboxError as error:
        return str(error)
    return run.stdout.strip() or (run.last_words if run.status else "")


def missing_here(needs: tuple[str, ...]) -> list[str]:
    """Return those of the needs that this machine has not, neither as a program nor as a Python module."""
    return [need for need in (*needs, "sh") if need in ELSEWHERE or not _is_here(need)]


def _missing_around(tried: Try) -> list[str]:
    """Return what a server of the try would need: its ports are its own only in a network of its own."""
    serves = any(step.background for step in tried.steps)
    return ["a network of its own"] if serves and isolation().why_open is not None else []


def check_tasks(pack: Pack, places: Places) -> Iterator[Finding]:
    """Check that each try is of the task as learners read it, and that each shell command has a try."""
    for topic in pack.topics:
        for number, prompt in enumerate(pack.prompts[topic.id]):
            if prompt in pack.active_prompts(topic.id):
                yield from _of_task(prompt, places, topic.id, number)


def shell_commands(prompt: Prompt) -> list[str]:
    """Return the shell commands of a task, from its code spans and from shown code that no try saves."""
    found = [text for text in _spans(prompt.task) if _is_command(text)]
    saved = any(each.saves for each in prompt.tries)
    if prompt.code and prompt.code.language == "bash" and not saved:
        found += [_flat(line) for line in prompt.code.source.splitlines() if _is_command(_flat(line))]
    return found


def _of_task(prompt: Prompt, places: Places, topic: str, number: int) -> Iterator[Finding]:
    source = _flat(prompt.code.source if prompt.code else "")
    shown = [*_spans(prompt.task), *_spans(prompt.answer_sketch), source]
    for index, each in enumerate(prompt.tries):
        place = places.of_prompt(topic, number, "tries", index)
        for step in each.steps:
            if not any(_flat(step.text) in text for text in shown):
                yield Finding(*place, f"neither task nor answer says `{_flat(step.text)}`", check="try")
        if each.saves and not prompt.code:
            yield Finding(*place, "`saves` needs `code`", check="try")
        if each.saves and each.saves not in prompt.task:
            yield Finding(*place, f"the task doesn't name the file `{each.saves}`", check="try")
    covered = {_flat(step.run) for each in prompt.tries for step in each.steps if step.run}
    for command in shell_commands(prompt):
        if not any(command in text for text in covered):
            place = places.of_prompt(topic, number, "task")
            hint = "Add it to `tries`, with `needs` if it can't run everywhere."
            message = f"nothing tries `{command}`"
            yield Finding(*place, message, hint, check="try", severity=Severity.WARNING)


def _spans(markdown: str) -> list[str]:
    return [_flat(match.group(2)) for match in _SPAN.finditer(markdown)]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _is_command(text: str) -> bool:
    first, _, rest = text.partition(" ")
    return first in SHELL and bool(rest)


def _is_here(name: str) -> bool:
    try:
        return _program(name) or find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _program(name: str) -> bool:
    beside = str(Path(sys.executable).parent)
    return any(shutil.which(name, path=path) for path in (None, beside, *_OTHER_PROGRAMS))


@cache
def _script() -> str:
    return Path(__file__).with_name("try_script.py").read_text(encoding="utf-8")
