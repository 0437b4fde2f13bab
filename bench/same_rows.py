"""Plain drivers that write what an answer writes, each answer a durable transaction of its own."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from itertools import islice
from pathlib import Path
from typing import Any

import asyncpg

from bench.rows import STATEMENTS, WAITING, Answering, numbered

_NUMBERED = tuple(numbered(statement) for statement in STATEMENTS)


def on_sqlite(file: Path, at: dt.datetime, seconds: float) -> float:
    """Return answers a second on one connection, as ``storage`` has it: WAL, FULL, foreign keys.

    More connections would only wait for each other: a SQLite file has one writer at a time.
    """
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {setting}")
        answers = given(connection.execute(WAITING).fetchall(), at)
        began, written = time.perf_counter(), 0
        for answer in _for_seconds(answers, seconds):
            connection.execute("BEGIN IMMEDIATE")
            values = answer.values
            for statement in STATEMENTS:
                connection.execute(statement, values)
            connection.execute("COMMIT")
            written += 1
        return written / (time.perf_counter() - began)


async def on_postgresql(url: str, at_once: int, at: dt.datetime, seconds: float) -> float:
    """Return answers a second on so many connections at once, with the server's default settings."""
    async with _connections(url, at_once) as connections:
        answers = given(await connections[0].fetch(WAITING), at)
        waiting = _for_seconds(answers, seconds)
        began = time.perf_counter()
        written = await asyncio.gather(*(_write(connection, waiting) for connection in connections))
        return sum(written) / (time.perf_counter() - began)


def given(rows: Iterable[Sequence[Any]], at: dt.datetime) -> list[Answering]:
    """The answers to write of what ``WAITING`` found. Raises RuntimeError when it found none."""
    day = at.date().isoformat()
    microseconds = int(at.timestamp()) * 1_000_000
    found = [
        Answering(post_id, group_id, topic, question_id, member_id, state, microseconds, day)
        for post_id, group_id, topic, question_id, member_id, state in rows
    ]
    if not found:
        raise RuntimeError("every question has been answered: ask more of them")
    return found


async def _write(connection: Any, waiting: Iterator[Answering]) -> int:
    written = 0
    for answer in waiting:
        values = answer.values
        async with connection.transaction():
            for statement, names in _NUMBERED:
                await connection.execute(statement, *(values[name] for name in names))
        written += 1
    return written


def _for_seconds(answers: Sequence[Answering], seconds: float) -> Iterator[Answering]:
    """Yield one answer after another until the time is over; all connections take from it."""
    until = time.perf_counter() + seconds
    for answer in islice(answers, len(answers)):
        if time.perf_counter() > until:
            return
        yield answer


@asynccontextmanager
async def _connections(url: str, number: int) -> AsyncIterator[list[Any]]:
    connections = [await asyncpg.connect(url) for _ in range(number)]
    try:
        yield connections
    finally:
        for connection in connections:
            await connection.close()
