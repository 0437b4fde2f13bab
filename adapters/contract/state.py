"""Platform state in memory, for an adapter under test."""

from __future__ import annotations

import datetime as dt
from itertools import count

from bot.chat import ABSENT, Clock, StaleRevision, StateRecord, SystemClock


class MemoryState:
    """Implements ``bot.chat.PlatformState`` in a dict."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._numbers = count(1)
        self._rows: dict[str, tuple[StateRecord, dt.datetime | None]] = {}

    async def get(self, key: str) -> StateRecord | None:
        """Return a record, None if it is absent."""
        record, expires_at = self._rows.get(key, (None, None))
        return None if expires_at is not None and expires_at <= self._clock.now() else record

    async def records(self, prefix: str = "") -> tuple[StateRecord, ...]:
        """Return the records whose key begins with ``prefix``, sorted by key."""
        found = [await self.get(key) for key in sorted(self._rows) if key.startswith(prefix)]
        return tuple(record for record in found if record)

    async def put(
        self, key: str, value: str, *, expected: str | None = None, expires_at: dt.datetime | None = None
    ) -> StateRecord:
        """Write a record and return it. Raises StaleRevision if it isn't at the revision ``expected``."""
        if expected is not None and await self._revision(key) != expected:
            raise StaleRevision(key)
        record = StateRecord(key, value, str(next(self._numbers)))
        self._rows[key] = record, expires_at
        return record

    async def delete(self, key: str, *, expected: str | None = None) -> bool:
        """Delete a record. Returns False if it is absent or not at ``expected``."""
        revision = await self._revision(key)
        if revision == ABSENT or expected not in {None, revision}:
            return False
        del self._rows[key]
        return True

    async def _revision(self, key: str) -> str:
        record = await self.get(key)
        return record.revision if record else ABSENT
