"""A batch of units of work: they share a transaction, and one statement for all asked at one moment."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import WritesAfterAll
from storage.columns import UNREADABLE
from storage.driver import DEFERRED, PIPELINED, Refused
from storage.engine import storage_error, unreadable
from storage.statements import ID, Key, Pairs, Query, Values, Write, as_write, clash, keys
from storage.tables import metadata

T = TypeVar("T")
Rows = Sequence[Any]
Statement = sa.Insert | sa.Update | sa.Delete
Result = sa.CursorResult[Any]
Asked = tuple[Key, Values | None, "asyncio.Future[Rows]"]

REMEMBERED = 10_000
"""Answers to a query that are known at a time: a unit may go through the whole database."""

IN_STEP = 3
"""Turns of the event loop from the first question until a unit has gathered, and asked, its own."""

ORDER = {table.name: place for place, table in enumerate(metadata.sorted_tables)}
"""Places of tables in a flush: those that are referred to come first."""


class NeedsTurn(BaseException):
    """A unit asks for what only its turn can tell. No handler catches it."""


@dataclass(slots=True)
class _Clash:
    """Rows that one statement writes, and what a query asks of them; each row is looked at once."""

    rows: list[Values]
    pairs: Pairs
    seen: int = 0
    values: set[Key] = field(default_factory=set)


class Written:
    """Rows by the statement that writes them, in order."""

    def __init__(self) -> None:
        self._rows: dict[Write, list[Values]] = {}
        self._clashes: dict[Query, list[_Clash]] = {}

    def add(self, write: Write, values: Values) -> None:
        """Take in one more row."""
        if write not in self._rows:
            self._rows[write] = []
            self._clashes.clear()
        self._rows[write].append(values)

    def touches(self, query: Query, values: Values | None) -> bool:
        """Tell whether a row may have changed what a query finds."""
        if not self._rows:
            return False
        clashes = self._clashes.get(query)
        if clashes is None:
            clashes = self._clashes[query] = [
                _Clash(rows, pairs)
                for write, rows in self._rows.items()
                if write.table in query.tables
                and (pairs := clash(query, write, tuple(rows[0]))) is not None
            ]
        for each in clashes:
            new = each.rows[each.seen :]
            each.seen += len(new)
            each.values.update([tuple([row[name] for name, _ in each.pairs]) for row in new])
            # Without a pair any row will do: the empty key is among them.
            if tuple([(values or {})[parameter] for _, parameter in each.pairs]) in each.values:
                return True
        return False


class Batch:
    """The transaction's inside. After an error, in ``broken``, it can only be rolled back."""

    def __init__(self, connection: AsyncConnection, where: str) -> None:
        self.broken: Exception | None = None
        self.dialect = connection.dialect
        self.kept = Written()
        self.last: dict[Query, int] = {}
        self.given: dict[Query, int] = {}
        self._connection = connection
        self._where = where
        self._unsent: list[tuple[Write, Values]] = []
        self._behind = False
        self._known: dict[Query, dict[Key, Rows]] = defaultdict(dict)
        self._waiting: dict[Query | Statement, list[Asked]] = defaultdict(list)
        self._news = asyncio.Event()

    async def run(self, *units: Awaitable[T]) -> list[T]:
        """Run units side by side, and answer what they ask; return what each returns."""
        tasks = [asyncio.ensure_future(unit) for unit in units]
        for task in tasks:
            task.add_done_callback(lambda _: self._news.set())
        try:
            while True:
                await self._news.wait()
                for _ in range(IN_STEP if len(tasks) > 1 else 0):
                    await asyncio.sleep(0)  # until all have come as far as they can
                self._news.clear()
                if all(task.done() for task in tasks):
                    return [task.result() for task in tasks]
                if self._waiting:
                    waiting, self._waiting = self._waiting, defaultdict(list)
                    await self._connection.run_sync(self._answers, waiting)
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise
        finally:
            # Children of a unit that did not wait for them.
            while self._waiting:
                for _, _, future in self._waiting.popitem()[1]:
                    future.cancel()

    def ask(
        self, what: Query | Statement, key: Key, values: Values | None, *, anew: bool
    ) -> asyncio.Future[Rows]:
        """Return what a statement will find; ``anew``, once all that was kept is sent."""
        future: asyncio.Future[Rows] = asyncio.get_running_loop().create_future()
        if anew:
            self._behind = True
        elif isinstance(what, Query) and key in self._known[what]:
            future.set_result(self._known[what][key])
            return future
        self._waiting[what].append((key, values, future))
        self._news.set()
        return future

    def _answers(self, connection: sa.Connection, waiting: Mapping[Any, list[Asked]]) -> None:
        """Send what is asked, and tell all who wait at one moment, so that they stay in step."""
        if self._behind:
            with suppress(Exception):  # it is in ``broken``, so that whatever is asked meets it
                self._flush(connection)
        # All are executed before the rows of one are fetched: the driver may send them together.
        sent = [(what, asked, self._sent(connection, what, asked)) for what, asked in waiting.items()]
        answers: list[tuple[Asked, Rows | Exception]] = []
        for what, asked, executed in sent:
            try:
                answers += zip(asked, self._found(what, asked, executed), strict=True)
            except Exception as error:  # noqa: BLE001 - it belongs to those who asked
                answers += [(each, error) for each in asked]
        for (_, _, future), answer in answers:
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
                future.exception()  # it is no news to asyncio, should the one who asked have gone
            else:
                future.set_result(answer)

    def _sent(
        self, connection: sa.Connection, what: Any, asked: Sequence[Asked]
    ) -> tuple[list[Result | None], bool]:
        """Execute what is asked, and tell if one statement did so for all sets of parameters."""
        if not isinstance(what, Query):
            return [self._execute(connection, what, values) for _, values, _ in asked], False
        sets = {key: values for key, values, _ in asked}
        simple = all(type(value) in (int, str) for key in sets for value in key)
        alone = len(sets) == 1 and what.statement is not what.batched
        if alone or what.batched is None or not simple:
            return [
                self._execute(connection, what.statement, each, PIPELINED) for each in sets.values()
            ], False
        together = keys([place, *key] for place, key in enumerate(sets))
        return [self._execute(connection, what.batched, together, PIPELINED)], True

    def _found(
        self, what: Any, asked: Sequence[Asked], executed: tuple[list[Result | None], bool]
    ) -> list[Rows]:
        """Fetch what was found for each who asked, and know it from now on."""
        results, is_batched = executed
        found: list[Any] = [self._rows(result) for result in results]
        if not isinstance(what, Query):
            return found
        sets = dict.fromkeys(key for key, *_ in asked)
        if is_batched:
            (rows,), found = found, [[] for _ in sets]
            for row in rows:
                found[row[-1]].append(row[:-1])
        known = self._known[what]
        if len(known) > REMEMBERED:
            known.clear()
        known.update(zip(sets, found, strict=True))
        return [known[key] for key, *_ in asked]

    def outdated(self, unit: Session) -> bool:
        """Tell whether a unit must run again, as kept ones have changed what it has read beside them."""
        if unit.in_turn or unit.needs_turn:
            return unit.needs_turn
        if any(number != self.last[query] + 1 for query, number in unit.ids.items()):
            return True
        return any(self.kept.touches(query, values) for (query, _), values in unit.asked.items())

    def keep(self, unit: Session) -> None:
        """Make the unit's writes those of the batch."""
        for write, values in unit.staged:
            self.kept.add(write, values)
        self._unsent += unit.staged
        self.last.update(unit.ids)
        unit.own, unit.staged = Written(), []

    async def flush(self) -> None:
        """Send what was kept since the last time. When that fails, the culprit is unknown."""
        await self._connection.run_sync(self._flush)

    def _flush(self, connection: sa.Connection) -> None:
        unsent, self._unsent, self._behind = self._unsent, [], False
        runs: dict[str, list[tuple[Write, list[Values], set[Any]]]] = defaultdict(list)
        for write, values in unsent:
            row = values.get(ID, values.get("id"))
            # It joins the rows of its statement, unless the same row was written since then.
            for of, rows, ids in reversed(runs[write.table]):
                if of is write:
                    rows.append(values)
                    ids.add(row)
                    break
                if row is None or not ids.isdisjoint({row, None}):
                    runs[write.table].append((write, [values], {row}))
                    break
            else:
                runs[write.table].append((write, [values], {row}))
        for table in sorted(runs, key=ORDER.__getitem__):
            for write, rows, _ in runs[table]:
                self._execute(connection, write.statement, rows, DEFERRED)
        if self.broken is not None:
            raise self.broken

    def _execute(
        self, connection: sa.Connection, statement: Any, values: Any, options: Any = None
    ) -> Result | None:
        """Execute a statement. An error of the database is in ``broken``, and the result None."""
        if self.broken is None:
            try:
                return connection.execute(statement, values, execution_options=options)
            except Exception as error:  # noqa: BLE001 - it is raised to all who ask anything
                self._break(error)
        return None

    def _rows(self, result: Result | None) -> Rows:
        """Fetch the rows of a statement. Raises what broke the batch, and BadValue."""
        if self.broken is None and result is not None:
            try:
                return result.all() if result.returns_rows else ()
            except UNREADABLE as error:
                statement = cast("Any", result.context).invoked_statement
                raise unreadable(error, statement, self._where) from error
            except Refused as error:
                self._break(cast("Exception", error.__cause__))
            except Exception as error:  # noqa: BLE001 - it is raised to all who ask anything
                self._break(error)
        assert self.broken is not None, "there is no result for no other reason"
        raise self.broken

    def _break(self, error: Exception) -> None:
        self.broken = error
        if isinstance(error, sa.exc.SQLAlchemyError | OSError):
            self.broken = storage_error(error, self._where)
            self.broken.__cause__ = error


@dataclass(eq=False)
class Session:
    """One unit's view of its batch: what it reads, and a list of what it writes.

    Side by side with others it reads the state from before the batch. What needs more raises NeedsTurn: the
    unit runs again when those before it are kept, ``in_turn``, and has the database to itself. Coroutines
    that a unit gathers may ask at once; once it is ``undone``, those that still ask are cancelled.
    """

    batch: Batch
    in_turn: bool
    writes: bool = True
    own: Written = field(default_factory=Written)
    staged: list[tuple[Write, Values]] = field(default_factory=list)
    asked: dict[tuple[Query, Key], Values | None] = field(default_factory=dict)
    ids: dict[Query, int] = field(default_factory=dict)
    wrote: bool = False
    needs_turn: bool = False
    undone: bool = False
    over: bool = False
    _memory: dict[str, dict[Any, Any]] = field(default_factory=lambda: defaultdict(dict))

    def rows(self, query: Query, parameters: Values | None = None) -> asyncio.Future[Rows]:
        """Return what a SELECT will find."""
        self._check()
        key = tuple([parameters[name] for name in query.parameters]) if parameters else ()
        if self.own.touches(query, parameters):
            self._send()
        if not self.in_turn:
            self.asked[query, key] = parameters
        anew = self.in_turn and self.batch.kept.touches(query, parameters)
        return self.batch.ask(query, key, parameters, anew=anew)

    async def row(self, query: Query, parameters: Values | None = None) -> Any:
        """The first row, or None."""
        found = await self.rows(query, parameters)
        return found[0] if found else None

    def stage(self, write: Write, values: Values) -> None:
        """Write these values at the latest when the batch commits."""
        self._check(writing=write.table)
        self.own.add(write, values)
        self.staged.append((write, values))

    async def now(
        self, statement: sa.Insert | sa.Update | sa.Delete, table: sa.Table, values: Values
    ) -> Rows:
        """Write at once, for what the database answers (RETURNING)."""
        self._check(writing=table.name)
        self._send()
        self.batch.kept.add(as_write(statement, table.name), values)
        return await self.batch.ask(statement, (), values, anew=True)

    async def next_id(self, highest: Query) -> int:
        """One more than the highest id, which no other unit is given.

        Side by side with others it is the right one if all units that were given one before are kept.
        """
        self._check()
        ((last,),) = await self.batch.ask(highest, (), None, anew=False)
        self.batch.last.setdefault(highest, last)
        given = self.ids if self.in_turn else self.batch.given
        given[highest] = self.ids[highest] = 1 + given.get(highest, self.batch.last[highest])
        return self.ids[highest]

    def remember(self, table: sa.Table, key: Any, value: T) -> T:
        """Have repositories know something of a table, until the unit writes there again."""
        self._memory[table.name][key] = value
        return value

    def recall(self, table: sa.Table, key: Any) -> Any:
        """Return what was remembered; None when nothing is."""
        self._check()
        return self._memory[table.name].get(key)

    def _send(self) -> None:
        """Hand over what the unit has staged: from now on it can be undone with the whole batch alone."""
        if not self.in_turn:
            self.needs_turn = self.undone = True
            raise NeedsTurn
        self.wrote = True
        self.batch.keep(self)

    def _check(self, *, writing: str = "") -> None:
        if self.undone:
            raise asyncio.CancelledError
        if self.over:
            raise RuntimeError("this unit of work is over: a use case may not keep it")
        if writing:
            if not self.writes:
                raise WritesAfterAll
            self._memory.pop(writing, None)


class Repository:
    """A part of a unit of work that asks, and writes, through the unit's session."""

    def __init__(self, session: Session) -> None:
        self._session = session
