"""Work that may outlive the beat which started it: a channel that hangs holds up nobody else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Mapping

from bot.errors import StorageError

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]


class Crew:
    """So many at work at once; who comes beyond that waits inside. One key has one task at a time."""

    def __init__(self, at_once: int, patience: float) -> None:
        self._at_once = at_once
        self._patience = patience
        self._gate = asyncio.Semaphore(at_once)
        self._running: dict[Hashable, asyncio.Task[None]] = {}

    @property
    def free(self) -> int:
        """How many could begin at once."""
        return max(0, self._at_once - len(self._running))

    @property
    def size(self) -> int:
        """How many are at work or wait for it."""
        return len(self._running)

    def busy(self, key: Hashable) -> bool:
        """Whether the work of this key goes on."""
        return key in self._running

    async def each(self, jobs: Mapping[Hashable, Work]) -> None:
        """Begin those that are not busy, and wait for them as long as patience lasts."""
        begun = [self._begin(key, work) for key, work in jobs.items() if not self.busy(key)]
        if begun:
            await asyncio.wait(begun, timeout=self._patience)

    async def finish(self) -> None:
        """Wait once more as long as patience lasts, then stop what is left."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running.values(), timeout=self._patience)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _begin(self, key: Hashable, work: Work) -> asyncio.Task[None]:
        task = asyncio.create_task(self._alone(key, work), name=f"delivery {key}")
        self._running[key] = task
        task.add_done_callback(lambda _: self._running.pop(key, None))
        return task

    async def _alone(self, key: Hashable, work: Work) -> None:
        """A fault is logged and kept from the others."""
        async with self._gate:
            try:
                await work()
            except StorageError as error:
                log.warning("%s could not be served: %s", key, error)
            except Exception:
                log.exception("%s could not be served", key)
