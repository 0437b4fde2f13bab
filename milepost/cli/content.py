"""``milepost content``: check packs and count what is in them."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from textwrap import wrap
from types import FrameType
from typing import Annotated, NoReturn

import typer

from bot.chat import SystemClock
from bot.domain.questions.matching import judge
from bot.errors import SetupError
from content.checks import Outcome, Report, Severity, check_pack, content_stats, write_lock
from content.checks.check import active_questions
from content.checks.files import LOCK
from content.checks.folder import FileError, PackFolder
from content.checks.isolation import isolation
from content.checks.lock import lock_text
from content.checks.orphans import ORPHANS
from content.checks.tries import count_tries
from content.errors import PackError, Problem
from content.loader import load_pack, shipped_packs_folder
from content.model import Pack
from milepost.cli import formats
from milepost.cli.changed import changed_files
from milepost.cli.figures import rows
from milepost.cli.output import AsJson, counting, print_json, say, say_aside
from milepost.cli.pack_folder import require_pack

app = typer.Typer(help="The study content.", no_args_is_help=True)
formats.register(app)

DEFAULT_PACK = "backend-python"
Folder = Annotated[
    Path | None,
    typer.Argument(help=f"A pack's folder, or the id of one that ships; {DEFAULT_PACK} if left out."),
]


Trust = Annotated[
    bool,
    typer.Option("--trust", help="Run the pack's proofs without asking: they are programs of its author."),
]


@app.command()
def check(
    pack: Folder = None,
    json: AsJson = False,
    write: Annotated[bool, typer.Option("--write-lock", help="Add new ids to ids.lock first.")] = False,
    trust: Trust = False,
    self_test: Annotated[
        bool, typer.Option("--self-test", help="Change the shown code too: each proof must notice it.")
    ] = False,
    changed: Annotated[
        bool,
        typer.Option("--changed", help="Run only the proofs of files that differ from git's last commit."),
    ] = False,
) -> None:
    """Prove a pack: its form, its ids, and the key of every question that a machine can prove."""
    folder = _folder(pack)
    require_pack(folder)
    try:
        loaded, report = _checked(folder, trust=trust, write=write, self_test=self_test, changed=changed)
    except PackError as error:
        if not json:
            raise SetupError(str(error)) from None
        print_json([_as_json(problem) for problem in error.problems])
        raise typer.Exit(1) from None
    if json:
        print_json([_as_json(finding) for finding in (*report.findings, *report.notes)])
    else:
        for line in _told(report, len(active_questions(loaded)), self_test=self_test):
            say(line)
    if report.errors:
        raise typer.Exit(1)


@app.command()
def stats(pack: Folder = None, json: AsJson = False, trust: Trust = False) -> None:
    """Count what a pack is made of: kinds of questions, levels, bias, and the proofs that held just now."""
    folder = _folder(pack)
    require_pack(folder)
    try:
        loaded, report = _checked(folder, trust=trust)
    except PackError as error:
        raise SetupError(str(error)) from None
    figures = content_stats(loaded, report)
    if json:
        print_json(figures)
        return
    for row in rows(figures):
        say(row)


def _folder(pack: Path | None) -> Path:
    """Return the folder that is meant. A folder here comes before a shipped pack of that name."""
    shipped = {each.name: each for each in shipped_packs_folder().iterdir() if each.is_dir()}
    if pack is None:
        return shipped_packs_folder() / DEFAULT_PACK
    is_id = str(pack) in shipped and not pack.exists()
    return shipped[str(pack)] if is_id else pack


def _checked(
    folder: Path, *, trust: bool, write: bool = False, self_test: bool = False, changed: bool = False
) -> tuple[Pack, Report]:
    # What is a link now may lead elsewhere later, and files may change: what was loaded first is what
    # somebody was asked about, and nothing else is run.
    folder = Path(os.path.realpath(folder))
    pack = load_pack(folder, needs_lock=not write)
    _ask_before_running(
        pack, trust=trust or folder.is_relative_to(os.path.realpath(shipped_packs_folder()))
    )
    if write:
        _write_lock(pack, folder)
    only = changed_files(folder) if changed else None
    with _ended_in_order(), ORPHANS.adopted(), counting("Running the proofs") as tell:
        today = SystemClock().now().date()
        return pack, check_pack(
            pack, folder, judge, progress=tell, change_code=self_test, today=today, only=only
        )


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Have SIGTERM end what runs and remove temporary files, as Ctrl+C does."""
    before = signal.signal(signal.SIGTERM, _exit)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _exit(number: int, _: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


def _ask_before_running(pack: Pack, *, trust: bool) -> None:
    """Say whose programs are run, and how closed in. Raises SetupError when nobody trusts their author."""
    programs = sum(question.verify.kind != "doc" for question in active_questions(pack)) + count_tries(pack)
    if not programs:
        return
    what = "1 program" if programs == 1 else f"{programs} programs"
    if not trust:
        said = f"The proofs of {pack.info.id} are {what} written by its author. {isolation().says}"
        if not sys.stdin.isatty():
            raise SetupError(f"{said} Add --trust to run them.")
        say_aside(said)
        if not typer.confirm("Run them?", err=True):
            raise SetupError("Nothing was run.")
    say_aside(f"Running {what} of {pack.info.id}. {isolation().says}")


def _write_lock(pack: Pack, folder: Path) -> None:
    try:
        text = write_lock(pack, lock_text(folder))
        PackFolder(folder).replace(LOCK, text)
    except FileError as error:
        raise SetupError(f"{LOCK}: {error.advice}") from None


def _told(report: Report, questions: int, *, self_test: bool) -> Iterator[str]:
    """Yield the report as lines: each finding, what was not run, and the sums."""
    yield from map(str, report.findings)
    yield from _not_run(report)
    if self_test:
        tested, blind = report.tested, len(report.tested.blind)
        yield f"{tested.questions} proofs met {tested.mutants} changes; {blind} were not noticed."
    if report.tries:
        yield f"{report.tried} of {len(report.tries)} tries came out as written."
    if left := questions - len(report.outcomes):
        yield f"{left} questions are in files that have not changed; their proofs were not run."
    errors = _count(len(report.errors), "error")
    warnings, keys = _count(len(report.warnings), "warning"), _count(report.verified, "key")
    yield f"{errors}, {warnings}; {keys} proven by machine."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _not_run(report: Report) -> Iterator[str]:
    """Yield lines on the proofs that could not run here: how many, why, and whose they are."""
    for missed, group in groupby(sorted(report.not_run, key=_missed), key=_missed):
        ids = [outcome.question for outcome in group]
        yield f"{len(ids)} {'proof' if len(ids) == 1 else 'proofs'} {missed}:"
        yield from wrap(", ".join(ids), 100, initial_indent="  ", subsequent_indent="  ")
    for note in report.notes:
        if note.check == "try":
            yield note.message


def _missed(outcome: Outcome) -> str:
    return outcome.missed


def _as_json(problem: Problem) -> dict[str, object]:
    """Return a finding, or a problem that keeps a pack from loading, as a JSON object of one form."""
    names = ("file", "line", "message", "hint", "severity", "check")
    of_loading = {"severity": Severity.ERROR, "check": "form"}
    return {name: getattr(problem, name, of_loading.get(name)) for name in names}
