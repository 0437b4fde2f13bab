"""Jobs of a check that run side by side: those that compute on each core, those that wait beside them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Progress = Callable[[int, int], None]
"""Called after each job with how many are done, and of how many."""

CORES = os.cpu_count() or 1
WAITING = min(2 * CORES + 1, CORES + 8)
"""Jobs that wait, such as for a server to start, that run at once beside those that compute."""


@dataclass(frozen=True)
class Job(Generic[T_co]):
    """Something to run: ``seconds`` are an estimate, and it ``waits`` if it computes for few of them."""

    run: Callable[[], T_co]
    seconds: float = 0.0
    waits: bool = False


def side_by_side(jobs: Sequence[Job[T]], progress: Progress | None = None) -> tuple[T, ...]:
    """Return what each job returns, in their order. Those that take longest begin first.

    Raises what a job raises. On Ctrl+C those that run are not waited for: whoever gave them what they work
    with ends it.
    """
    order = sorted(range(len(jobs)), key=lambda place: -jobs[place].seconds)
    futures: dict[int, Future[T]] = {}
    pools = {
        waits: ThreadPoolExecutor(WAITING if waits else CORES) for waits in {job.waits for job in jobs}
    }
    try:
        for place in order:
            futures[place] = pools[jobs[place].waits].submit(jobs[place].run)
        for done, _ in enumerate(as_completed(futures.values()), start=1):
            if progress:
                progress(done, len(futures))
        return tuple(futures[place].result() for place in range(len(jobs)))
    finally:
        for pool in pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
