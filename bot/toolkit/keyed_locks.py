"""Locks by key: one thing at a time for each person, so that nobody's many requests delay another's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(slots=True)
class _Lock:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    wanted: int = 0


class KeyedLocks(Generic[K]):
    """A lock for each key, for as long as somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: dict[K, _Lock] = {}

    def __len__(self) -> int:
        """Return how many keys have something going on."""
        return len(self._locks)

    @asynccontextmanager
    async def holding(self, key: K) -> AsyncIterator[None]:
        """Wait until nothing else goes on for the key, in the order of asking."""
        entry = self._locks.setdefault(key, _Lock())
        entry.wanted += 1
        try:
            async with entry.lock:
                yield
        finally:
            entry.wanted -= 1
            if not entry.wanted:
                del self._locks[key]
