"""``milepost db backup`` and ``milepost db restore``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.chat.clock import SystemClock
from bot.errors import SetupError
from bot.views.common import count
from milepost.bootstrap import make_folder
from milepost.cli.engine import no_database
from milepost.cli.output import AsJson, print_json, say, working
from milepost.cli.run import alone, core_settings
from milepost.settings import ProgramSettings
from storage.backup import copy_database, put_back


def backup(
    file: Annotated[
        Path | None, typer.Argument(help="Where to put it. If left out, a dated file next to the database.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Copy the database, also while Milepost runs, and look the copy through."""
    source = _file_of(core_settings())
    _must_exist(source, no_database(source))
    target = file or source.with_name(f"{source.stem}-{_stamp()}.db")
    if target.exists():
        raise SetupError(f"{target} already exists. Choose another name, so that no backup is lost.")
    if not target.parent.is_dir():
        raise SetupError(f"There is no folder {target.parent}. Create it, or choose another name.")
    with working("Copying the database"):
        rows = copy_database(source, target)
    if json:
        print_json({"file": str(target), "rows": dict(rows)})
    else:
        say(f"{target} is complete: {count(sum(rows.values()), 'row')} in {count(len(rows), 'table')}.")


def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the database that is there.")] = False,
    json: AsJson = False,
) -> None:
    """Put a backup where the database belongs. A database that is there is kept under another name."""
    settings = core_settings()
    target = _file_of(settings)
    _must_exist(file, f"There is no file {file}.")
    if target.exists() and not force:
        raise SetupError(
            f"There is already a database {target}. To replace it with the backup, add --force."
        )
    make_folder(settings)
    with alone(settings), working("Restoring the backup"):
        found = asyncio.run(put_back(file, target, f"before-{_stamp()}"))
    rows, aside = found.rows, found.aside
    if json:
        kept = str(aside) if aside else None
        print_json({"file": str(target), "rows": dict(rows), "kept": kept, "forgotten": found.forgotten})
        return
    say(f"{target} was restored: {count(sum(rows.values()), 'row')} in {count(len(rows), 'table')}.")
    if aside:
        say(f"The previous database is kept as {aside}.")
    if found.forgotten:
        people = count(found.forgotten, "person", "people")
        say(f"Forgotten in it too: {people} who were forgotten after the backup was made.")
    if found.forgotten is None:
        say(
            "The previous database can't be read, so nobody knows who was forgotten after the backup was "
            "made. Forget them again: milepost member forget."
        )


def _file_of(settings: ProgramSettings) -> Path:
    """Return the database file. Raises SetupError where a server keeps the database."""
    if settings.database_file is None:
        raise SetupError("A PostgreSQL database is copied with pg_dump and restored with pg_restore.")
    return settings.database_file


def _must_exist(file: Path, sentence: str) -> None:
    if not file.is_file():
        raise SetupError(sentence)


def _stamp() -> str:
    return f"{SystemClock().now():%Y%m%d-%H%M%S}"
