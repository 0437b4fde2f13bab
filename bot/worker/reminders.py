"""Sends the daily reminders that members asked for, at most one a local date."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import partial
from zoneinfo import ZoneInfo

from bot.chat.adapter import DeliveryError, Forbidden, Gone, Transient
from bot.chat.clock import Clock
from bot.domain.model import Reminder
from bot.domain.refs import UserRef
from bot.domain.reminders import moved_on, reminded, too_late
from bot.errors import StorageError
from bot.library import Library
from bot.ports import Database, UnitOfWork
from bot.services.reminders import ReminderMessage, reminder_of
from bot.services.streaks import Streak
from bot.settings import Settings
from bot.worker.idempotency import reminder_key
from bot.worker.platforms import Platforms, pause_before_retry
from bot.worker.pool import PlatformPools, Work

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Written:
    """A reminder that is to be sent: to whom, under which key, and when it was written."""

    letter: ReminderMessage
    user: UserRef
    key: str
    at: dt.datetime


class Reminders:
    """Claims what is due, asks whether there is something to say, sends it."""

    def __init__(
        self,
        database: Database,
        library: Library,
        settings: Settings,
        platforms: Platforms,
        clock: Clock,
        pools: PlatformPools,
    ) -> None:
        self._database = database
        self._library = library
        self._settings = settings
        self._platforms = platforms
        self._clock = clock
        self._pools = pools
        self._rollover = dt.time.fromisoformat(settings.rollover)
        self._heard: set[tuple[int, dt.date | None]] = set()

    async def deliver(self) -> int:
        """Serve those that are due; returns how many were claimed (see ``PlatformPools.fetch``)."""
        return await self._pools.fetch(self._claim)

    async def _claim(self, platform: str, most: int) -> dict[Hashable, Work]:
        lease = dt.timedelta(seconds=self._settings.lease_seconds)

        async def claim(unit: UnitOfWork) -> tuple[Reminder, ...]:
            return await unit.reminders.claim(self._clock.now(), lease, most, [platform])

        claimed = await self._database.run(claim)
        return {f"reminder of member {one.member_id}": partial(self._remind, one) for one in claimed}

    async def _remind(self, reminder: Reminder) -> None:
        day = (reminder.member_id, reminder.next_date)
        written = None
        try:
            written = await self._database.run(lambda unit: self._write(unit, reminder))
            if written is None:
                self._heard.discard(day)
                return
            if day not in self._heard:
                await self._send(reminder.platform, written)
        except DeliveryError as error:
            await self._failed(reminder, error)
            return
        except StorageError:
            raise  # it stays claimed, and is taken up again when its lease is over
        except Exception:
            log.exception("the reminder of member %s is left out today", reminder.member_id)
            written = None
        # Platforms know a key for some minutes only, and the database may be away for longer.
        self._heard.add(day)
        await self._database.run(lambda unit: self._record(unit, reminder, written))
        self._heard.discard(day)

    async def _write(self, unit: UnitOfWork, reminder: Reminder) -> _Written | None:
        """What to send; None when there is nothing to say today, and then it waits for its next day."""
        now = self._clock.now()
        try:
            member = await unit.members.get(reminder.member_id)
        except KeyError:
            return None  # they were forgotten since it was claimed
        streak = await Streak.at(unit, member, self._settings, now)
        letter = None
        if not too_late(reminder, now, streak.zone, self._rollover):
            letter = await reminder_of(unit, self._library, member, streak, reminder, now)
        if letter is None:
            await self._move_on(unit, reminder, streak.coming_zone)
            return None
        return _Written(letter, member.user, await reminder_key(unit, reminder), now)

    async def _send(self, platform: str, written: _Written) -> None:
        adapter = self._platforms.named(platform)
        shown = self._platforms.shown(written.letter.message, adapter)
        await self._platforms.in_time(adapter.direct(written.user, shown, written.key))

    async def _record(self, unit: UnitOfWork, reminder: Reminder, written: _Written | None) -> None:
        """It has reached the member, or is left out for its day if it could not even be written."""
        await self._move_on(unit, reminder, written.letter.zone if written else None)
        if written is None:
            return
        current = await unit.reminders.find(reminder.member_id)
        if current is not None and current.due_at is not None:
            unit.reminders.put(reminded(current, written.at, written.letter.number))

    async def _failed(self, reminder: Reminder, error: DeliveryError) -> None:
        """Try again while it is the same local day; a closed inbox switches reminders off, quietly."""
        log.info("the reminder of member %s did not arrive: %s", reminder.member_id, error)
        if isinstance(error, Forbidden | Gone):
            await self._database.run(lambda unit: self._switch_off(unit, reminder))
            return
        tries = reminder.tries + 1
        if isinstance(error, Transient) and tries < self._settings.send_attempts:
            again = self._clock.now() + pause_before_retry(error, tries)
            same_date = again.astimezone(ZoneInfo(reminder.zone)).date() == reminder.next_date
            if same_date and not too_late(reminder, again, reminder.zone, self._rollover):
                later = replace(reminder, due_at=again, tries=tries)
                await self._database.run(lambda unit: self._put(unit, reminder, later))
                return
        await self._database.run(lambda unit: self._move_on(unit, reminder, None))

    async def _move_on(self, unit: UnitOfWork, reminder: Reminder, zone: str | None) -> None:
        """This date is done with. What the member has changed meanwhile is kept."""
        current = await unit.reminders.find(reminder.member_id)
        if current is None or current.due_at is None:
            return
        now = self._clock.now()
        unit.reminders.put(moved_on(current, reminder.next_date, zone or current.zone, now))

    async def _switch_off(self, unit: UnitOfWork, reminder: Reminder) -> None:
        off = replace(reminder, due_at=None, next_date=None, closed=True)
        await self._put(unit, reminder, off)

    async def _put(self, unit: UnitOfWork, old: Reminder, new: Reminder) -> None:
        """Write ``new`` unless the member has asked for something else meanwhile."""
        current = await unit.reminders.find(old.member_id)
        if current and current.due_at and (current.at, current.next_date) == (old.at, old.next_date):
            unit.reminders.put(new)
