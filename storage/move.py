"""A database file carried over to a server: every row of every table, or none.

The file is opened to read only. The rows go in one transaction of the server, so whoever is killed in the
middle leaves it empty. They go as they lie in the file, by COPY. Source: PostgreSQL's documentation,
"Populating a Database".
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import SetupError, StorageError
from storage.engine import IMMEDIATE, create_engine, is_sqlite, place, plain_errors, storage_error
from storage.schema import REVISIONS, compare, fresh_shape, upgrade
from storage.shape import differences, shape_in
from storage.tables import metadata

Tell = Callable[[int, int], None]
Carry = Callable[[Any], Any]

BATCH = 5_000
PATIENCE = 60.0
"""Seconds; a server that counts ten million rows is not silent for as long."""


async def move(
    file: Path,
    url: str,
    *,
    busy_timeout: float,
    tell: Tell,
    answer_timeout: float = PATIENCE,
    password: str = "",
) -> Mapping[str, int]:
    """Copy a database file to the server at ``url``, whose schema is made; the rows of each table.

    ``busy_timeout`` is how many seconds a lock is waited for, ``answer_timeout`` how many more the server
    may be silent; ``tell`` is called with the number of rows that are done, and of all. Nobody may write
    the file meanwhile. Raises SetupError for an address that is no server's, a database there that holds
    rows, and a file of another schema; StorageError for one that is damaged and a server that does not
    serve. Then nothing has changed, but for the schema.
    """
    target = create_engine(url, busy_timeout=busy_timeout, answer_timeout=answer_timeout, password=password)
    try:
        if is_sqlite(target):
            raise SetupError(
                "A file is copied with milepost db backup: --to takes postgresql://user@host/name."
            )
        await _must_be_of_this_version(file)
        with closing(_opened(file)) as source:
            await _prepare(target)
            return await _move_all(source, target, file, tell)
    finally:
        await target.dispose()


async def _prepare(target: AsyncEngine) -> None:
    """Make the tables, where no row is. Raises DatabaseNewer, or SetupError for any row."""
    await compare(target)
    with plain_errors(place(target)):
        async with target.connect() as connection:
            await _must_be_empty(connection, place(target))
    await upgrade(target)


async def _must_be_of_this_version(file: Path) -> None:
    """Raises DatabaseNewer, or SetupError for an older one."""
    engine = create_engine(f"sqlite:///{file}")
    try:
        found, newest = await compare(engine)
    finally:
        await engine.dispose()
    with plain_errors(str(file)), closing(sqlite3.connect(file)) as opened:
        shape = shape_in(opened)
    if found == newest and (odd := differences(fresh_shape(newest), shape)):
        raise SetupError(
            f"The database {file} isn't as Milepost makes it ({'; '.join(odd[:3])}): "
            "milepost db verify says more."
        )
    if found is None:
        raise SetupError(f"The file {file} isn't a Milepost database. Choose the right one.")
    if found != newest:
        raise SetupError(
            f"The database {file} has an older schema ({found}, not {newest}): "
            "run milepost db upgrade first."
        )


async def _must_be_empty(connection: AsyncConnection, where: str) -> None:
    """Raises SetupError for any row of any table, also of another program's."""
    names = await connection.run_sync(lambda plain: sa.inspect(plain).get_table_names())
    for name in sorted(set(names) - {REVISIONS}):
        one = sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
        if (await connection.execute(one)).first():
            raise SetupError(
                f"The database {where} holds rows already, in the table {name}, and was not changed: "
                "make an empty one with createdb."
            )


def _opened(file: Path) -> sqlite3.Connection:
    """One state of the file, whatever is written meanwhile. Raises StorageError for a damaged one."""
    with plain_errors(str(file)):
        source = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        source.execute("BEGIN")
        damage = [found for (found,) in source.execute("PRAGMA integrity_check") if found != "ok"]
        if damage or source.execute("PRAGMA foreign_key_check").fetchone():
            source.close()
            raise StorageError(f"The database {file} is damaged: milepost db verify says where.")
        return source


async def _move_all(
    source: sqlite3.Connection, target: AsyncEngine, file: Path, tell: Tell
) -> Mapping[str, int]:
    where = place(target)
    tables = metadata.sorted_tables  # what is referred to goes first
    with plain_errors(str(file)):
        rows = {table.name: _count(source, table.name) for table in tables}
    done, total = 0, sum(rows.values())
    tell(done, total)
    with plain_errors(where):
        async with target.execution_options(**IMMEDIATE).begin() as connection:
            await _must_be_empty(connection, where)  # now that nobody else can write
            for table in tables:
                for batch in _batches(source, table, file):
                    await _send(connection, table, batch, where)
                    done += len(batch)
                    tell(done, total)
                await _count_on(connection, table)
            await _must_be_all(connection, rows, where)
    return rows


def _batches(source: sqlite3.Connection, table: sa.Table, file: Path) -> Iterator[Sequence[Any]]:
    """The rows of a table as the server takes them."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    carried = [(place, carry) for place, each in enumerate(table.columns) if (carry := _carry(each))]
    with plain_errors(str(file)):
        cursor = source.execute(f'SELECT {names} FROM "{table.name}"')  # noqa: S608 - names of ours
        while rows := [list(row) for row in cursor.fetchmany(BATCH)]:
            for row in rows:
                for column, carry in carried:
                    if row[column] is not None:
                        row[column] = carry(row[column])
            yield rows


def _carry(column: sa.Column[Any]) -> Carry | None:
    """Return what a value of the file is on the server, where that is not the same."""
    if isinstance(column.type, sa.Text):
        return lambda text: text.replace("\0", "")  # which the server does not keep
    return None


async def _send(connection: AsyncConnection, table: sa.Table, rows: Sequence[Any], where: str) -> None:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    try:
        await driver.copy_records_to_table(table.name, records=rows, columns=table.columns.keys())
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise storage_error(error, where) from error
    except OSError:
        driver.terminate()  # or the end of the transaction would wait for an answer, too
        await connection.invalidate()
        raise


async def _count_on(connection: AsyncConnection, table: sa.Table) -> None:
    """The next id that the server gives is one that no row has."""
    if (column := table.autoincrement_column) is not None:
        after = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
        sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
        await connection.execute(sa.select(sa.func.setval(sequence, after, sa.false())))


async def _must_be_all(connection: AsyncConnection, rows: Mapping[str, int], where: str) -> None:
    for table in metadata.sorted_tables:
        found = await connection.scalar(sa.select(sa.func.count()).select_from(table))
        if found != rows[table.name]:
            raise StorageError(
                f"The database {where} took {found} of {rows[table.name]} rows of the table {table.name}, "
                "so nothing was moved: look into the server's log."
            )


def _count(source: sqlite3.Connection, name: str) -> int:
    return int(source.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 - a name of ours
