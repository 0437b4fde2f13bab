"""Worker pools, whose work may outlive the pass that started it: a hanging channel holds up nobody else."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from functools import partial

from bot.errors import StorageError

log = logging.getLogger(__name__)

BATCH = 200
"""Jobs claimed in one transaction, at most."""

Work = Callable[[], Awaitable[None]]
Claim = Callable[[int], Awaitable[Mapping[Hashable, Work]]]
"""Claims at most so many jobs; each has a key of its own."""
ClaimFor = Callable[[str, int], Awaitable[Mapping[Hashable, Work]]]
"""Claims at most so many jobs of one platform; each has a key of its own."""


class WorkerPool:
    """A pool of ``at_once`` workers; jobs beyond that wait inside. One key has one task at a time."""

    def __init__(self, at_once: int, timeout: float) -> None:
        self._at_once = at_once
        self._timeout = timeout
        self._gate = asyncio.Semaphore(at_once)
        self._running: dict[Hashable, asyncio.Task[None]] = {}
        self._awaited: set[asyncio.Task[None]] = set()

    @property
    def free(self) -> int:
        """Return how many jobs could begin at once."""
        return max(0, self._at_once - len(self._running))

    async def fetch(self, claim: Claim) -> int:
        """Claim as many jobs as there are free workers and begin them; return how many were claimed.

        Returns as soon as it is worth claiming more, and after the last jobs when they are done. A job may
        go on then: it is waited for no longer than the timeout.
        """
        most = min(BATCH, self.free)
        if not most:
            return 0
        jobs = await claim(most)
        await self._begin_and_go_on(jobs)
        if len(jobs) < most:
            await self._drain()
        return len(jobs)

    async def finish(self) -> None:
        """Wait once more for the timeout, then cancel what is left."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running.values(), timeout=self._timeout)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _begin_and_go_on(self, jobs: Mapping[Hashable, Work]) -> None:
        """Return when a quarter of the workers is free, so that none idles, or after the timeout."""
        self._awaited |= self._begin_all(jobs)
        late_at = time.monotonic() + self._timeout
        while self._awaited and self.free * 4 < self._at_once:
            left = late_at - time.monotonic()
            done, self._awaited = await asyncio.wait(
                self._awaited, timeout=left, return_when=asyncio.FIRST_COMPLETED
            )
            if not done:
                self._awaited = set()

    async def _drain(self) -> None:
        awaited, self._awaited = self._awaited, set()
        if awaited:
            await asyncio.wait(awaited, timeout=self._timeout)

    def _begin_all(self, jobs: Mapping[Hashable, Work]) -> set[asyncio.Task[None]]:
        return {self._begin(key, work) for key, work in jobs.items() if key not in self._running}

    def _begin(self, key: Hashable, work: Work) -> asyncio.Task[None]:
        task = asyncio.create_task(self._alone(key, work), name=f"delivery {key}")
        self._running[key] = task
        task.add_done_callback(lambda _: self._running.pop(key, None))
        return task

    async def _alone(self, key: Hashable, work: Work) -> None:
        """Do one job; a fault is logged and kept from the others."""
        async with self._gate:
            try:
                await work()
            except StorageError as error:
                log.warning("%s could not be served: %s", key, error)
            except Exception:
                log.exception("%s could not be served", key)


class PlatformPools:
    """A worker pool for each platform: one that hangs takes no workers from the others."""

    def __init__(self, platforms: Iterable[str], at_once: int, timeout: float) -> None:
        self._pools = {platform: WorkerPool(at_once, timeout) for platform in platforms}

    async def fetch(self, claim: ClaimFor) -> int:
        """Fetch for each platform until it has no job or no worker left; return how many were claimed."""
        emptied = await asyncio.gather(
            *(self._empty(pool, partial(claim, platform)) for platform, pool in self._pools.items()),
            return_exceptions=True,
        )
        claimed = 0
        for one in emptied:
            if isinstance(one, BaseException):
                raise one
            claimed += one
        return claimed

    async def finish(self) -> None:
        """Let every pool finish, as ``WorkerPool.finish`` does."""
        await asyncio.gather(*(pool.finish() for pool in self._pools.values()))

    @staticmethod
    async def _empty(pool: WorkerPool, claim: Claim) -> int:
        claimed = 0
        while found := await pool.fetch(claim):
            claimed += found
        return claimed
