"""``milepost content import`` and ``export``: questions from and for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from bot.chat.clock import SystemClock
from bot.errors import SetupError
from content.checks.folder import FileError, PackFolder
from content.formats import FORMATS, Format, Note, RefusedError, format_named, format_of
from content.formats.pack import appended, exported, imported
from milepost.cli.output import say
from milepost.cli.pack_folder import loaded
from milepost.cli.writing import write_files

PARTS = (".yaml", ".lock")
"""Ends of the names of files that a pack is made of."""

NAMES = ", ".join(each.name for each in FORMATS)

As = Annotated[str, typer.Option("--as", help=f"The format: {NAMES}.")]
ReportFile = Annotated[Path | None, typer.Option("--report", help="Write the report into this file too.")]


def import_questions(
    file: Annotated[
        Path, typer.Argument(help="A file of another program: a quiz, a table, a deck of Anki.")
    ],
    to: Annotated[Path, typer.Option("--to", help="The folder of a pack.")],
    topic: Annotated[str, typer.Option(help="The topic; if left out, the one that the file names.")] = "",
    format_name: As = "",
    report: ReportFile = None,
) -> None:
    """Add the questions of another program's file to a pack, and say what could not be carried over."""
    format_ = _format(format_name or None, file.name)
    pack = loaded(to, needs_lock=False, needs_questions=False)
    if topic and topic not in (known := [each.id for each in pack.topics]):
        raise SetupError(f"The roadmap has no topic {topic}; it has {', '.join(known[:20])}.")
    try:
        result = imported(format_, _bytes(file, format_.file_bytes), file.name, pack, topic)
        folder = PackFolder(to)
        texts = {name: appended(folder, name, each) for name, each in result.questions.items()}
        write_files(_report(result.notes, report, to))  # first: once it fails, nothing was added
        folder.replace_all({f"questions/{name}.yaml": text for name, text in texts.items()})
    except RefusedError as error:
        raise SetupError(str(error)) from None
    except FileError as error:
        raise SetupError(f"{to}: {error.advice} Nothing was added.") from None
    _tell(result.notes)
    if not result.count:
        say("No question was added.")
    else:
        say(f"{_count(result.count)} added to {', '.join(result.questions)}.")
        say(f"Next: milepost content check {quote(str(to))} --write-lock")


def export_questions(
    folder: Annotated[Path, typer.Argument(help="The folder of a pack.")],
    format_name: As,
    to: Annotated[Path | None, typer.Option("--to", help="The file to write, new or old.")] = None,
    report: ReportFile = None,
) -> None:
    """Write the active questions of a pack for another program, and say what could not be carried over."""
    format_ = _format(format_name)
    pack = loaded(folder, needs_lock=False)
    file = to or Path(f"{pack.info.id}{format_.suffixes[0]}")
    result = exported(format_, pack, SystemClock().now())
    _require_outside(file, folder)
    write_files({**_report(result.notes, report, folder), file: result.data})
    _tell(result.notes)
    say(f"{_count(result.count)} written to {file}.")


def register(app: typer.Typer) -> None:
    """Put both commands under ``milepost content``."""
    app.command("import")(import_questions)
    app.command("export")(export_questions)


def _format(name: str | None, file: str = "") -> Format:
    if found := format_named(name) if name else format_of(file):
        return found
    unknown = f"There is no format {name}." if name else f"The name {file} doesn't say what format it has."
    raise SetupError(f"{unknown} Say --as with one of {NAMES}.")


def _bytes(file: Path, most: int) -> bytes:
    """Return a file's content, one byte more than is read at most: the format refuses what is larger."""
    try:
        if not file.is_file():
            raise SetupError(
                f"{file} isn't a file. Name the file to import, and check the folder that you're in."
            )
        with file.open("rb") as opened:
            return opened.read(most + 1)
    except OSError as error:
        raise SetupError(f"{file} can't be read: {error.strerror}. Look at its permissions.") from None


def _tell(notes: Sequence[Note]) -> None:
    for note in notes:
        say(str(note))


def _report(notes: Sequence[Note], report: Path | None, pack: Path) -> dict[Path, bytes]:
    """Return the file of the report as it is to be written; no file without ``report``."""
    if report is None:
        return {}
    _require_outside(report, pack)
    return {report: "".join(f"{note}\n" for note in notes).encode()}


def _require_outside(file: Path, pack: Path) -> None:
    """Raise SetupError for a file that is part of the pack: it would be lost."""
    if file.is_file() and file.resolve().is_relative_to(pack.resolve()) and file.suffix in PARTS:
        raise SetupError(f"{file} is part of the pack and would be overwritten. Choose another name.")


def _count(number: int) -> str:
    return "1 question" if number == 1 else f"{number} questions"
