"""The ready database: opened, migrated, and closed at the end."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.ports import UseCase
from storage import schema
from storage.engine import create_engine, is_sqlite
from storage.group_commit import GroupCommit

T = TypeVar("T")


class SqlDatabase:
    """Implements ``bot.ports.Database``. ``engine`` is for ``storage`` and the command line."""

    def __init__(self, engine: AsyncEngine, *, group_size: int = 64) -> None:
        self.engine = engine
        self._commits = GroupCommit(engine, size=group_size)

    async def run(self, use_case: UseCase[T]) -> T:
        """Run it in a transaction of its own and return once that is durable.

        Raises what the use case raises, or a StorageError.
        """
        return await self._commits.run(use_case)

    async def read(self, use_case: UseCase[T]) -> T:
        """Run one that writes nothing. Cheaper than ``run``: it takes no lock while nobody writes.

        Raises what the use case raises, WritesAfterAll when it writes, or a StorageError.
        """
        return await self._commits.run(use_case, writes=False)

    async def close(self) -> None:
        """Finish what was accepted, then close."""
        await self._commits.close()


async def open_database(
    url: str,
    *,
    busy_timeout: float = 5.0,
    answer_timeout: float | None = None,
    group_size: int = 64,
    password: str = "",
) -> SqlDatabase:
    """Open the database at ``url``, made when absent and brought to this version's schema.

    ``busy_timeout`` is how many seconds a transaction waits for another process, ``answer_timeout`` how
    many more for a server that is silent (without end when None; the schema is always waited for), and
    ``group_size`` how many units of work share one; ``password`` is for a server's address that has none.
    Raises SetupError for a URL that is not served and StorageError when the database cannot be opened or is
    newer.
    """
    engine = create_engine(url, busy_timeout=busy_timeout, password=password)
    try:
        await schema.upgrade(engine)
    except BaseException:
        await engine.dispose()
        raise
    if answer_timeout is not None and not is_sqlite(engine):
        await engine.dispose()
        engine = create_engine(
            url, busy_timeout=busy_timeout, answer_timeout=answer_timeout, password=password
        )
    return SqlDatabase(engine, group_size=group_size)
