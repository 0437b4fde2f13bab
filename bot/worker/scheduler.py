"""One pass of the scheduler: end pauses, plan, send, close, refresh, reward, remind; and daily upkeep."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging

from bot.domain.deliveries import DeliveryKind
from bot.domain.model import Schedule
from bot.errors import StorageError, is_the_databases
from bot.library import Library
from bot.ports import UnitOfWork
from bot.services.outdated_questions import close_outdated
from bot.services.planning import plan_again, plan_due, put_off
from bot.services.regrading import regrade_corrected
from bot.worker.closing import close_due
from bot.worker.outbox import Outbox
from bot.worker.pauses import end_pauses
from bot.worker.presence import Presence
from bot.worker.retention import Retention
from bot.worker.rewards import review_rewards
from bot.worker.senders.sender import Context

log = logging.getLogger(__name__)


class Scheduler:
    """Does what is due. Passes never overlap: one that is asked for meanwhile comes after."""

    def __init__(self, context: Context, outbox: Outbox, presence: Presence) -> None:
        self._database = context.database
        self._installed = context.installed
        self._settings = context.settings
        self._clock = context.clock
        self._outbox = outbox
        self._presence = presence
        self._upkeep = Retention(context.database, context.settings, context.clock)
        self._lock = asyncio.Lock()
        self._trouble = ""
        self._followed: Library | None = None
        self._unplannable: set[int] = set()

    async def run_once(self) -> None:
        """Do everything that is due now, until nothing is. An idle pass asks one question.

        What a platform takes long to answer goes on after the pass.
        """
        async with self._lock:
            if (library := self._installed.library) is not self._followed:
                await close_outdated(self._database, library, self._clock.now())
                await regrade_corrected(self._database, library, self._clock.now())
                self._followed = library
            if await self._work_waits():
                await self._serve()
            await self._presence.look()

    def packs_changed(self) -> None:
        """Have the next pass close open questions that are outdated, and regrade by corrected keys."""
        self._followed = None

    async def _serve(self) -> None:
        await end_pauses(self._database, self._clock.now())
        while await self._plan():
            pass
        # A recap that comes when a question closes counts it.
        while await close_due(self._database, self._clock.now()):
            pass
        while await self._outbox.deliver_kind(DeliveryKind.POST):
            pass
        while await review_rewards(self._database, self._settings, self._clock):
            pass
        await self._outbox.deliver()

    async def run_once_safely(self) -> None:
        """Run once, for a runner that must go on: a fault is logged and the next pass tries again.

        What the database cannot do is said once, and once more when it can again.
        """
        try:
            await self.run_once()
        except StorageError as error:
            if str(error) != self._trouble:
                log.warning("posts wait; each pass tries again: %s", error)
            self._trouble = str(error)
        except Exception:
            log.exception("a pass of the scheduler failed; the next one tries again")
        else:
            if self._trouble:
                log.warning("the database works again")
            self._trouble = ""

    async def next_due_at(self) -> dt.datetime | None:
        """When the next schedule is due or a pause ends."""

        async def ask(unit: UnitOfWork) -> dt.datetime | None:
            return await unit.groups.next_due_at()

        return await self._database.read(ask)

    async def upkeep(self) -> None:
        """Forget what need not be kept any longer."""
        try:
            await self._upkeep.run()
        except Exception:
            log.exception("upkeep failed; it is tried again tomorrow")

    async def _work_waits(self) -> bool:
        async def ask(unit: UnitOfWork) -> bool:
            return await unit.posts.work_waits(self._clock.now())

        return await self._database.read(ask)

    async def _plan(self) -> int:
        """Plan a batch in one transaction; when that is at fault, each schedule in its own."""

        async def plan(unit: UnitOfWork) -> int:
            return await plan_due(
                unit, self._installed.library, self._clock.now(), self._settings.plan_batch
            )

        try:
            return await self._database.run(plan)
        except Exception as error:
            if is_the_databases(error):
                raise
            return await self._plan_each()

    async def _plan_each(self) -> int:
        async def due(unit: UnitOfWork) -> tuple[Schedule, ...]:
            return await unit.groups.due_schedules(self._clock.now(), self._settings.plan_batch)

        schedules = await self._database.run(due)
        for schedule in schedules:
            await self._plan_alone(schedule)
        return len(schedules)

    async def _plan_alone(self, schedule: Schedule) -> None:
        """A schedule that cannot be planned is put off, so that it blocks no other one."""
        now = self._clock.now()
        try:
            await self._database.run(
                lambda unit: plan_again(unit, self._installed.library, schedule.id, now)
            )
            self._unplannable.discard(schedule.id)
        except Exception as error:
            if is_the_databases(error):
                raise
            if schedule.id not in self._unplannable:
                log.exception(
                    "schedule %s of group %s cannot be planned; it is tried again at least every hour",
                    schedule.id,
                    schedule.group_id,
                )
            self._unplannable.add(schedule.id)
            await self._database.run(lambda unit: put_off(unit, schedule.id, now))
