"""When a member's daily reminder comes, and when it is too late for it. Rules of the clock: calendar.py."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.domain.calendar import EVERY_DAY, ONE_DAY, WallSchedule, is_over, next_occurrence, occurrence
from bot.domain.records import Reminder


def planned(reminder: Reminder, now: dt.datetime) -> Reminder:
    """Due at its next time after ``now``, on no date that is done with, and switched on."""
    done = reminder.last_date
    coming = next_occurrence(_rule(reminder), now, done + ONE_DAY if done else None)
    return replace(reminder, due_at=coming.utc, next_date=coming.local_date, tries=0, closed=False)


def moved_on(reminder: Reminder, date: dt.date | None, zone: str, now: dt.datetime) -> Reminder:
    """The same after ``date`` is done with, in the zone that the member has from then on."""
    done = max((day for day in (date, reminder.last_date) if day), default=None)
    return planned(replace(reminder, last_date=done, zone=zone), now)


def too_late(reminder: Reminder, now: dt.datetime) -> bool:
    """Whether its local day is over: then it is left out, whatever kept it."""
    if reminder.next_date is None:
        return True
    slot = occurrence(_rule(reminder), reminder.next_date)
    return slot is None or is_over(reminder.next_date, slot, reminder.zone, now)


def on_new_clocks(reminder: Reminder, now: dt.datetime) -> Reminder:
    """The same after the rules of its zone have changed: due on its date, if that is still to come.

    What is being sent or tried again stays as it is. Raises BadZone where the zone is gone.
    """
    if reminder.next_date is None or reminder.due_at is None or reminder.due_at <= now:
        return reminder
    due_at = occurrence(_rule(reminder), reminder.next_date)
    return reminder if due_at is None or due_at <= now else replace(reminder, due_at=due_at)


def _rule(reminder: Reminder) -> WallSchedule:
    return WallSchedule(reminder.at, EVERY_DAY, reminder.zone)
