"""A batch of units of work: they share a transaction, and one statement for all asked at one moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BadValue
from bot.ports import WritesAfterAll
from storage.columns import UNREADABLE
from storage.driver import DEFERRED, PIPELINED
from storage.engine import storage_error
from storage.shape import shown
from storage.statements import ID, Key, Query, Values, Write, as_write, clash, many, tables_of
from storage.tables import metadata

T = TypeVar("T")
Rows = Sequence[Any]
Statement = sa.Insert | sa.Update | sa.Delete
Asked = tuple[Key, Values | None, "asyncio.Future[Rows]"]
Run = tuple[Write, list[Values], set[Any]]
"""Rows that one statement writes, and their ids."""
Result = sa.CursorResult[Any]
Answer = tuple["asyncio.Future[Rows]", Rows | Exception]

REMEMBERED = 10_000
"""Answers that are known at a time: a unit may go through the whole database."""

ORDER = {table.name: place for place, table in enumerate(metadata.sorted_tables)}
"""Places of tables in a flush: those that are referred to come first."""


class NeedsTurn(BaseException):
    """A unit asks for what only its turn can tell. No handler catches it."""


@dataclass(slots=True)
class _Hits:
    """Values that rows of one statement have in some columns; each row is looked at once."""

    _rows: list[Values]
    _names: tuple[str, ...]
    _seen: int = 0
    _values: set[Key] = field(default_factory=set)

    def has(self, wanted: Key) -> bool:
        """Tell whether a row has these values."""
        if self._seen < len(self._rows):
            new = self._rows[self._seen :]
            self._values.update([tuple([row[name] for name in self._names]) for row in new])
            self._seen += len(new)
        return wanted in self._values


class Written:
    """Rows by the statement that writes them, in order."""

    def __init__(self) -> None:
        self.rows: dict[Write, list[Values]] = {}
        self._tables: set[str] = set()
        self._hits: dict[tuple[Write, tuple[str, ...]], _Hits] = {}
        self._clashes: dict[Query, list[tuple[_Hits, list[str]]]] = {}

    def add(self, write: Write, values: Values) -> None:
        """Take in one more row."""
        rows = self.rows.get(write)
        if rows is None:
            self._tables.add(write.table)
            self._clashes.clear()
            rows = self.rows[write] = []
        rows.append(values)

    def concerns(self, query: Query) -> bool:
        """Tell whether a row is of a table that the query looks into."""
        return not self._tables.isdisjoint(query.tables)

    def touches(self, query: Query, values: Values | None) -> bool:
        """Tell whether a row may have changed what a query finds."""
        if not self.concerns(query):
            return False
        clashes = self._clashes.get(query)
        if clashes is None:
            clashes = self._clashes[query] = []
            for write, rows in self.rows.items():
                pairs = clash(query, write, tuple(rows[0])) if write.table in query.tables else None
                if pairs is not None:
                    names = tuple([name for name, _ in pairs])
                    hits = self._hits.setdefault((write, names), _Hits(rows, names))
                    clashes.append((hits, [parameter for _, parameter in pairs]))
        for hits, parameters in clashes:
            if not parameters or hits.has(tuple([(values or {})[name] for name in parameters])):
                return True
        return False


class Batch:
    """The transaction's inside. After an error, in ``broken``, it can only be rolled back."""

    def __init__(self, connection: AsyncConnection, where: str) -> None:
        self.broken: Exception | None = None
        self.dialect = connection.dialect
        self.kept = Written()
        self._connection = connection
        self._where = where
        self._unsent: dict[str, list[Run]] = {}
        self._behind = False
        self._known: dict[tuple[Query, Key], asyncio.Future[Rows]] = {}
        self._made: dict[int, tuple[Any, Any]] = {}
        self._waiting: dict[Query | Statement, list[Asked]] = {}
        self._news = asyncio.Event()
        self._last: dict[Query, int] = {}
        self._given: dict[Query, int] = {}

    async def run(self, *units: Awaitable[T]) -> list[T]:
        """Run units side by side, and answer what they ask; return what each returns."""
        tasks = [asyncio.ensure_future(unit) for unit in units]
        for task in tasks:
            task.add_done_callback(lambda _: self._news.set())
        try:
            while not all(task.done() for task in tasks):
                await self._news.wait()
                self._news.clear()
                if len(tasks) > 1:
                    await asyncio.sleep(0)  # until all have come as far as they can
                if self._waiting:
                    await self._answer()
            return [task.result() for task in tasks]
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def known(self, query: Query, key: Key, values: Values | None) -> asyncio.Future[Rows]:
        """Return what a SELECT will find; asked once, however many ask it."""
        future = self._known.get((query, key))
        if future is None:
            if len(self._known) > REMEMBERED:
                self._known.clear()
            self._known[query, key] = future = self._ask(query, key, values)
        return future

    def made(self, row: Any, make: Callable[[Any], T]) -> T:
        """Return what is made of a row, once for all units that have found it."""
        kept = self._made.get(id(row))
        if kept is None:
            if len(self._made) > REMEMBERED:
                self._made.clear()
            kept = self._made[id(row)] = row, make(row)
        return cast("T", kept[1])

    async def fresh(self, what: Query | Statement, key: Key, values: Values | None) -> Rows:
        """Return what a statement finds once all that was kept is sent."""
        self._behind = True
        return await self._ask(what, key, values)

    def _ask(self, what: Query | Statement, key: Key, values: Values | None) -> asyncio.Future[Rows]:
        future: asyncio.Future[Rows] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(what, []).append((key, values, future))
        self._news.set()
        return future

    async def _answer(self) -> None:
        """Send what is asked, and tell all who wait at one moment, so that they stay in step."""
        waiting, self._waiting = self._waiting, {}
        for future, answer in await self._connection.run_sync(self._answers, waiting):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
                future.exception()  # it is no news to asyncio, should the one who asked have gone
            else:
                future.set_result(answer)

    def _answers(self, connection: sa.Connection, waiting: Mapping[Any, list[Asked]]) -> list[Answer]:
        if self._behind:
            with suppress(Exception):  # it is in ``broken``, so that whatever is asked meets it
                self._flush(connection)
        # All are executed before the rows of one are fetched: the driver may send them together.
        sent = [self._sent(connection, what, asked) for what, asked in waiting.items()]
        answers: list[Answer] = []
        for asked, (is_batched, results) in zip(waiting.values(), sent, strict=True):
            futures = [future for *_, future in asked]
            try:
                found = [self._rows(result) for result in results]
                if is_batched:
                    found = _divided(found[0], len(asked))
                answers += zip(futures, found, strict=True)
            except Exception as error:  # noqa: BLE001 - it belongs to those who asked
                answers += [(future, error) for future in futures]
        return answers

    def _sent(
        self, connection: sa.Connection, what: Any, asked: Sequence[Asked]
    ) -> tuple[bool, list[Result | None]]:
        """Execute what is asked, and tell whether it was done for all who ask by one batched statement."""
        if not isinstance(what, Query):
            return False, [self._execute(connection, what, values) for _, values, _ in asked]
        simple = all(type(value) in (int, str) for key, *_ in asked for value in key)
        alone = len(asked) == 1 and what.statement is not what.batched
        if alone or what.batched is None or not simple:
            found = [self._execute(connection, what.statement, values, PIPELINED) for _, values, _ in asked]
            return False, found
        return True, [self._execute(connection, what.batched, many([key for key, *_ in asked]), PIPELINED)]

    async def next_id(self, highest: Query, unit: Session) -> int:
        """The id that comes next; side by side, if all units that were given one before are kept."""
        ((last,),) = await self.known(highest, (), None)
        self._last.setdefault(highest, last)
        given = unit.ids if unit.in_turn else self._given
        given[highest] = unit.ids[highest] = 1 + given.get(highest, self._last[highest])
        return unit.ids[highest]

    def outdated(self, unit: Session) -> bool:
        """Tell whether units that are kept have changed what this one has read side by side with them."""
        if unit.in_turn:
            return False
        if any(number != self._last[query] + 1 for query, number in unit.ids.items()):
            return True
        return any(self.kept.touches(query, values) for (query, _), values in unit.asked.items())

    def keep(self, unit: Session) -> None:
        """Make the unit's writes those of the batch."""
        for write, values in unit.staged:
            self.kept.add(write, values)
            _run_for(write, values, self._unsent.setdefault(write.table, [])).append(values)
        self._last.update(unit.ids)
        unit.own, unit.staged = Written(), []

    async def flush(self) -> None:
        """Send what was kept since the last time. When that fails, the culprit is unknown."""
        await self._connection.run_sync(self._flush)

    def _flush(self, connection: sa.Connection) -> None:
        unsent, self._unsent, self._behind = self._unsent, {}, False
        for table in sorted(unsent, key=ORDER.__getitem__):
            for write, rows, _ in unsent[table]:
                self._execute(connection, write.statement, rows, DEFERRED)
        if self.broken is not None:
            raise self.broken

    def _execute(
        self, connection: sa.Connection, statement: Any, parameters: Any, options: Any = None
    ) -> Result | None:
        """Execute a statement. An error of the database is in ``broken``, and the result None."""
        if self.broken is None:
            try:
                return connection.execute(statement, parameters, execution_options=options)
            except Exception as error:  # noqa: BLE001 - it is raised to all who ask anything
                self._break(error)
        return None

    def _rows(self, result: Result | None) -> Rows:
        """Fetch the rows of a statement. Raises what broke the batch, and BadValue."""
        if self.broken is None and result is not None:
            try:
                return result.all() if result.returns_rows else ()
            except UNREADABLE as error:
                tables = ", ".join(tables_of(cast("Any", result.context).invoked_statement))
                what = f"{type(error).__name__}: {shown(str(error))}"
                raise BadValue(
                    f"The database {self._where} holds something that can't be read in the tables "
                    f"{tables} ({what}): it was changed by hand, so restore a backup."
                ) from error
            except (sa.exc.SQLAlchemyError, OSError) as error:
                self._break(error)
        assert self.broken is not None, "there is no result for no other reason"
        raise self.broken

    def _break(self, error: Exception) -> None:
        self.broken = error
        if isinstance(error, sa.exc.SQLAlchemyError | OSError):
            self.broken = storage_error(error, self._where)
            self.broken.__cause__ = error


def _divided(rows: Rows, sets: int) -> list[Rows]:
    """The rows of a batched statement by the set of parameters that found them, whose place comes last."""
    found: list[list[Any]] = [[] for _ in range(sets)]
    for *row, place in rows:
        found[place].append(tuple(row))
    return list(found)


def _run_for(write: Write, values: Values, runs: list[Run]) -> list[Values]:
    """The rows that a row may join: those of its statement, unless the same row was written since then."""
    row = values.get(ID, values.get("id"))
    for of, rows, ids in reversed(runs):
        if of is write:
            ids.add(row)
            return rows
        if row is None or not ids.isdisjoint({row, None}):
            break
    runs.append((write, [], {row}))
    return runs[-1][1]


class Session:
    """One unit's view of its batch: what it reads, and a list of what it writes.

    Side by side with others it reads the state from before the batch. What needs more raises NeedsTurn: the
    unit runs again when those before it are kept, ``in_turn``, and has the database to itself.
    """

    def __init__(self, batch: Batch, *, in_turn: bool, writes: bool = True) -> None:
        self.batch = batch
        self.in_turn = in_turn
        self.dialect = batch.dialect
        self.own = Written()
        self.staged: list[tuple[Write, Values]] = []
        self.asked: dict[tuple[Query, Key], Values | None] = {}
        self.ids: dict[Query, int] = {}
        self.wrote = self.over = False
        self._writes = writes
        self._memory: dict[str, dict[Any, Any]] = {}

    async def rows(self, query: Query, parameters: Values | None = None) -> Rows:
        """Return what a SELECT finds."""
        self._check()
        key = query.key(parameters)
        if self.own.touches(query, parameters):
            self._send()
        if not self.in_turn:
            self.asked[query, key] = parameters
        elif self.batch.kept.touches(query, parameters):
            return await self.batch.fresh(query, key, parameters)
        return await self.batch.known(query, key, parameters)

    async def each(self, query: Query, parameters: Sequence[Values]) -> list[Rows]:
        """Return what a SELECT finds with each of several parameters, asked side by side."""
        if self.own.concerns(query) or (self.in_turn and self.batch.kept.concerns(query)):
            return [await self.rows(query, values) for values in parameters]
        self._check()
        asked = [(query.key(values), values) for values in parameters]
        if not self.in_turn:
            self.asked.update(((query, key), values) for key, values in asked)
        found = [self.batch.known(query, key, values) for key, values in asked]
        return [await future for future in found]

    async def row(self, query: Query, parameters: Values | None = None) -> Any:
        """The first row, or None."""
        found = await self.rows(query, parameters)
        return found[0] if found else None

    def stage(self, write: Write, values: Values) -> None:
        """Write these values at the latest when the batch commits."""
        self._check(writing=write.table)
        self.own.add(write, values)
        self.staged.append((write, values))

    async def now(self, statement: Statement, table: sa.Table, values: Values) -> Rows:
        """Write at once, for what the database answers (RETURNING)."""
        self._check(writing=table.name)
        self._send()
        self.batch.kept.add(as_write(statement, table.name), values)
        return await self.batch.fresh(statement, (), values)

    async def next_id(self, highest: Query) -> int:
        """One more than the highest id, which no other unit is given."""
        self._check()
        return await self.batch.next_id(highest, self)

    def remember(self, table: sa.Table, key: Any, value: T) -> T:
        """Have repositories know something of a table, until the unit writes there again."""
        self._memory.setdefault(table.name, {})[key] = value
        return value

    def recall(self, table: sa.Table, key: Any) -> Any:
        """Return what was remembered; None when nothing is."""
        self._check()
        return self._memory.get(table.name, {}).get(key)

    def _send(self) -> None:
        """Hand over what the unit has staged: from now on it can be undone with the whole batch alone."""
        if not self.in_turn:
            raise NeedsTurn
        self.wrote = True
        self.batch.keep(self)

    def _check(self, *, writing: str = "") -> None:
        if self.over:
            raise RuntimeError("this unit of work is over: a use case may not keep it")
        if writing:
            if not self._writes:
                raise WritesAfterAll
            self._memory.pop(writing, None)
