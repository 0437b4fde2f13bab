"""The ready database: opened, migrated, and written by group commit.

Units that wait at the same time share one transaction, and one flush to the disk. One writer takes those
that are waiting and runs them side by side: what they ask at one moment is one statement. Then it goes
through them in the order in which they came, and keeps what each has written. One that has read what an
earlier one changed, or needs to see what it has written itself, runs again in its turn. All that is kept is
committed together, and only then is anyone told. So it is as if each had had the database for itself.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import CommitUnknown, Conflict, DatabaseBusy, DatabaseFull, DatabaseReadOnly, StorageError
from bot.ports import Discard, UseCase
from storage import schema
from storage.batch import Batch, Session
from storage.engine import (
    IMMEDIATE,
    NO_TRANSACTION,
    commit_error,
    create_engine,
    is_sqlite,
    place,
    plain_errors,
)
from storage.unit_of_work import Unit

T = TypeVar("T")

TOLD_TOGETHER = 8
"""Callers who go on at a time: a whole group of them would keep the loop from the database for long."""
_AT_WORK: contextvars.ContextVar[SqlDatabase | None] = contextvars.ContextVar("_AT_WORK", default=None)
"""Whose unit it is that runs."""
_NOBODYS_FAULT = (CommitUnknown, DatabaseBusy, DatabaseReadOnly, DatabaseFull)


@dataclass(eq=False)
class _Unit:
    """A unit of work, the future that its caller awaits, and what it came to: an error, or else a value."""

    use_case: UseCase[Any]
    writes: bool
    future: asyncio.Future[Any]
    session: Session = field(init=False)
    value: object = None
    error: BaseException | None = None

    async def run(self, batch: Batch, *, in_turn: bool) -> None:
        """Run it, from the beginning."""
        session = self.session = Session(batch, in_turn=in_turn, writes=self.writes)
        self.value, self.error = None, None
        try:
            self.value = await self.use_case(Unit(session))
        except Discard as way_out:
            self.value, session.undone = way_out.value, True
        except Exception as error:  # noqa: BLE001 - it belongs to the caller
            self.error, session.undone = error, True
        except BaseException:
            if not session.needs_turn:
                raise
        finally:
            session.over = True


class SqlDatabase:
    """Implements ``bot.ports.Database``. ``engine`` is for ``storage`` and the command line.

    ``group_size`` is how many units share a transaction at most. The writer is a task only while units
    wait, so an idle database leaves nothing running.
    """

    def __init__(self, engine: AsyncEngine, *, group_size: int = 64) -> None:
        self.engine = engine
        self._writing = engine.execution_options(**IMMEDIATE)
        self._reading = engine.execution_options(**NO_TRANSACTION)
        self._where = place(engine)
        self._size = group_size
        self._waiting: deque[_Unit] = deque()
        self._untold: deque[_Unit] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._closed = False

    async def run(self, use_case: UseCase[T], *, writes: bool = True) -> T:
        """Run it in a transaction and return what it returns, once that is durable.

        Raises what it raises, or a StorageError; then nothing of it is kept. A caller who is cancelled is
        not told, but what was begun is finished.
        """
        if self._closed:
            raise StorageError("The database is closed: Milepost is shutting down.")
        if _AT_WORK.get() is self:
            raise RuntimeError("a use case cannot start another: it would wait for itself")
        unit = _Unit(use_case, writes, asyncio.get_running_loop().create_future())
        self._waiting.append(unit)
        if self._writer is None or self._writer.done():
            # An empty context, so that the writer does not carry the first caller's about.
            self._writer = asyncio.create_task(self._drain(), context=contextvars.Context())
        return cast("T", await unit.future)

    async def read(self, use_case: UseCase[T]) -> T:
        """Run one that writes nothing. It takes its turn, but no lock while nobody writes.

        Raises what the use case raises, WritesAfterAll when it writes, or a StorageError.
        """
        return await self.run(use_case, writes=False)

    async def close(self) -> None:
        """Finish what was accepted, then close the connection. A second time does nothing."""
        self._closed = True
        if self._writer is not None:
            await asyncio.wait([self._writer])
        self._tell()
        await self.engine.dispose()

    async def _drain(self) -> None:
        """Serve those that wait, a group at a time, until nobody does."""
        _AT_WORK.set(self)
        group: list[_Unit] = []
        try:
            while self._waiting:
                size = min(self._size, len(self._waiting))
                group = [self._waiting.popleft() for _ in range(size)]
                if wanted := [unit for unit in group if not unit.future.done()]:
                    await self._serve(wanted)
        except BaseException:
            for unit in (*group, *self._waiting):
                unit.error = StorageError("The work was stopped before it was saved: try again.")
                self._untold.append(unit)
            self._waiting.clear()
            self._tell()
            raise

    async def _serve(self, group: Sequence[_Unit]) -> None:
        """Run a group in one transaction; an error that may be one unit's fault splits it."""
        try:
            await self._transact(group)
        except Exception as error:  # noqa: BLE001 - it belongs to the callers
            if len(group) > 1 and not isinstance(error, _NOBODYS_FAULT):
                for unit in group:
                    await self._serve([unit])
                return
            for unit in group:
                unit.error = _another(error)
        self._untold.extend(group)
        self._tell()

    def _tell(self) -> None:
        """Tell some callers at a time: while they go on, the database works for the next group."""
        number = len(self._untold)
        for _ in range(number if self._closed else min(TOLD_TOGETHER, number)):
            unit = self._untold.popleft()
            if unit.future.done():  # the caller has gone
                continue
            if unit.error is None:
                unit.future.set_result(unit.value)
            else:
                unit.future.set_exception(unit.error)
        if self._untold:
            asyncio.get_running_loop().call_soon(self._tell)

    async def _transact(self, group: Sequence[_Unit]) -> bool:
        """Run units side by side, keep what they write one after another, and make it durable.

        Returns False when there was nothing to commit. Raises the StorageError that stopped the group:
        CommitUnknown when nobody says whether it happened.
        """
        writes, alone = any(unit.writes for unit in group), len(group) == 1
        engine = self._writing if writes else self._reading
        with plain_errors(self._where):
            async with engine.connect() as connection, connection.begin() as transaction:
                batch = Batch(connection, self._where)
                await batch.run(*(unit.run(batch, in_turn=alone) for unit in group))
                for unit in group:
                    if batch.outdated(unit.session):
                        await batch.run(unit.run(batch, in_turn=True))
                    if batch.broken is not None:
                        raise batch.broken
                    if not unit.session.undone:
                        batch.keep(unit.session)
                    elif unit.session.wrote and not alone:
                        raise Conflict("What was written at once can be undone only with all else.")
                if not writes or all(unit.session.undone for unit in group):
                    await transaction.rollback()
                    return False
                await batch.flush()
                try:
                    await transaction.commit()
                except (SQLAlchemyError, OSError) as error:
                    raise commit_error(error, self._where) from error
                return True


def _another(error: Exception) -> Exception:
    """Each caller raises an error of their own: a shared one would collect all their tracebacks."""
    if not isinstance(error, StorageError):
        return error
    mine = type(error)(*error.args)
    mine.__cause__ = error.__cause__
    return mine


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
