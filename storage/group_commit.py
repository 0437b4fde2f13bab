"""Group commit: units that wait at the same time share one transaction, and one flush to the disk.

A lone statement through SQLAlchemy costs as much as forty rows in a batch. So one writer takes the
units that are waiting, loads what they expect, runs them one after another, sends what they staged
and commits; only then is anyone told. Every unit has the database for itself while it runs.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncTransaction

from bot.errors import CommitUnknown, DatabaseBusy, DatabaseFull, DatabaseReadOnly, StorageError
from bot.ports import Discard, Expected, UseCase
from storage.engine import IMMEDIATE, NO_TRANSACTION, commit_error, place, plain_errors
from storage.session import Session
from storage.unit_of_work import Unit

T = TypeVar("T")

NOTHING_EXPECTED = Expected()
TOLD_TOGETHER = 8
"""Callers who go on at a time: a whole group of them would keep the loop from the database for long."""
_NOBODYS_FAULT = (CommitUnknown, DatabaseBusy, DatabaseReadOnly, DatabaseFull)


@dataclass(slots=True)
class _Outcome:
    """What a unit came to: an error, or else a value."""

    value: object = None
    error: BaseException | None = None
    undone: bool = False


@dataclass(slots=True)
class _Waiting:
    """A unit and the future that its caller awaits."""

    use_case: UseCase[Any]
    expected: Expected
    writes: bool
    future: asyncio.Future[Any]

    def settle(self, outcome: _Outcome) -> None:
        """Tell the caller, unless they have gone."""
        if self.future.done():
            return
        if outcome.error is None:
            self.future.set_result(outcome.value)
        else:
            self.future.set_exception(outcome.error)


class GroupCommit:
    """The one writer. ``size`` is how many units share a transaction at most.

    The writer is a task only while units wait, so an idle database leaves nothing running.
    """

    def __init__(self, engine: AsyncEngine, *, size: int = 64) -> None:
        self._engine = engine.execution_options(**IMMEDIATE)
        self._reader = engine.execution_options(**NO_TRANSACTION)
        self._where = place(engine)
        self._size = size
        self._waiting: deque[_Waiting] = deque()
        self._untold: deque[tuple[_Waiting, _Outcome]] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._closed = False

    async def run(
        self, use_case: UseCase[T], expected: Expected = NOTHING_EXPECTED, *, writes: bool = True
    ) -> T:
        """Run it and return what it returns, once that is durable.

        Units that do not write take their turn like all others, but need no transaction when they are
        among themselves. Raises what it raises, or a StorageError; then nothing of it is kept. A caller
        who is cancelled is not told, but what was begun is finished.
        """
        if self._closed:
            raise StorageError("The database is closed: Milepost is shutting down.")
        if self._writer is not None and asyncio.current_task() is self._writer:
            raise RuntimeError("a use case cannot start another: it would wait for itself")
        unit = _Waiting(use_case, expected, writes, asyncio.get_running_loop().create_future())
        self._waiting.append(unit)
        if self._writer is None or self._writer.done():
            # An empty context, so that the writer does not carry the first caller's about.
            self._writer = asyncio.create_task(self._drain(), context=contextvars.Context())
        return cast("T", await unit.future)

    async def close(self) -> None:
        """Finish what was accepted, then close the connection. A second time does nothing."""
        self._closed = True
        if self._writer is not None:
            await asyncio.wait([self._writer])
        self._tell()
        await self._engine.dispose()

    async def _drain(self) -> None:
        group: list[_Waiting] = []
        try:
            while group := self._take():
                await self._serve(group)
        except BaseException:
            stopped = StorageError("The work was stopped before it was saved: try again.")
            for unit in (*group, *self._waiting):
                unit.settle(_Outcome(error=stopped))
            self._waiting.clear()
            raise

    def _take(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        while self._waiting and len(group) < self._size:
            unit = self._waiting.popleft()
            if not unit.future.done():
                group.append(unit)
        return group

    async def _serve(self, group: Sequence[_Waiting]) -> None:
        """Run a group in one transaction; an error that may be one unit's fault splits it."""
        try:
            works = self._transact if any(unit.writes for unit in group) else self._look
            outcomes = await works(group)
        except Exception as error:  # noqa: BLE001 - it belongs to the callers
            if len(group) > 1 and not isinstance(error, _NOBODYS_FAULT):
                for unit in group:
                    await self._serve([unit])
                return
            outcomes = [_Outcome(error=_another(error)) for _ in group]
        self._untold.extend(zip(group, outcomes, strict=True))
        self._tell()

    def _tell(self) -> None:
        """Tell some callers at a time: while they go on, the database works for the next group."""
        number = len(self._untold)
        for _ in range(number if self._closed else min(TOLD_TOGETHER, number)):
            unit, outcome = self._untold.popleft()
            unit.settle(outcome)
        if self._untold:
            asyncio.get_running_loop().call_soon(self._tell)

    async def _transact(self, group: Sequence[_Waiting]) -> list[_Outcome]:
        """What each unit came to, all of it durable. Raises the StorageError that stopped the group."""
        alone = len(group) == 1
        with plain_errors(self._where):
            async with self._engine.connect() as connection, connection.begin() as transaction:
                session = Session(connection, self._where, alone=alone)
                try:
                    outcomes = await self._run_all(session, group)
                    if alone and outcomes[0].undone:
                        await transaction.rollback()
                    else:
                        await session.flush()
                        await self._commit(transaction)
                finally:
                    session.end()
        return outcomes

    async def _commit(self, transaction: AsyncTransaction) -> None:
        """Raises CommitUnknown when nobody says whether it happened."""
        try:
            await transaction.commit()
        except (SQLAlchemyError, OSError) as error:
            raise commit_error(error, self._where) from error

    async def _look(self, group: Sequence[_Waiting]) -> list[_Outcome]:
        """The same for units that only read: nothing to begin, and nothing to commit."""
        with plain_errors(self._where):
            async with self._reader.connect() as connection:
                session = Session(connection, self._where, alone=len(group) == 1)
                try:
                    return await self._run_all(session, group)
                finally:
                    session.end()

    async def _run_all(self, session: Session, group: Sequence[_Waiting]) -> list[_Outcome]:
        unit = Unit(session)
        await unit.prefetch([waiting.expected for waiting in group])
        return [await self._run_one(session, unit, waiting) for waiting in group]

    async def _run_one(self, session: Session, unit: Unit, waiting: _Waiting) -> _Outcome:
        session.begin(writes=waiting.writes)
        try:
            value = await waiting.use_case(unit)
            await session.keep()
            return _Outcome(value)
        except Discard as way_out:
            outcome = _Outcome(way_out.value, undone=True)
        except Exception as error:  # noqa: BLE001 - it belongs to the caller
            outcome = _Outcome(error=error, undone=True)
        await session.undo()
        if session.broken is not None:
            raise session.broken
        return outcome


def _another(error: Exception) -> Exception:
    """Each caller raises an error of their own: a shared one would collect all their tracebacks."""
    if not isinstance(error, StorageError):
        return error
    mine = type(error)(*error.args)
    mine.__cause__ = error.__cause__
    return mine
