"""Limits on memory, rates and turns, so that nobody takes up what others need.

Caches of a limited size, token buckets, locks by key, tasks that a stop waits for, and a log that strangers
cannot fill.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class BoundedDict(OrderedDict[K, V]):
    """A dict of at most ``most`` entries that evicts those set longest ago.

    >>> recent = BoundedDict[str, int](2)
    >>> recent["a"], recent["b"], recent["c"] = 1, 2, 3
    >>> list(recent)
    ['b', 'c']
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: K, value: V) -> None:
        """Set an entry, which is now the newest."""
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > self._most:
            self.popitem(last=False)


class ByteCache(Generic[K]):
    """An LRU cache of byte strings, of at most ``most`` bytes together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[K, bytes] = OrderedDict()
        self.size = 0

    def get(self, key: K) -> bytes | None:
        """Return the bytes kept under the key, which are now the newest."""
        if key in self._held:
            self._held.move_to_end(key)
        return self._held.get(key)

    def __setitem__(self, key: K, value: bytes) -> None:
        """Keep bytes; a string that alone is too large is not kept."""
        self.size += len(value) - len(self._held.pop(key, b""))
        self._held[key] = value
        while self.size > self._most:
            self.size -= len(self._held.popitem(last=False)[1])


REMEMBERED = 10_000
"""People remembered, at most. Forgetting the one heard of longest ago fills their bucket."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: ``most`` at once, and one more every ``every`` seconds."""

    most: int
    every: float


class RateLimiter(Generic[K]):
    """Token buckets by key, with one or several rates of which each must allow what is done.

    A bucket is kept as the instant at which it will be full again (the generic cell rate algorithm), so it
    costs a number and no timer. aiolimiter's ``AsyncLimiter`` makes callers wait, needs an object with a
    queue for each person, and does not tell when there is room again.
    """

    def __init__(self, *rates: Rate, remembered: int = REMEMBERED) -> None:
        self._rates = rates
        self._full_at: BoundedDict[K, tuple[float, ...]] = BoundedDict(remembered)

    def __len__(self) -> int:
        """Return how many keys are remembered."""
        return len(self._full_at)

    def take(self, key: K, now: float, again: int = 1) -> float:
        """Take a token and return 0; without one, return the seconds until there are ``again`` of them.

        ``now`` is in seconds. A clock that was put back far fills the buckets: nobody has to wait for it.

        >>> limiter = RateLimiter[str](Rate(most=1, every=30.0))
        >>> limiter.take("ana", now=0.0), limiter.take("ana", now=10.0)
        (0.0, 20.0)
        """
        known = self._full_at.get(key, (now,) * len(self._rates))
        wait, full = 0.0, []
        for rate, full_at in zip(self._rates, known, strict=True):
            span = rate.most * rate.every
            missing = max(full_at - now, 0.0)
            if missing > span + _ROUNDING:
                missing = 0.0
            if missing + rate.every > span + _ROUNDING:
                wait = max(wait, missing + min(again, rate.most) * rate.every - span)
            full.append(now + missing)
        if not wait:
            full = [at + rate.every for at, rate in zip(full, self._rates, strict=True)]
        # Kept also when refused, so that whoever is refused is not forgotten first.
        self._full_at[key] = tuple(full)
        return wait


_ROUNDING = 1e-3
"""Seconds by which sums may be off: of instants since 1970 the last bit is a quarter of a microsecond."""


@dataclass(slots=True)
class _Lock:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    wanted: int = 0


class KeyedLocks(Generic[K]):
    """A lock for each key, for as long as somebody holds it or waits for it.

    With one thing at a time for each person, nobody's many requests delay another's.
    """

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


class TaskTracker:
    """The tasks that serve what people did, so that an adapter can let them finish when it stops."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        """Return how many tasks run now."""
        return len(self._tasks)

    def add(self, task: asyncio.Task[Any]) -> None:
        """Track a task until it is done."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, grace: float) -> None:
        """Wait for all tasks, newcomers too; cancel those that still run after ``grace`` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        for unfinished in self._tasks:
            unfinished.cancel()


LOGGED_EVERY = 60.0
"""Seconds between two lines of one kind."""


class RateLimitedLog:
    """A log that writes the first warning of a kind at once and counts those of the next minute.

    One line reports the count. A kind is a message before its arguments are put in, so that there are as
    many as there are calls in our code, whatever strangers send. To be used in a running event loop.
    """

    def __init__(self, log: logging.Logger, every: float = LOGGED_EVERY) -> None:
        self._log = log
        self._every = every
        self._counts: dict[str, int] = {}

    def warning(self, message: str, *args: object) -> None:
        """Log a warning, or count it where one of its kind was logged lately."""
        if message in self._counts:
            self._counts[message] += 1
            return
        self._counts[message] = 0
        self._log.warning(message, *args)
        asyncio.get_running_loop().call_later(self._every, self._report, message, args)

    def _report(self, message: str, args: tuple[object, ...]) -> None:
        """Log how many there were since the last line, and forget the kind after a quiet minute."""
        count = self._counts.pop(message)
        if not count:
            return
        self._counts[message] = 0
        self._log.warning(f"{message} (and %d more like it)", *args, count)
        asyncio.get_running_loop().call_later(self._every, self._report, message, args)
