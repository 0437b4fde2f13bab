"""Seconds of many like things: their rate, and how long the slow ones took."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds of each of at least two things, of all together, and of processor time in all."""

    each: tuple[float, ...]
    whole: float
    processor: float

    @property
    def rate(self) -> float:
        """Return how many there are in a second."""
        return len(self.each) / self.whole

    def percentile(self, percent: int) -> float:
        """Return a percentile, in milliseconds."""
        return percentile(self.each, percent)


def percentile(seconds: Sequence[float], percent: int) -> float:
    """Return a percentile of at least two times, in milliseconds."""
    return statistics.quantiles(seconds, n=100)[percent - 1] * 1000


async def by_tasks(tasks: int, things: Iterable[T], work: Callable[[T], Awaitable[object]]) -> Timed:
    """Run a closed loop: so many tasks, each of which takes the next thing when it is done with one."""
    waiting, each = iter(things), list[float]()

    async def worker() -> None:
        for thing in waiting:
            began = time.perf_counter()
            await work(thing)
            each.append(time.perf_counter() - began)

    began, busy = time.perf_counter(), time.process_time()
    await asyncio.gather(*(worker() for _ in range(tasks)))
    return Timed(tuple(each), time.perf_counter() - began, time.process_time() - busy)
