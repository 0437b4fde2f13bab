"""One beat: plan, send, close, refresh. And the nightly upkeep."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging

from bot.border.clock import Clock
from bot.delivery.courier import Courier
from bot.delivery.planner import plan_due
from bot.library import Library
from bot.ports import Database, UnitOfWork
from bot.settings import Settings

log = logging.getLogger(__name__)


class Heart:
    """Does what is due. Beats never overlap: who comes while one goes on waits for the next."""

    def __init__(
        self, database: Database, library: Library, settings: Settings, courier: Courier, clock: Clock
    ) -> None:
        self._database = database
        self._library = library
        self._settings = settings
        self._courier = courier
        self._clock = clock
        self._lock = asyncio.Lock()

    async def beat(self) -> None:
        """Everything that is due now, until nothing is. An idle beat asks one question."""
        async with self._lock:
            if not await self._work_waits():
                return
            while await self._plan():
                pass
            while await self._courier.deliver():
                pass
            while await self._courier.close_due():
                pass
            await self._courier.refresh()

    async def beat_safely(self) -> None:
        """The same for a clock that must go on: a fault is logged and the next beat tries again."""
        try:
            await self.beat()
        except Exception:
            log.exception("a beat failed; the next one tries again")

    async def next_due_at(self) -> dt.datetime | None:
        """When the next schedule is due."""

        async def ask(unit: UnitOfWork) -> dt.datetime | None:
            return await unit.groups.next_due_at()

        return await self._database.run(ask)

    async def upkeep(self) -> None:
        """Forget the ids of events that no platform delivers again."""
        oldest = self._clock.now() - dt.timedelta(days=self._settings.event_days)

        async def forget(unit: UnitOfWork) -> int:
            return await unit.events.forget_before(oldest)

        try:
            log.info("upkeep: forgot %s event ids", await self._database.run(forget))
        except Exception:
            log.exception("upkeep failed; it is tried again tomorrow")

    async def _work_waits(self) -> bool:
        async def ask(unit: UnitOfWork) -> bool:
            return await unit.posts.work_waits(self._clock.now())

        return await self._database.run(ask)

    async def _plan(self) -> int:
        async def plan(unit: UnitOfWork) -> int:
            return await plan_due(unit, self._library, self._clock.now(), self._settings.plan_batch)

        return await self._database.run(plan)
