"""Keep state for platforms in the database, each write in a transaction of its own."""

from __future__ import annotations

import datetime as dt
import secrets

from bot.chat.clock import Clock
from bot.chat.platform_state import ABSENT, StaleRevision, StateRecord
from bot.ports import Database, UnitOfWork
from bot.ports.platform_state import Record, Space


class DatabaseState:
    """Implements ``bot.chat.PlatformState``."""

    def __init__(self, database: Database, clock: Clock, platform: str, namespace: str) -> None:
        self._database = database
        self._clock = clock
        self._space = Space(platform, namespace)

    async def get(self, key: str) -> StateRecord | None:
        """Return a record, None if it is absent."""
        now = self._clock.now()
        found = await self._database.read(lambda unit: unit.platform_records.get(self._space, key, now))
        return StateRecord(*found) if found else None

    async def records(self, prefix: str = "") -> tuple[StateRecord, ...]:
        """Return the records whose key begins with ``prefix``, sorted by key."""
        now = self._clock.now()
        found = await self._database.read(lambda unit: unit.platform_records.list(self._space, prefix, now))
        return tuple(StateRecord(*each) for each in found)

    async def put(
        self, key: str, value: str, *, expected: str | None = None, expires_at: dt.datetime | None = None
    ) -> StateRecord:
        """Write a record and return it. Raises StaleRevision if it isn't at the revision ``expected``."""
        now = self._clock.now()
        # Random, not counted up: a record that is deleted and written anew has no revision a second time.
        record = Record(key, value, secrets.token_hex(8))

        async def write(unit: UnitOfWork) -> bool:
            records = unit.platform_records
            if expected is None:
                await records.put(self._space, record, expires_at)
                return True
            if expected == ABSENT:
                return await records.insert(self._space, record, expires_at, now)
            return await records.replace(self._space, record, expires_at, expected, now)

        if not await self._database.run(write):
            raise StaleRevision(f"{key} of {self._space.platform} has been changed meanwhile")
        return StateRecord(*record)

    async def delete(self, key: str, *, expected: str | None = None) -> bool:
        """Delete a record. Returns False if it is absent or not at ``expected``."""
        now = self._clock.now()
        return await self._database.run(
            lambda unit: unit.platform_records.delete(self._space, key, expected, now)
        )
