"""Group commit: units that wait at the same time share one transaction, and one flush to the disk.

A lone statement through SQLAlchemy costs as much as forty rows in a batch. So one writer takes the units
that are waiting and runs them side by side: what they ask at one moment is one statement. Then it goes
through them in the order in which they came. One that has read what an earlier one changed begins again; of
each that succeeds the writes are kept. All that is kept is sent and committed together, and only then is
anyone told. So all comes out as if each had had the database for itself, one after another.
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

from bot.errors import CommitUnknown, Conflict, DatabaseBusy, DatabaseFull, DatabaseReadOnly, StorageError
from bot.ports import Discard, UseCase
from storage.batching import Batch
from storage.engine import IMMEDIATE, NO_TRANSACTION, commit_error, place, plain_errors
from storage.session import Again, Session
from storage.unit_of_work import Unit

T = TypeVar("T")

TOLD_TOGETHER = 8
"""Callers who go on at a time: a whole group of them would keep the loop from the database for long."""
_AT_WORK: contextvars.ContextVar[GroupCommit | None] = contextvars.ContextVar("_AT_WORK", default=None)
"""Whose unit it is that runs."""
_NOBODYS_FAULT = (CommitUnknown, DatabaseBusy, DatabaseReadOnly, DatabaseFull)


@dataclass(slots=True)
class _Outcome:
    """The outcome of a unit: an error, or else a value."""

    value: object = None
    error: BaseException | None = None
    undone: bool = False


@dataclass(slots=True)
class _Waiting:
    """A unit and the future that its caller awaits."""

    use_case: UseCase[Any]
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

    async def run(self, use_case: UseCase[T], *, writes: bool = True) -> T:
        """Run it and return what it returns, once that is durable.

        Units that do not write take their turn like all others, but need no transaction when they are
        among themselves. Raises what it raises, or a StorageError; then nothing of it is kept. A caller
        who is cancelled is not told, but what was begun is finished.
        """
        if self._closed:
            raise StorageError("The database is closed: Milepost is shutting down.")
        if _AT_WORK.get() is self:
            raise RuntimeError("a use case cannot start another: it would wait for itself")
        unit = _Waiting(use_case, writes, asyncio.get_running_loop().create_future())
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
        _AT_WORK.set(self)
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
            works = self._transact if any(unit.writes for unit in group) else self._read_only
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
        """Run units and make durable what they did. Raises the StorageError that stopped the group."""
        with plain_errors(self._where):
            async with self._engine.connect() as connection, connection.begin() as transaction:
                batch = Batch(connection, self._where)
                outcomes = await self._run_all(batch, group)
                if all(outcome.undone for outcome in outcomes):
                    await transaction.rollback()
                else:
                    await batch.flush()
                    await self._commit(transaction)
        return outcomes

    async def _commit(self, transaction: AsyncTransaction) -> None:
        """Raises CommitUnknown when nobody says whether it happened."""
        try:
            await transaction.commit()
        except (SQLAlchemyError, OSError) as error:
            raise commit_error(error, self._where) from error

    async def _read_only(self, group: Sequence[_Waiting]) -> list[_Outcome]:
        """Run units that only read: nothing to begin, and nothing to commit."""
        with plain_errors(self._where):
            async with self._reader.connect() as connection:
                return await self._run_all(Batch(connection, self._where), group)

    async def _run_all(self, batch: Batch, group: Sequence[_Waiting]) -> list[_Outcome]:
        """Begin all units side by side, and keep what they write one after another, in order."""
        running = [_Running(waiting, batch, place) for place, waiting in enumerate(group)]
        running[0].session.has_turn = True
        try:
            return [await _kept(batch, running[place:], of=len(group)) for place in range(len(group))]
        finally:
            for each in running:
                each.session.over = True
                each.task.cancel()
            await asyncio.gather(*(each.task for each in running), return_exceptions=True)
            await batch.end()


class _Running:
    """A unit that runs; it may have to begin again."""

    def __init__(self, waiting: _Waiting, batch: Batch, place: int) -> None:
        self._waiting = waiting
        self._batch = batch
        self._place = place
        self.restarts = -1
        self.start()

    def start(self) -> None:
        """Run it from the beginning."""
        self.restarts += 1
        self.session = Session(self._batch, self._place, writes=self._waiting.writes)
        self.task = asyncio.create_task(self._run(self.session))

    async def _run(self, session: Session) -> _Outcome | None:
        """Return what it came to; None when it must begin again."""
        try:
            value = await self._waiting.use_case(Unit(session))
            session.finish()
            return _Outcome(value)
        except Again:
            return None
        except Discard as way_out:
            return _Outcome(way_out.value, undone=True)
        except Exception as error:  # noqa: BLE001 - it belongs to the caller
            return _Outcome(error=error, undone=True)


async def _kept(batch: Batch, running: Sequence[_Running], *, of: int) -> _Outcome:
    """The outcome of the first of these units, whose turn it is; what it wrote is kept unless it is undone.

    When what it has read was changed meanwhile, it begins again, and with it those after it of which that
    is known by now, so that they read together. Each does so once before its turn.
    """
    unit = running[0]
    while True:
        if not unit.session.turn.done():
            unit.session.turn.set_result(None)
        outcome = await unit.task
        if batch.broken is not None:
            raise batch.broken
        if outcome is not None and not batch.outdated(unit.session):
            break
        await batch.flush()
        unit.start()
        # All before it are kept: it has the turn from the start, so nothing that it reads or is given is in
        # doubt, and it ends.
        unit.session.has_turn = True
        for each in running[1:]:
            if each.task.done() and not each.restarts and batch.outdated(each.session):
                each.start()
    unit.session.over = True
    if not outcome.undone:
        batch.keep(unit.session)
    elif unit.session.wrote and of > 1:
        raise Conflict("What was written at once can be undone only with all else.")
    return outcome


def _another(error: Exception) -> Exception:
    """Each caller raises an error of their own: a shared one would collect all their tracebacks."""
    if not isinstance(error, StorageError):
        return error
    mine = type(error)(*error.args)
    mine.__cause__ = error.__cause__
    return mine
