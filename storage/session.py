"""One transaction: what it knows, what it has yet to write, and the connection below.

Reads are answered from the identity map or by a SELECT. Writes are staged and sent together. The
units of a group run one after another on one Session; between ``begin`` and ``keep`` or ``undo``
everything belongs to one unit.
"""

from __future__ import annotations

from collections.abc import Awaitable, Collection, Sequence
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncTransaction

from bot.errors import BadValue, Conflict
from bot.ports import WritesAfterAll
from storage.columns import UNREADABLE
from storage.engine import storage_error
from storage.identity_map import IdentityMap
from storage.shape import shown
from storage.statements import AnyRow, Query, Values, Write, tables_of
from storage.tables import metadata

T = TypeVar("T")

Staged = dict[Write, list[Values]]

_ORDER = {table.name: place for place, table in enumerate(metadata.sorted_tables)}


class Session:
    """The unit of work's inside.

    ``alone`` says that one unit has the transaction for itself, so that it can be undone by rolling
    all of it back. ``broken`` is an error after which the transaction can only be rolled back: the
    database's own trouble, or what earlier units of the group had staged cannot be written.
    """

    def __init__(self, connection: AsyncConnection, where: str, *, alone: bool) -> None:
        self.known = IdentityMap()
        self.broken: Exception | None = None
        self.dialect = connection.dialect
        self.on_sqlite = self.dialect.name == "sqlite"
        self._connection = connection
        self._where = where
        self._alone = alone
        self._settled: Staged = {}
        self._own: Staged = {}
        self._savepoint: AsyncTransaction | None = None
        self._doom: Exception | None = None
        self._over = False
        self._writes = True

    async def rows(self, query: Query, parameters: Values | None = None) -> Sequence[AnyRow]:
        """What a SELECT finds, the unit's own staged writes included."""
        await self._make_visible(query.tables)
        return await self._execute(query.statement, parameters)

    async def row(self, query: Query, parameters: Values | None = None) -> AnyRow | None:
        """The first row, or None."""
        found = await self.rows(query, parameters)
        return found[0] if found else None

    def stage(self, write: Write, values: Values) -> None:
        """Write these values at the latest when the group commits."""
        self._may_write()
        rows = self._own.get(write)
        if rows is None:
            self._own[write] = [values]
        else:
            rows.append(values)

    async def now(
        self, statement: sa.Insert | sa.Update | sa.Delete, table: sa.Table, values: Values
    ) -> Sequence[AnyRow]:
        """Write at once, for what the database answers (RETURNING). A Conflict undoes this alone."""
        self._may_write()
        await self._secure()
        referred = {key.column.table.name for key in table.foreign_keys}
        if self._touches(self._own, {table.name, *referred}):
            await self._flush_own()
        return await self._execute(statement, values)

    def begin(self, *, writes: bool = True) -> None:
        """A unit starts."""
        self._writes = writes
        self._doom = None
        self.known.keep()

    async def keep(self) -> None:
        """The unit has succeeded. Raises what its writes met, if it was an error."""
        self._check()
        if self._doom is not None:
            raise self._doom
        for write, rows in self._own.items():
            self._settled.setdefault(write, []).extend(rows)
        self._own.clear()
        if self._savepoint is not None:
            savepoint, self._savepoint = self._savepoint, None
            await self._watch(savepoint.commit())
        self.known.keep()

    async def undo(self) -> None:
        """Take back what the unit did. When it is ``alone``, the caller rolls all of it back."""
        self._own.clear()
        self.known.revert()
        if self._savepoint is not None:
            savepoint, self._savepoint = self._savepoint, None
            if self.broken is None:
                await self._watch(savepoint.rollback())

    async def flush(self) -> None:
        """Send what the units have staged. When that fails, the culprit is unknown."""
        self._check()
        staged, self._settled = self._settled, {}
        try:
            await self._send(staged)
        except Exception as error:
            self.broken = error
            raise

    def end(self) -> None:
        """The transaction is over; using the session from now on is a mistake."""
        self._over = True

    async def _make_visible(self, tables: frozenset[str]) -> None:
        self._check()
        if self._touches(self._own, tables):
            await self._secure()
            await self._flush_own()
        elif self._touches(self._settled, tables):
            await self.flush()

    async def _secure(self) -> None:
        """Make sure that what is sent from now on can be undone without hurting earlier units."""
        self._check()
        if self._alone or self._savepoint is not None:
            return
        if self._settled:
            await self.flush()
        self._savepoint = await self._watch(self._connection.begin_nested())

    async def _flush_own(self) -> None:
        staged, self._own = self._own, {}
        try:
            await self._send(staged)
        except Exception as error:
            # A part of it may be written and the rest is lost: the unit cannot go on, whether it
            # catches this or not.
            self._doom = error
            raise

    async def _send(self, staged: Staged) -> None:
        # What is referred to goes first; within a table the order stays.
        for write in sorted(staged, key=lambda write: _ORDER[write.table]):
            await self._watch(self._connection.execute(write.statement, write.folded(staged[write])))

    async def _execute(self, statement: sa.Executable, parameters: Values | None) -> Sequence[AnyRow]:
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

    def _may_write(self) -> None:
        if self._over:
            raise RuntimeError("this unit of work is over: a use case may not keep it")
        if not self._writes:
            raise WritesAfterAll

    def _check(self) -> None:
        if self._over:
            raise RuntimeError("this unit of work is over: a use case may not keep it")
        if self.broken is not None:
            raise self.broken

    async def _watch(self, work: Awaitable[T]) -> T:
        try:
            return await work
        except (sa.exc.SQLAlchemyError, OSError) as error:
            meaning = storage_error(error, self._where)
            if not isinstance(meaning, Conflict):
                self.broken = meaning
            raise meaning from error

    @staticmethod
    def _touches(staged: Staged, tables: Collection[str]) -> bool:
        return any(write.table in tables for write in staged)
