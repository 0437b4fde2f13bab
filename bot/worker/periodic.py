"""The clock that makes the heart beat: the only file that knows APScheduler.

Schedules are rows, not jobs: its cron trigger skips and doubles days when clocks change.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.worker.scheduler import Scheduler

UPKEEP_HOURS = 24


class PeriodicRunner:
    """Beats every few seconds, and at once when nudged. All happens in one task, one by one."""

    def __init__(self, scheduler: Scheduler, tick_seconds: float) -> None:
        self._scheduler = scheduler
        self._tick_seconds = tick_seconds
        self._wanted = asyncio.Event()
        self._upkeep_due = True
        self._stopping = False
        self._timer = AsyncIOScheduler(timezone="UTC")
        self._beating: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Beat once now, then regularly; upkeep soon, then daily, so that short lives do it too."""
        await self._scheduler.run_once_safely()
        self._every(self._tick, seconds=self._tick_seconds)
        self._every(self._want_upkeep, hours=UPKEEP_HOURS)
        self._timer.start()
        self._beating = asyncio.create_task(self._beat_when_wanted(), name="heart")

    def wake(self) -> None:
        """Something has changed that a beat would show: beat soon."""
        self._wanted.set()

    async def stop(self) -> None:
        """Let the beat that goes on finish, then stand still."""
        if self._timer.running:
            self._timer.shutdown(wait=False)
        self._stopping = True
        self._wanted.set()
        if self._beating:
            await self._beating

    def _every(self, job: Callable[[], Awaitable[None]], **period: float) -> None:
        """A coroutine, since APScheduler runs a plain function in a thread."""
        self._timer.add_job(
            job, "interval", max_instances=1, coalesce=True, misfire_grace_time=None, **period
        )

    async def _tick(self) -> None:
        self.wake()

    async def _want_upkeep(self) -> None:
        self._upkeep_due = True
        self.wake()

    async def _beat_when_wanted(self) -> None:
        while True:
            if self._upkeep_due:
                self._upkeep_due = False
                await self._scheduler.upkeep()
            await self._until_wanted()
            self._wanted.clear()
            if self._stopping:
                return
            await self._scheduler.run_once_safely()

    async def _until_wanted(self) -> None:
        """Two ticks at most: the timer goes by the clock of the machine, which may be set back."""
        with suppress(TimeoutError):
            async with asyncio.timeout(2 * self._tick_seconds):
                await self._wanted.wait()
