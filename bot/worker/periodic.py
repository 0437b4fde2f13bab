"""The periodic runner of the scheduler, and the only file that knows APScheduler.

Schedules are rows, not jobs: APScheduler's cron trigger skips and doubles days when clocks change.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.worker.scheduler import Scheduler

UPKEEP_HOURS = 24


class PeriodicRunner:
    """Runs the scheduler every few seconds, and at once when woken, in one task, one pass at a time."""

    def __init__(self, scheduler: Scheduler, tick_seconds: float) -> None:
        self._scheduler = scheduler
        self._tick_seconds = tick_seconds
        self._wanted = asyncio.Event()
        self._upkeep_due = True
        self._stopping = False
        self._timer = AsyncIOScheduler(timezone="UTC")
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Run once now, then regularly; upkeep soon, then daily, so that short runs do it."""
        await self._scheduler.run_once_safely()
        self.every(self._tick, seconds=self._tick_seconds)
        self.every(self._want_upkeep, hours=UPKEEP_HOURS)
        self._timer.start()
        self._running = asyncio.create_task(self._run_when_wanted(), name="scheduler")

    def wake(self) -> None:
        """Run the scheduler soon, since something has changed that it would show."""
        self._wanted.set()

    async def stop(self) -> None:
        """Let the pass that is under way finish, then stop."""
        if self._timer.running:
            self._timer.shutdown(wait=False)
        self._stopping = True
        self._wanted.set()
        if self._running:
            await self._running

    def every(self, job: Callable[[], Awaitable[None]], **period: float) -> None:
        """Add a periodic job: a coroutine, since APScheduler runs a plain function in a thread."""
        self._timer.add_job(
            job, "interval", max_instances=1, coalesce=True, misfire_grace_time=None, **period
        )

    async def _tick(self) -> None:
        self.wake()

    async def _want_upkeep(self) -> None:
        self._upkeep_due = True
        self.wake()

    async def _run_when_wanted(self) -> None:
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
        """Wait, two ticks at most: the timer goes by the clock of the machine, which may be set back."""
        with suppress(TimeoutError):
            async with asyncio.timeout(2 * self._tick_seconds):
                await self._wanted.wait()
