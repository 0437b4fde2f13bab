"""``milepost content``: check packs and count what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import AsJson, counting, print_json, say
from bot.errors import SetupError
from content.checks import Report, Severity, check_pack, content_stats, write_lock
from content.checks.files import LOCK
from content.checks.folder import FileError, PackFolder
from content.checks.lock import lock_text
from content.errors import PackError
from content.loader import load_pack, shipped_packs_folder
from content.model import Pack

app = typer.Typer(help="The study content.", no_args_is_help=True)

DEFAULT_PACK = "backend-python"
Folder = Annotated[Path | None, typer.Argument(help="A pack's folder. Leave it out for the shipped pack.")]


@app.command()
def check(
    pack: Folder = None,
    json: AsJson = False,
    write: Annotated[bool, typer.Option("--write-lock", help="Add new ids to ids.lock first.")] = False,
) -> None:
    """Prove a pack: its form, its ids, and the key of every question that a machine can prove."""
    folder = pack or shipped_packs_folder() / DEFAULT_PACK
    if write:
        _write_lock(folder)
    _, report = _checked(folder)
    if json:
        print_json([_as_json(finding) for finding in report.findings])
    else:
        for finding in report.findings:
            say(str(finding))
        errors = sum(finding.severity is Severity.ERROR for finding in report.findings)
        others = len(report.findings) - errors
        say(f"{errors} errors, {others} warnings; {report.verified} keys proven by machine.")
    if any(finding.severity is Severity.ERROR for finding in report.findings):
        raise typer.Exit(1)


@app.command()
def stats(pack: Folder = None, json: AsJson = False) -> None:
    """Count topics, questions, prompts, challenges, and the questions whose proof held just now."""
    folder = pack or shipped_packs_folder() / DEFAULT_PACK
    loaded, report = _checked(folder)
    figures = content_stats(loaded, report)
    if json:
        print_json(figures)
        return
    for name in ("topics", "questions", "prompts", "challenges", "verified"):
        say(f"{name:<11} {figures[name]:>5}")


def _checked(folder: Path) -> tuple[Pack, Report]:
    pack = _load(folder, needs_lock=True)
    with counting("Running the proofs") as tell:
        return pack, check_pack(pack, folder, progress=tell)


def _load(folder: Path, *, needs_lock: bool) -> Pack:
    try:
        return load_pack(folder, needs_lock=needs_lock)
    except PackError as error:
        raise SetupError(str(error)) from None


def _write_lock(folder: Path) -> None:
    try:
        text = write_lock(_load(folder, needs_lock=False), lock_text(folder))
        PackFolder(folder).replace(LOCK, text)
    except FileError as error:
        raise SetupError(f"{LOCK}: {error}.") from None


def _as_json(finding: object) -> dict[str, object]:
    names = ("file", "line", "message", "hint", "severity", "check")
    return {name: getattr(finding, name) for name in names}
