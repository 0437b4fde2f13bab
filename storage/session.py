"""One unit's view of the transaction that it shares with others.

Reads go to the batch, which makes one statement of all that are asked at one moment. Writes are a list of
the unit's own, which it reads on top of what the database says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from bot.ports import WritesAfterAll
from storage.statements import Query, Values, Write
from storage.written import Written, can_lay, laid

if TYPE_CHECKING:
    from storage.batching import Batch

Rows = Sequence[Any]
T = TypeVar("T")


class Again(BaseException):
    """A unit has to run again, since one before it changed what it has read. No handler catches it."""


class Session:
    """The unit of work's inside: the one at ``place`` in the batch.

    ``turn`` is done once all units before this one are kept.
    """

    def __init__(self, batch: Batch, place: int = 0, *, writes: bool = True) -> None:
        self.batch = batch
        self.place = place
        self.dialect = batch.dialect
        self.on_sqlite = batch.dialect.name == "sqlite"
        self.own = Written()
        self.asked: dict[tuple[Query, tuple[Any, ...]], tuple[Query, Values | None]] = {}
        self.ids: list[tuple[Query, int]] = []
        self.turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.has_turn = self.wrote = self.over = False
        self.doom: Exception | None = None
        self.since = batch.flushes
        self._writes = writes

    async def rows(self, query: Query, parameters: Values | None = None) -> Rows:
        """Return what a SELECT finds, with what the unit itself has written."""
        self._check()
        touching = self.own.touching(query, parameters)
        if touching and not can_lay(query, self.own, touching):
            await self._write_own()
            touching = []
        key = query.key(parameters)
        if not self.has_turn:
            self.asked[query, key] = query, parameters
        found = await self.batch.load(query, key, parameters)
        return laid(query, parameters or {}, found, self.own, touching) if touching else found

    async def row(self, query: Query, parameters: Values | None = None) -> Any:
        """The first row, or None."""
        found = await self.rows(query, parameters)
        return found[0] if found else None

    def stage(self, write: Write, values: Values) -> None:
        """Write these values at the latest when the batch commits."""
        self._may_write()
        self.own.add(write, [values])

    async def now(
        self, statement: sa.Insert | sa.Update | sa.Delete, table: sa.Table, values: Values
    ) -> Rows:
        """Write at once, for what the database answers (RETURNING). The unit waits for its turn."""
        self._may_write()
        await self._write_own()
        self.wrote = True
        return await self._alone(self.batch.write(statement, table.name, values))

    async def next_id(self, highest: Query) -> int:
        """One more than the highest id, which no other unit is given."""
        self._check()
        return await self.batch.next_id(highest, self)

    def finish(self) -> None:
        """Raise what its writes met, whether the unit has caught it or not."""
        if self.doom is not None:
            raise self.doom

    async def _write_own(self) -> None:
        """Send what the unit has staged, once its turn has come: from now on it has the database alone."""
        if not self.has_turn:
            await self.turn
            if self.batch.outdated(self):
                raise Again
            self.has_turn = True
        self.wrote = self.wrote or bool(self.own.rows)
        self.batch.keep(self)
        await self._alone(self.batch.flush())

    async def _alone(self, work: Awaitable[T]) -> T:
        try:
            return await work
        except Exception as error:
            # A part of it may be written and the rest is lost: the unit cannot go on.
            self.doom = error
            raise

    def _may_write(self) -> None:
        self._check()
        if not self._writes:
            raise WritesAfterAll

    def _check(self) -> None:
        if self.over:
            raise RuntimeError("this unit of work is over: a use case may not keep it")
        self.finish()
