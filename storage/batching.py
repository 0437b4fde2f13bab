"""State that the units of a batch share: a connection, and one statement for all asked at one moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BadValue, Conflict
from storage.columns import UNREADABLE
from storage.engine import storage_error
from storage.session import Rows, Session
from storage.shape import shown
from storage.statements import Query, Values, many, tables_of
from storage.written import ORDER, Staged, Written, as_write

T = TypeVar("T")
Key = tuple[Any, ...]
Asked = tuple[Key, Values | None, "asyncio.Future[Rows]"]


REMEMBERED = 10_000
"""Answers that are known at a time: a unit may go through the whole database."""


class Batch:
    """The transaction's inside.

    ``broken`` is an error after which the transaction can only be rolled back. ``flushes`` counts how often
    something was written.
    """

    def __init__(self, connection: AsyncConnection, where: str) -> None:
        self.broken: Exception | None = None
        self.dialect = connection.dialect
        self.flushes = 0
        self._connection = connection
        self._where = where
        self._line = asyncio.Lock()
        self._known: dict[tuple[Query, Key], asyncio.Future[Rows]] = {}
        self._waiting: dict[Query, list[Asked]] = {}
        self._sender: asyncio.Task[None] | None = None
        self._kept = [Written()]
        self._unsent: Staged = {}
        self._last_ids: dict[Query, int] = {}
        self._given: dict[Query, int] = {}
        self._newcomers: list[tuple[Query, Session, asyncio.Future[int]]] = []

    async def load(self, query: Query, key: Key, values: Values | None) -> Rows:
        """Return what a SELECT finds; asked once, however many ask it."""
        future = self._known.get((query, key))
        if future is None:
            self._known[query, key] = future = asyncio.get_running_loop().create_future()
            self._soon()
            self._waiting.setdefault(query, []).append((key, values, future))
        return await future

    def _soon(self) -> None:
        """Ask when all units have come as far as they can, which takes a moment."""
        if not (self._waiting or self._newcomers):
            loop = asyncio.get_running_loop()
            loop.call_soon(loop.call_soon, self._begin_to_send)

    def _begin_to_send(self) -> None:
        waiting, self._waiting = self._waiting, {}
        if not (waiting or self._newcomers):
            return
        if len(self._known) > REMEMBERED:
            self._known.clear()
        self._sender = asyncio.ensure_future(self._send(waiting))

    async def _send(self, waiting: dict[Query, list[Asked]]) -> None:
        """Ask, and tell all who wait at one moment, so that they stay in step."""
        answers: list[tuple[asyncio.Future[Rows], Rows | Exception]] = []
        for query, asked in waiting.items():
            try:
                found = await self._ask(query, asked)
            except Exception as error:  # noqa: BLE001 - it belongs to those who asked
                answers.extend((future, error) for *_, future in asked)
            else:
                answers.extend(zip([future for *_, future in asked], found, strict=True))
        await self._give_ids()
        for future, answer in answers:
            if isinstance(answer, Exception):
                _refuse(future, answer)
            elif not future.done():
                future.set_result(answer)

    async def _ask(self, query: Query, asked: Sequence[Asked]) -> list[Rows]:
        simple = all(type(value) in (int, str) for key, *_ in asked for value in key)
        alone = len(asked) == 1 and query.statement is not query.batched
        if alone or query.batched is None or not simple:
            return [await self.execute(query.statement, values) for _, values, _ in asked]
        found: list[list[tuple[Any, ...]]] = [[] for _ in asked]
        for *row, place in await self.execute(query.batched, many([key for key, *_ in asked])):
            found[place].append(tuple(row))
        return list(found)

    async def next_id(self, highest: Query, unit: Session) -> int:
        """The id that comes next if all units that were given one before are kept."""
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._soon()
        self._newcomers.append((highest, unit, future))
        return await future

    async def _give_ids(self) -> None:
        """Give ids in the order of the units, which do not arrive in it."""
        wanted, self._newcomers = self._newcomers, []
        for highest, unit, future in sorted(wanted, key=lambda each: each[1].place):
            try:
                if highest not in self._last_ids:
                    ((self._last_ids[highest],),) = await self.execute(highest.statement, None)
            except Exception as error:  # noqa: BLE001 - it belongs to those who asked
                _refuse(future, error)
                continue
            last = self._last_ids[highest] + sum(query is highest for query, _ in unit.ids)
            if not unit.has_turn:
                last = self._given.get(highest, last)
            self._given[highest] = last + 1
            unit.ids.append((highest, last + 1))
            if not future.done():
                future.set_result(last + 1)

    def outdated(self, unit: Session) -> bool:
        """Tell whether units that are kept have changed what this one has read."""
        if unit.has_turn:
            return False
        for written in self._kept[unit.since :]:
            if written.rows and any(written.touching(*asked) for asked in unit.asked.values()):
                return True
        last = dict(self._last_ids)
        for query, given in unit.ids:
            last[query] += 1
            if given != last[query]:
                return True
        return False

    def keep(self, unit: Session) -> None:
        """Make the unit's writes those of the batch."""
        for write, values in unit.own.rows.items():
            self._unsent.setdefault(write, []).extend(values)
            self._kept[-1].add(write, values)
        self._last_ids.update(unit.ids)
        unit.own, unit.ids = Written(), []

    async def flush(self) -> None:
        """Send what was kept since the last time. When that fails, the culprit is unknown."""
        staged, self._unsent = self._unsent, {}
        try:
            # What is referred to goes first; within a table the order stays.
            for write in sorted(staged, key=lambda write: ORDER[write.table]):
                await self.execute(write.statement, write.folded(staged[write]))
        except Exception as error:
            self.broken = self.broken or error
            raise
        if self._kept[-1].rows:
            self._sent()

    async def write(self, statement: sa.Insert | sa.Update | sa.Delete, table: str, values: Values) -> Rows:
        """Write at once."""
        self._kept[-1].add(as_write(statement, table), [values])
        found = await self.execute(statement, values)
        self._sent()
        return found

    def _sent(self) -> None:
        """Forget what is known and was changed."""
        for (query, key), future in list(self._known.items()):
            values = dict(zip(query.parameters, key, strict=True))
            if future.done() and self._kept[-1].touching(query, values):
                del self._known[query, key]
        self._kept.append(Written())
        self.flushes += 1
        self._given = dict(self._last_ids)

    async def execute(self, statement: sa.Executable, parameters: Values | list[Values] | None) -> Rows:
        """Run a statement. Raises what it meets as a StorageError."""
        if self.broken is not None:
            raise self.broken
        async with self._line:
            result = await self._watch(self._connection.execute(statement, parameters))
        if not result.returns_rows:
            return ()
        try:
            return result.all()
        except UNREADABLE as error:
            assert isinstance(statement, sa.ClauseElement), "all of ours are"
            what = f"{type(error).__name__}: {shown(str(error))}"
            raise BadValue(
                f"The database {self._where} holds something that can't be read in the tables "
                f"{', '.join(tables_of(statement))} ({what}): it was changed by hand, so restore a backup."
            ) from error

    async def end(self) -> None:
        """Nobody asks any more. Wait for a statement that runs: the connection is of no use until then."""
        self._waiting, self._newcomers = {}, []
        if self._sender is not None:
            await asyncio.wait([self._sender])

    async def _watch(self, work: Awaitable[T]) -> T:
        try:
            return await work
        except (sa.exc.SQLAlchemyError, OSError) as error:
            meaning = storage_error(error, self._where)
            if not isinstance(meaning, Conflict):
                self.broken = meaning
            raise meaning from error


def _refuse(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
        future.exception()  # it is no news to asyncio, should the one who asked have gone
