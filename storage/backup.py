"""Copies of a database file: made while Milepost runs, and put back.

SQLite's own backup copies one state of the file, whatever is written meanwhile. A copy counts only once
it has been opened and looked through. Source: sqlite.org, "SQLite Backup API".
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from bot.errors import DatabaseNewer, SetupError, StorageError
from storage.engine import create_engine, plain_errors
from storage.forgetting import fingerprints_in, forget_again
from storage.schema import REVISIONS, compare, fresh_shape, known
from storage.shape import differences, shape_in

_SIDES = ("", "-wal", "-shm")
_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"


def copy_database(source: Path, target: Path) -> Mapping[str, int]:
    """Copy a database to a file that is not there yet, or not at all; the rows of each of its tables.

    The source is opened to read only, so it may be in use. Raises StorageError when the source is no
    database of Milepost's, when its schema isn't the one of its revision, when the copy is not whole, and
    when the target cannot be written. Raises DatabaseNewer. What no restore would take is no backup.
    """
    draft = target.with_name(f".{target.name}.part")
    try:
        _must_have_room(source, target.parent)
        with plain_errors(str(source)):
            _copy(source, draft)
            _must_be_of_milepost(draft, source)
            rows = _looked_through(draft, source)
        _keep(draft, target)
    except OSError as error:
        raise StorageError(f"The file {target} cannot be written: {error.strerror}.") from None
    finally:
        for side in _SIDES:
            draft.with_name(draft.name + side).unlink(missing_ok=True)
    return rows


@dataclass(frozen=True, slots=True)
class PutBack:
    """A backup in its place: the rows of each table, and where the database is that was there, if one was.

    ``forgotten`` people were in it who had been forgotten since; None if nobody knows, because the database
    that was there can't be read.
    """

    rows: Mapping[str, int]
    aside: Path | None
    forgotten: int | None


async def put_back(backup: Path, target: Path, stamp: str) -> PutBack:
    """Copy a backup to where the database belongs, without those who were forgotten since.

    What was there, with what SQLite keeps beside it, is kept under a name with the stamp. Whoever is killed
    on the way leaves either the old database or none, and then ``require_whole`` says so. Raises
    DatabaseNewer and StorageError, also for a schema that isn't the one of its revision: a table or column
    that is missing, or something foreign, such as a trigger. Then nothing has changed.
    """
    draft = _draft_of(target)
    copy_database(backup, draft)
    try:
        await _must_not_be_newer(draft, backup)
        others = fingerprints_in(target)
        forgotten = None if others is None else await forget_again(draft, others)
        aside = _kept(target, stamp)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    with plain_errors(str(target)):
        for side in _SIDES:  # first the file itself: without the log beside it, it would be an older state
            _beside(target, side).unlink(missing_ok=True)
        _keep(draft, target)
        return PutBack(_looked_through(target, target), aside, forgotten)


def require_whole(target: Path) -> None:
    """Raises SetupError where a restore was broken off, so that nobody begins with an empty database."""
    if _draft_of(target).exists() and not target.exists():
        raise SetupError(
            f"A restore of the database {target} was broken off: run milepost db restore with the backup "
            "once more."
        )


def _draft_of(target: Path) -> Path:
    return target.with_name(f"{target.name}.restored")


def _beside(file: Path, side: str) -> Path:
    return file.with_name(file.name + side)


def _kept(database: Path, stamp: str) -> Path | None:
    """Give the database a second name, and what is beside it; None where nothing was there."""
    there = [side for side in _SIDES if _beside(database, side).exists()]
    aside = _free(database.with_name(f"{database.name}.{stamp}"))
    try:
        for side in there:
            _give_second_name(_beside(database, side), _beside(aside, side))
        _sync(database.parent)
    except OSError as error:
        raise StorageError(f"The file {database} cannot be kept as {aside}: {error.strerror}.") from None
    return aside if there else None


def _free(name: Path) -> Path:
    """The name, or the first numbered one that nothing has."""
    numbered = (name.with_name(f"{name.name}-{number}") for number in count(2))
    names = chain([name], numbered)
    return next(each for each in names if not any(_beside(each, side).exists() for side in _SIDES))


def _give_second_name(file: Path, name: Path) -> None:
    try:
        name.hardlink_to(file)
    except OSError:  # a file system without links
        shutil.copy2(file, name)
        _sync(name)


async def _must_not_be_newer(draft: Path, backup: Path) -> None:
    engine = create_engine(f"sqlite:///{draft}")
    try:
        await compare(engine)
    except DatabaseNewer as error:
        raise DatabaseNewer(str(error).replace(str(draft), str(backup))) from None
    finally:
        await engine.dispose()


def _copy(source: Path, draft: Path) -> None:
    draft.unlink(missing_ok=True)
    with (
        closing(_wary(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as before,
        closing(_wary(draft)) as after,
    ):
        before.backup(after)
        # So that the copy is one file; it goes back to write-ahead logging where it is put to use.
        after.execute("PRAGMA journal_mode = DELETE")


def _wary(file: Path | str, *, uri: bool = False) -> sqlite3.Connection:
    """Open a file that somebody else may have made: its schema may call nothing that does harm."""
    connection = sqlite3.connect(file, uri=uri)
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _must_have_room(source: Path, folder: Path) -> None:
    """Raises StorageError where the copy would fill the disk: a file may claim to be larger than it is."""
    size, free = source.stat().st_size, shutil.disk_usage(folder).free
    if size > free:
        raise StorageError(
            f"The database {source} has {size >> 20:,} MiB, and the disk of {folder} has room for "
            f"{free >> 20:,}: nothing was copied."
        )


def _must_be_of_milepost(draft: Path, source: Path) -> None:
    """Read the schema as text, before anything in it could run.

    Raises StorageError for one that Milepost's migrations do not make, and DatabaseNewer.
    """
    with closing(_wary(draft)) as copy:
        shape = shape_in(copy)
        if ("table", REVISIONS) not in shape:
            raise StorageError(f"The file {source} isn't a Milepost database. Choose another file.")
        found = [revision for (revision,) in copy.execute(f"SELECT version_num FROM {REVISIONS} LIMIT 3")]  # noqa: S608
    if len(found) != 1 or not isinstance(found[0], str):
        raise StorageError(
            f"The database {source} has {len(found)} revisions, not one: it was changed by hand. "
            "Nothing was copied. Use a backup from before that."
        )
    known(found[0], str(source))
    if odd := differences(fresh_shape(found[0]), shape):
        more = f", and {len(odd) - 3} more" if len(odd) > 3 else ""
        raise StorageError(
            f"The database {source} isn't as Milepost makes it, so nothing was copied "
            f"({'; '.join(odd[:3])}{more}). Undo that change, or use a backup from before it."
        )


def _looked_through(draft: Path, source: Path) -> dict[str, int]:
    """The rows by table. Raises StorageError for what is damaged or none of Milepost's."""
    with closing(_wary(draft)) as copy:
        damage = [found for (found,) in copy.execute("PRAGMA integrity_check") if found != "ok"]
        orphans = copy.execute("PRAGMA foreign_key_check").fetchall()
        if damage or orphans:
            what = damage[0] if damage else f"{len(orphans)} rows refer to nothing"
            raise StorageError(f"The database {source} is damaged ({what}): nothing was copied.")
        tables = [name for (name,) in copy.execute(_TABLES)]
        if REVISIONS not in tables:
            raise StorageError(f"The file {source} isn't a Milepost database. Choose another file.")
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
