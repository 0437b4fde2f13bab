"""A check that what is committed is on a disk before anybody is told, for ``milepost doctor``."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.engine import is_sqlite, place, plain_errors

_FLUSHES = {2: "FULL", 3: "EXTRA"}
"""``PRAGMA synchronous`` with which SQLite flushes each commit. Source: sqlite.org, "PRAGMA Statements"."""

_ON_SERVER = ("fsync", "synchronous_commit")


@dataclass(frozen=True, slots=True)
class Durability:
    """``kept``: a commit outlives a power cut. ``says`` how, or what to change."""

    kept: bool
    says: str


async def durability(engine: AsyncEngine) -> Durability:
    """Ask a connection as Milepost opens it. Raises StorageError when there is none."""
    with plain_errors(place(engine)):
        async with engine.connect() as connection:
            return await (_of_file(connection) if is_sqlite(engine) else _of_server(connection))


async def _of_file(connection: AsyncConnection) -> Durability:
    journal, level = [
        (await connection.execute(sa.text(f"PRAGMA {name}"))).scalar_one()
        for name in ("journal_mode", "synchronous")
    ]
    flush = _FLUSHES.get(level, "not flushed")
    said = f"journal {journal.upper()}, commits {flush}, one connection to the file"
    return Durability(level in _FLUSHES, said)


async def _of_server(connection: AsyncConnection) -> Durability:
    off = [
        name
        for name in _ON_SERVER
        if (await connection.execute(sa.text(f"SHOW {name}"))).scalar_one() == "off"
    ]
    if off:
        said = f"a power cut may lose answers: set {' and '.join(off)} to on in the server's configuration"
        return Durability(kept=False, says=said)
    return Durability(kept=True, says="the server flushes each commit to its disk")
