"""One group with a long history, lived through Milepost itself, and many like it, copied in SQL."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from itertools import count

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.environment import FIRST_POSTS, MONDAY, BenchEnv
from storage.engine import NO_TRANSACTION, create_engine, is_sqlite
from storage.tables import metadata

SEATS = 25
"""Members of a group."""

DAYS, IDLE_EVERY = 250, 5
"""Days, a question on each; and the interval at which each member leaves one out."""

EVENING = FIRST_POSTS - MONDAY + dt.timedelta(hours=10)
AT_ONCE = 500_000
"""Rows that a statement writes, about."""

_TEXTS = {
    "event.event_id": "seed.event_id || ':' || copies.k",
    "answer.event_id": "seed.event_id || ':' || copies.k",
    "account.user_id": "seed.user_id || ':' || copies.k",
    "study_group.channel": "seed.channel || ':' || copies.k",
    "activity.key": ("'post:' || ((CAST(substr(seed.key, 6) AS BIGINT) - 1) * copies.n + copies.k + 1)"),
}
"""Texts that belong to one group or member alone, and those that hold the number of a post."""

_FAST = {
    True: (
        "PRAGMA journal_mode = OFF",
        "PRAGMA synchronous = OFF",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA cache_size = -1000000",
    ),
    False: ("SET session_replication_role = replica", "SET synchronous_commit = off"),
}
"""Statements for speed: all written here can be written again, with no flush, journal or foreign keys."""

_SETTLED = {True: ("PRAGMA journal_mode = WAL",), False: ("VACUUM ANALYZE", "CHECKPOINT")}
"""Statements for what a server would do in the background while the first are asked."""


async def live(env: BenchEnv, days: int = DAYS, seats: int = SEATS) -> int:
    """Let a group answer day by day; return how many answers it gave.

    The clock stands on the last evening.
    """
    await env.found(1)
    given = 0
    for day in range(days):
        env.clock.jump_to(FIRST_POSTS + dt.timedelta(days=day))
        await env.application.scheduler.run_once()
        question = env.questions(0)[-1]
        here = [seat for seat in range(seats) if (day + seat) % IDLE_EVERY]
        await asyncio.gather(*(env.answers(0, seat, question, day + seat) for seat in here))
        given += len(here)
    await env.application.scheduler.run_once()
    await env.application.scheduler.upkeep()
    return given


def evening(days: int = DAYS) -> dt.datetime:
    """Return an instant after the last answer, on the same day."""
    return MONDAY + EVENING + dt.timedelta(days=days - 1)


def whereabouts(seat: int, copy: int) -> tuple[str, str, str]:
    """Return the name, the user and the channel of a copied member."""
    return f"0-{seat}", f"0-{seat}:{copy}", f"channel-0:{copy}"


async def multiply(url: str, copies: int) -> None:
    """Put so many copies in the place of the one group; what is known of it is known of each.

    Copies alternate row by row, as if all groups had lived at the same time: the answers of one member lie
    far apart.
    """
    engine = create_engine(url)
    try:
        async with engine.execution_options(**NO_TRANSACTION).connect() as connection:
            for statement in _FAST[is_sqlite(engine)]:
                await connection.exec_driver_sql(statement)
            await _set_aside(connection, copies)
            indexes = [index for table in _tables() for index in table.indexes]
            for index in indexes:  # which are made faster at once, afterwards
                await connection.run_sync(index.drop)
            for table in _tables():
                await _copy(connection, table, copies)
            for index in indexes:
                await connection.run_sync(index.create)
            await connection.commit()
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            for statement in _SETTLED[is_sqlite(engine)]:
                await connection.exec_driver_sql(statement)
    finally:
        await engine.dispose()


async def _set_aside(connection: AsyncConnection, copies: int) -> None:
    """Write the numbers of the copies to ``copies``, and each table's rows to ``seed_<table>``."""
    await connection.exec_driver_sql(
        "CREATE TEMP TABLE copies AS WITH RECURSIVE counted (k) AS"
        f" (SELECT 0 UNION ALL SELECT k + 1 FROM counted WHERE k < {copies - 1})"
        f" SELECT k, {copies} AS n FROM counted"
    )
    for table in reversed(_tables()):
        await connection.exec_driver_sql(
            f"CREATE TEMP TABLE seed_{table.name} AS SELECT * FROM {table.name}"
        )
        await connection.exec_driver_sql(f"DELETE FROM {table.name}")
    await connection.commit()


_OF_NOBODY = {"note", "answer_key"}
"""Tables that hold nothing of a group, and are left as they are."""


def _tables() -> list[sa.Table]:
    """Return the tables of groups and members, each before those that refer to it."""
    return [table for table in metadata.sorted_tables if table.name not in _OF_NOBODY]


async def _copy(connection: AsyncConnection, table: sa.Table, copies: int) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.c)
    values = ", ".join(map(_copied, table.c))
    # CROSS JOIN keeps SQLite to this order, in which the numbers rise.
    statement = (
        f"INSERT INTO {table.name} ({names}) SELECT {values} FROM seed_{table.name} AS seed"
        " CROSS JOIN copies"
    )
    if "id" not in table.c:
        await connection.exec_driver_sql(statement)
        await connection.commit()
        return
    last = (await connection.exec_driver_sql(f"SELECT max(id) FROM seed_{table.name}")).scalar() or 0
    for first, end in _batches(last, max(AT_ONCE // copies, 1)):
        await connection.exec_driver_sql(f"{statement} WHERE seed.id BETWEEN {first} AND {end}")
        await connection.commit()


def _batches(last: int, size: int) -> Iterator[tuple[int, int]]:
    for first in count(1, size):
        if first > last:
            return
        yield first, first + size - 1


def _copied(column: sa.Column[object]) -> str:
    """Return the SQL value of a column in a copy."""
    name = f"{column.table.name}.{column.name}"
    if name in _TEXTS:
        return _TEXTS[name]
    own = f'seed."{column.name}"'
    is_number = column.name == "id" or column.foreign_keys
    return f"({own} - 1) * copies.n + copies.k + 1" if is_number else own
