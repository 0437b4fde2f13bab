"""Copies of a database file: made while Milepost runs, and put back.

SQLite's own backup copies one state of the file, whatever is written meanwhile. A copy counts only once
it has been opened and looked through. Source: sqlite.org, "SQLite Backup API".
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from bot.errors import StorageError
from storage.engine import plain_errors
from storage.schema import REVISIONS

_SIDES = ("", "-wal", "-shm")
_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"


def copy_database(source: Path, target: Path) -> Mapping[str, int]:
    """Copy a database to a file that is not there yet, or not at all; the rows of each of its tables.

    The source is opened to read only, so it may be in use. Raises StorageError when the source is no
    database of Milepost's, when the copy is not whole, and when the target cannot be written.
    """
    draft = target.with_name(f".{target.name}.part")
    try:
        with plain_errors(str(source)):
            _copy(source, draft)
            rows = _looked_through(draft, source)
        _keep(draft, target)
    except OSError as error:
        raise StorageError(f"The file {target} cannot be written: {error.strerror}.") from None
    finally:
        for side in _SIDES:
            draft.with_name(draft.name + side).unlink(missing_ok=True)
    return rows


def set_aside(database: Path, stamp: str) -> Path:
    """Rename a database, with what SQLite keeps beside it, to a name with the stamp; the new path."""
    aside = database.with_name(f"{database.name}.{stamp}")
    try:
        for side in _SIDES:
            file = database.with_name(database.name + side)
            if file.exists():
                file.rename(aside.with_name(aside.name + side))
    except OSError as error:
        raise StorageError(f"The file {database} cannot be set aside: {error.strerror}.") from None
    return aside


def _copy(source: Path, draft: Path) -> None:
    draft.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as before,
        closing(sqlite3.connect(draft)) as after,
    ):
        before.backup(after)
        # So that the copy is one file; it goes back to write-ahead logging where it is put to use.
        after.execute("PRAGMA journal_mode = DELETE")


def _looked_through(draft: Path, source: Path) -> dict[str, int]:
    """The rows by table. Raises StorageError for what is damaged or none of Milepost's."""
    with closing(sqlite3.connect(draft)) as copy:
        damage = [found for (found,) in copy.execute("PRAGMA integrity_check") if found != "ok"]
        orphans = copy.execute("PRAGMA foreign_key_check").fetchall()
        if damage or orphans:
            what = damage[0] if damage else f"{len(orphans)} rows refer to nothing"
            raise StorageError(f"The database {source} is damaged ({what}): nothing was copied.")
        tables = [name for (name,) in copy.execute(_TABLES)]
        if REVISIONS not in tables:
            raise StorageError(f"The file {source} is not a Milepost database: name another file.")
        names = [name for name in tables if name != REVISIONS]
        return {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608


def _keep(draft: Path, target: Path) -> None:
    """Give the copy its name, once it is on the disk for good."""
    _sync(draft)
    draft.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
