"""Jobs of a check that run side by side, as many at once as there are cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

T = TypeVar("T")

Progress = Callable[[int, int], None]
"""Called after each job with how many are done, and of how many."""


def side_by_side(jobs: Sequence[Callable[[], T]], progress: Progress | None = None) -> tuple[T, ...]:
    """Return what each job returns, in their order. Raises what a job raises."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        futures = [pool.submit(job) for job in jobs]
        try:
            for done, _ in enumerate(as_completed(futures), start=1):
                if progress:
                    progress(done, len(futures))
        except BaseException:
            # Ctrl-C: without this the pool would first run all that is still in its queue.
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        return tuple(future.result() for future in futures)
