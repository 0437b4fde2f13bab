"""Once a day: forget what need not be kept any longer, a batch at a time so that nobody waits long."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Awaitable, Callable

from bot.chat.clock import Clock
from bot.domain.reasons import PauseReason
from bot.ports import Database, UnitOfWork
from bot.services.forgetting import forget
from bot.settings import Settings

log = logging.getLogger(__name__)

BATCH = 100
"""Rows, or people, in one unit of work."""

MOST_BATCHES = 100
"""Units of work of one kind in a day; what is left waits for the next one."""

FINGERPRINTS_KEPT = dt.timedelta(days=400)
"""Older backups than this bring forgotten people back: docs/privacy.md says so."""


class Retention:
    """Carries out ``MILEPOST_EVENT_DAYS`` and ``MILEPOST_KEEP_…_DAYS``."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    async def run(self) -> None:
        """Do all of it. Raises what the database raises; done again, it goes on where it was."""
        now = self._clock.now()
        settings = self._settings
        done = {
            "event ids": await self._database.run(
                lambda unit: unit.events.forget_before(now - dt.timedelta(days=settings.event_days))
            ),
            "fingerprints": await self._database.run(
                lambda unit: unit.persons.drop_fingerprints(now - FINGERPRINTS_KEPT)
            ),
            "expired records of platforms": await self._database.run(
                lambda unit: unit.platform_records.drop_expired(now)
            ),
        }
        if settings.keep_shared_days:
            done["shared texts"] = await self._in_batches(self._drop_texts, settings.keep_shared_days)
        if settings.keep_idle_days:
            done["idle members"] = await self._in_batches(self._forget_idle, settings.keep_idle_days)
        if settings.keep_removed_days:
            done["members of removed places"] = await self._leave_places(settings.keep_removed_days)
        said = ", ".join(f"{number} {what}" for what, number in done.items() if number)
        log.log(logging.INFO if said else logging.DEBUG, "upkeep: forgot %s", said or "nothing")

    async def _in_batches(
        self, work: Callable[[UnitOfWork, dt.datetime], Awaitable[int]], days: int
    ) -> int:
        before = self._clock.now() - dt.timedelta(days=days)
        number = 0
        for _ in range(MOST_BATCHES):
            done = await self._database.run(lambda unit: work(unit, before))
            number += done
            if not done:
                break
        return number

    async def _drop_texts(self, unit: UnitOfWork, before: dt.datetime) -> int:
        return await unit.persons.drop_texts(before, BATCH)

    async def _forget_idle(self, unit: UnitOfWork, before: dt.datetime) -> int:
        idle = await unit.persons.idle_since(before, BATCH)
        for user in idle:
            await forget(unit, user, self._clock.now())
        return len(idle)

    async def _leave_places(self, days: int) -> int:
        """Forget who was only in groups of a place that put Milepost out, and then who set those up."""
        before = self._clock.now() - dt.timedelta(days=days)
        number = 0
        for group_id in await self._database.read(lambda unit: _left_behind(unit, before)):

            async def leave(unit: UnitOfWork, of: int = group_id) -> int:
                found = await unit.persons.only_in(of, BATCH)
                for user in found:
                    await forget(unit, user, self._clock.now())
                if not found:
                    await unit.persons.vacate(of)
                return len(found)

            for _ in range(MOST_BATCHES):
                done = await self._database.run(leave)
                number += done
                if not done:
                    break
        return number


async def _left_behind(unit: UnitOfWork, before: dt.datetime) -> list[int]:
    """Groups that were paused before an instant because their place had removed Milepost."""
    return [
        group.id
        for group in await unit.groups.all()
        if group.pause_reason is PauseReason.REMOVED
        and group.paused_at is not None
        and group.paused_at < before
        and group.organiser.id
    ]
