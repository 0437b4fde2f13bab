"""``ids.lock``: every id that was ever shipped, so that stored answers never lose their question.

The lock has one line for each id, sorted: its kind, the id and its status.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from content.checks.files import LOCK
from content.checks.findings import Finding
from content.checks.folder import FileError, MissingError, PackFolder
from content.errors import FILE_PROBLEMS, bounded, shown
from content.model import Pack, Status

Id = tuple[str, str]
"""A kind (question, prompt, challenge, topic or step) and an id."""

KINDS = ("challenge", "prompt", "question", "step", "topic")
_WRITE = "Run `milepost content check --write-lock`."
_RESTORED = "Put its line back: answers to it may be stored."
_RESTORE = (
    "Restore it from version control: it has every id that was shipped. If nothing was shipped yet,"
    " delete it and run `milepost content check --write-lock`."
)


def write_lock(pack: Pack, current: str = "") -> str:
    """The text of the lock for a pack, on top of its ``current`` text.

    It only adds: an id in the current text stays, and one that is retired there stays retired.
    """
    return with_ids(current, _ids_of(pack))


def with_ids(current: str, ids: Mapping[Id, str]) -> str:
    """Return the ``current`` text of a lock with ids and their status added; what is retired stays so."""
    before, _ = read_lock(current)
    after = {**before, **ids}
    retired = {id_ for id_, status in before.items() if status == Status.RETIRED}
    lines = (
        f"{kind} {name} {Status.RETIRED if (kind, name) in retired else status}"
        for (kind, name), status in sorted(after.items())
    )
    return "".join(f"{line}\n" for line in lines)


def lock_text(folder: Path) -> str:
    """The text of a pack's lock, "" when there is none. Raises FileError."""
    try:
        return PackFolder(folder).read(LOCK).decode()
    except MissingError:
        return ""
    except UnicodeDecodeError:
        raise FileError("the file is not UTF-8", _RESTORE) from None


def read_lock(text: str) -> tuple[dict[Id, str], list[Finding]]:
    """The ids of a lock with their status, and the lines that cannot be understood, up to a limit."""
    ids: dict[Id, str] = {}
    findings: list[Finding] = []
    kinds, statuses = set(KINDS), set(Status)
    for number, line in enumerate(text.splitlines(), start=1):
        match line.split():
            case [kind, name, status] if kind in kinds and status in statuses:
                if ids.setdefault((kind, name), status) != status and len(findings) <= FILE_PROBLEMS:
                    hint = "Leave out one of the two lines; a retired id stays retired."
                    findings.append(_finding(f"the {kind} '{shown(name)}' is listed twice", number, hint))
            case [_, *_] if len(findings) <= FILE_PROBLEMS:
                hint = "A line is: kind id status."
                findings.append(_finding("not a line of a lock", number, hint))
    return ids, findings


def check_ids(pack: Pack, folder: Path, released: str | None = None) -> Iterator[Finding]:
    """Check that the lock and the files agree, and that the lock holds all that the ``released`` text held.

    ``released`` is the lock of the last release; None when there is nothing to compare with.
    """
    return bounded(_disagreements(pack, folder, released))


def _disagreements(pack: Pack, folder: Path, released: str | None) -> Iterator[Finding]:
    try:
        locked, findings = read_lock(lock_text(folder))
    except FileError as error:
        yield _finding(str(error), hint=error.hint)
        return
    yield from findings
    for kind, name in sorted(read_lock(released or "")[0].keys() - locked.keys()):
        yield _finding(f"the {kind} '{shown(name)}' was released and is gone from the lock", hint=_RESTORED)
    yield from _against_files(locked, _ids_of(pack))


def _against_files(locked: dict[Id, str], shipped: dict[Id, str]) -> Iterator[Finding]:
    for kind, name in sorted(shipped.keys() - locked.keys()):
        yield _finding(f"the {kind} '{name}' is not in the lock", hint=_WRITE)
    for kind, name in sorted(locked.keys() - shipped.keys()):
        hint = "Put it back with `status: retired`: answers to it are stored."
        yield _finding(f"the {kind} '{shown(name)}' is gone from the files", hint=hint)
    for kind, name in sorted(locked.keys() & shipped.keys()):
        before, now = locked[kind, name], shipped[kind, name]
        if before == Status.RETIRED != now:
            hint = "Retired ids aren't used again. Give the new one its own id."
            yield _finding(f"the {kind} '{name}' was retired and is {now} again", hint=hint)
        elif before != now:
            yield _finding(f"the {kind} '{name}' is {now}, the lock says {before}", hint=_WRITE)


def _ids_of(pack: Pack) -> dict[Id, str]:
    """Every id in the files. Topics and steps have no status: they are active."""
    ids = {("step", step.id): Status.ACTIVE for step in pack.roadmap.steps}
    ids |= {("topic", topic.id): Status.ACTIVE for topic in pack.topics}
    ids |= {("prompt", each.id): each.status for group in pack.prompts.values() for each in group}
    ids |= {("challenge", each.id): each.status for group in pack.challenges.values() for each in group}
    ids |= {("question", each.id): each.status for group in pack.questions.values() for each in group}
    return {id_: str(status) for id_, status in ids.items()}


def _finding(message: str, line: int | None = None, hint: str | None = None) -> Finding:
    return Finding(LOCK, line, message, hint, check="ids")
