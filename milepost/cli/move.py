"""``milepost db move``: from a file to a server."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import SetupError
from bot.toolkit.redaction import withhold
from bot.views.common import count
from milepost.cli.engine import no_database
from milepost.cli.output import AsJson, counting, print_json, say
from milepost.cli.run import alone, core_settings
from milepost.settings import ProgramSettings
from storage.move import move as move_rows


def move(
    to: Annotated[str, typer.Option("--to", help="An empty database: postgresql://USER@HOST/NAME.")],
    json: AsJson = False,
) -> None:
    """Copy the database file to an empty PostgreSQL database, whole or not at all; the file stays."""
    settings = core_settings()
    withhold(to)
    file = _file_of(settings, to)
    with alone(settings), counting("Moving the rows") as tell:
        rows = asyncio.run(
            move_rows(
                file,
                to,
                busy_timeout=settings.database_busy_seconds,
                tell=tell,
                password=settings.database_password,
            )
        )
    if json:
        print_json({"file": str(file), "rows": dict(rows)})
        return
    for table, number in rows.items():
        say(f"{table:<18} {number:>12,}")
    say(f"{count(sum(rows.values()), 'row')} in {count(len(rows), 'table')} were counted on both sides.")
    say("Set MILEPOST_DATABASE_URL to that address and start Milepost. Never start it on the file again.")


def _file_of(settings: ProgramSettings, to: str) -> Path:
    """Return the file to move. Raises SetupError where there is nothing to move."""
    if settings.database_url == to:
        raise SetupError("MILEPOST_DATABASE_URL is already that database, so there is nothing to move.")
    if settings.database_file is None:
        raise SetupError(
            "MILEPOST_DATABASE_URL is a server, and only files can be moved. Use pg_dump and pg_restore."
        )
    if not settings.database_file.is_file():
        raise SetupError(no_database(settings.database_file))
    return settings.database_file
