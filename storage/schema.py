"""The schema's version: what it is, and bringing it up to this Milepost's."""

from __future__ import annotations

import asyncio
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import DatabaseNewer, StorageError
from storage.engine import IMMEDIATE, is_sqlite, place, plain_errors, try_to_open
from storage.shape import SCHEMA_ROWS, Shape, shape_of_file, shown

MIGRATIONS = Path(__file__).parent / "migrations"
REVISIONS = "alembic_version"
"""The table that says which revision a database has."""

_PATIENCE = 50
_PAUSE = 0.1


async def current(engine: AsyncEngine) -> str | None:
    """The revision of the database; None for an empty one. Changes nothing."""
    with plain_errors(place(engine)):
        if is_sqlite(engine):
            await try_to_open(engine)
        async with engine.connect() as connection:
            return await connection.run_sync(_revision)


async def compare(engine: AsyncEngine) -> tuple[str | None, str]:
    """(the database's revision, this Milepost's newest). Changes nothing. Raises DatabaseNewer."""
    scripts = ScriptDirectory.from_config(_config())
    found = await current(engine)
    return found, _newest(scripts, found, place(engine))


async def try_to_write(engine: AsyncEngine) -> None:
    """Take the write lock and give it back, changing nothing. Raises StorageError when it is taken."""
    with plain_errors(place(engine)):
        async with (
            engine.execution_options(**IMMEDIATE).connect() as connection,
            connection.begin() as writing,
        ):
            await writing.rollback()


async def upgrade(engine: AsyncEngine) -> tuple[str | None, str]:
    """Bring the database to the newest revision; returns (from, to), equal when it was there already.

    All or nothing, in one transaction; a second process that starts at the same time waits and then
    finds it done. Raises DatabaseNewer, and leaves the file as it was, when a newer Milepost wrote it.
    """
    config = _config()
    where = place(engine)
    found, newest = await compare(engine)
    with plain_errors(where):
        async with engine.execution_options(**IMMEDIATE).connect() as connection:
            if not is_sqlite(engine):
                return await _bring_up(connection, config, where), newest
            driver = await _driver(connection)
            await _use_wal(driver)
            if found == newest:
                return found, newest
            # A batch migration copies a table and drops the old one: with foreign keys on, that would
            # count as deleting its rows. The pragma does nothing inside a transaction.
            await driver.execute("PRAGMA foreign_keys = OFF")
            try:
                found = await _bring_up(connection, config, where)
            finally:
                await driver.execute("PRAGMA foreign_keys = ON")
    return found, newest


@cache
def fresh_shape(revision: str) -> Shape:
    """The shape of a new file at a revision. Raises DatabaseNewer for one that nobody here has heard of."""
    known(revision, "")
    engine = sa.create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            migrate(connection, revision)
            rows = connection.exec_driver_sql(SCHEMA_ROWS).all()
            encoding = str(connection.exec_driver_sql("PRAGMA encoding").scalar())
            return shape_of_file(((row[0], row[1], row[2], row[3]) for row in rows), encoding)
    finally:
        engine.dispose()


def known(revision: str, where: str) -> None:
    """Raises DatabaseNewer unless this Milepost has heard of the revision of the database ``where``."""
    _newest(ScriptDirectory.from_config(_config()), revision, where)


def migrate(connection: sa.Connection, revision: str = "head") -> None:
    """Make or bring up the tables where this connection looks for them, in its transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def _bring_up(connection: AsyncConnection, config: Config, where: str) -> str | None:
    """Run what is missing in one transaction; the revision from before."""
    async with connection.begin():
        found = await connection.run_sync(_revision)
        _newest(ScriptDirectory.from_config(config), found, where)
        config.attributes["connection"] = connection.sync_connection
        await connection.run_sync(lambda _: command.upgrade(config, "head"))
        if connection.dialect.name == "sqlite":
            await _check_references(connection, where)
    return found


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _revision(connection: sa.Connection) -> str | None:
    """The one revision. Raises StorageError where there are several, which no Milepost writes."""
    heads: tuple[object, ...] = MigrationContext.configure(connection).get_current_heads()
    # Whoever changes a file may leave bytes there, or nothing at all.
    found = [each if isinstance(each, str) else repr(each) for each in heads]
    if len(found) > 1:
        raise StorageError(
            f"The database {connection.engine.url.database} claims to have {len(found)} revisions "
            f"({', '.join(shown(each) for each in sorted(found)[:3])}): it was changed by hand, so "
            "restore a backup."
        )
    return found[0] if found else None


def _newest(scripts: ScriptDirectory, found: str | None, where: str) -> str:
    """The newest revision. Raises DatabaseNewer when this Milepost has never heard of ``found``."""
    known = [script.revision for script in scripts.walk_revisions()]
    if found is not None and found not in known:
        raise DatabaseNewer(
            f"The database {where} was written by a newer Milepost (revision {shown(found)}): install that "
            "version, or restore a backup from before. It has not been changed."
        )
    return known[0]


async def _driver(connection: AsyncConnection) -> Any:
    """The aiosqlite connection, for what must happen outside a transaction."""
    return (await connection.get_raw_connection()).driver_connection


async def _use_wal(driver: Any) -> None:
    """Write-ahead logging, which the file remembers.

    SQLite does not wait for its turn here, even with a busy timeout, so two that start at once do.
    """
    for _ in range(_PATIENCE):
        try:
            await driver.execute_fetchall("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise
            await asyncio.sleep(_PAUSE)
        else:
            return
    await driver.execute_fetchall("PRAGMA journal_mode = WAL")


async def _check_references(connection: AsyncConnection, where: str) -> None:
    broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
    if broken:
        raise StorageError(
            f"The database {where} holds {len(broken)} rows that refer to nothing, so it was not "
            "migrated: restore a backup."
        )
