"""Sends the daily reminders that members asked for, at most one a local date."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.chat.adapter import DeliveryError, Forbidden, Gone
from bot.domain.deliveries import Delivery
from bot.domain.model import Reminder
from bot.domain.refs import UserRef
from bot.domain.reminders import moved_on, reminded, too_late
from bot.ports import UnitOfWork
from bot.services.delivery_faults import Bug
from bot.services.reminders import ReminderMessage, reminder_of
from bot.services.streaks import Streak
from bot.worker.idempotency import reminder_key
from bot.worker.senders.sender import Context, Record, Sender


@dataclass(frozen=True, slots=True)
class _Written:
    """A reminder that is to be sent: to whom, under which key, and when it was written."""

    reminder: ReminderMessage
    user: UserRef
    key: str
    at: dt.datetime


class ReminderSender(Sender):
    """Asks whether there is something to say, and sends it. Each date is followed by the member's next."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._rollover = dt.time.fromisoformat(context.settings.rollover)

    async def send(self, delivery: Delivery) -> Record | None:
        """Send it, unless there is nothing to say today: then it waits for its next day."""
        owed = _reminder(delivery)
        written = await self._database.run(lambda unit: self._write(unit, owed))
        if written is None:
            return None
        adapter = self._platforms.named(delivery.platform)
        shown = self._platforms.shown(written.reminder.message, adapter)
        await self._platforms.in_time(adapter.direct(written.user, shown, written.key))

        async def record(unit: UnitOfWork) -> None:
            await self._move_on(unit, owed, written.reminder.zone)
            current = await unit.reminders.find(owed.member_id)
            if current is not None and current.due_at is not None:
                unit.reminders.put(reminded(current, written.at, written.reminder.number))

        return record

    def retry_at(self, delivery: Delivery, error: DeliveryError) -> dt.datetime | None:
        """Return when to try again, on the same local day; after a bug of ours not at all."""
        again = None if isinstance(error, Bug) else super().retry_at(delivery, error)
        owed = _reminder(delivery)
        if again is None or again.astimezone(ZoneInfo(owed.zone)).date() != owed.next_date:
            return None
        return None if too_late(owed, again, owed.zone, self._rollover) else again

    async def on_give_up(self, unit: UnitOfWork, delivery: Delivery, error: DeliveryError) -> None:
        """Wait for the next day. A closed inbox switches reminders off, quietly."""
        owed = _reminder(delivery)
        if not isinstance(error, Forbidden | Gone):
            await self._move_on(unit, owed, None)
            return
        current = await unit.reminders.find(owed.member_id)
        if current and current.due_at and (current.at, current.next_date) == (owed.at, owed.next_date):
            unit.reminders.put(replace(current, due_at=None, next_date=None, closed=True))

    def level(self, _delivery: Delivery, _error: DeliveryError) -> int:
        """Return INFO: a member who takes no messages is no fault."""
        return logging.INFO

    async def _write(self, unit: UnitOfWork, owed: Reminder) -> _Written | None:
        """Return what to send; None when there is nothing to say today."""
        now = self._clock.now()
        try:
            member = await unit.members.get(owed.member_id)
        except KeyError:
            return None  # they were forgotten since it was claimed
        reminder = await unit.reminders.find(owed.member_id) or owed
        streak = await Streak.at(unit, member, self._settings, now)
        found = None
        if not too_late(owed, now, streak.zone, self._rollover):
            found = await reminder_of(unit, self._library, member, streak, reminder, now)
        if found is None:
            await self._move_on(unit, owed, streak.coming_zone)
            return None
        return _Written(found, member.user, await reminder_key(unit, owed), now)

    async def _move_on(self, unit: UnitOfWork, owed: Reminder, zone: str | None) -> None:
        """End this date. What the member has changed meanwhile is kept."""
        current = await unit.reminders.find(owed.member_id)
        if current is None or current.due_at is None:
            return
        unit.reminders.put(moved_on(current, owed.next_date, zone or current.zone, self._clock.now()))


def _reminder(delivery: Delivery) -> Reminder:
    """Return the reminder as it was when it was enqueued."""
    payload = delivery.payload
    return Reminder(
        int(delivery.subject),
        delivery.platform,
        dt.time.fromisoformat(str(payload["at"])),
        str(payload["zone"]),
        next_date=dt.date.fromisoformat(str(payload["date"])),
    )
