"""Rules of the daily reminder: when it comes, and when it is too late. Rules of the clock: calendar.py."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.domain.calendar import (
    EVERY_DAY,
    ONE_DAY,
    WallSchedule,
    is_over,
    local_day,
    next_occurrence,
    occurrence,
)
from bot.domain.model import Reminder

MOST_UNANSWERED = 7
"""Reminders in a row without an act of the member's, after which there are no more until they ask again."""


def planned(reminder: Reminder, now: dt.datetime) -> Reminder:
    """Return the reminder switched on, due at its next time after ``now`` on a date not done with."""
    done = reminder.last_date
    coming = next_occurrence(_rule(reminder), now, done + ONE_DAY if done else None)
    return replace(reminder, due_at=coming.utc, next_date=coming.local_date, closed=False)


def in_zone(reminder: Reminder, zone: str, now: dt.datetime) -> Reminder:
    """Return the reminder at its time on the clocks of another zone; one that is off stays as it is."""
    if reminder.due_at is None or reminder.zone == zone:
        return reminder
    return planned(replace(reminder, zone=zone), now)


def moved_on(reminder: Reminder, date: dt.date | None, zone: str, now: dt.datetime) -> Reminder:
    """Return the reminder after ``date`` is done with, in the zone that the member has from then on."""
    done = max((day for day in (date, reminder.last_date) if day), default=None)
    return planned(replace(reminder, last_date=done, zone=zone), now)


def too_late(reminder: Reminder, now: dt.datetime, zone: str, rollover: dt.time) -> bool:
    """Tell whether a reminder's day is over at an instant: it is then left out, whatever delayed it.

    The day is the member's, in ``zone`` and with their rollover: shortly after midnight a reminder is of
    the day before its date.
    """
    if reminder.next_date is None:
        return True
    slot = occurrence(_rule(reminder), reminder.next_date)
    if slot is None or is_over(reminder.next_date, slot, reminder.zone, now):
        return True
    return local_day(slot, zone, rollover) < local_day(now, zone, rollover)


def unanswered_with_next(reminder: Reminder, last_act: dt.datetime | None) -> int:
    """Return how many reminders there have been since the member's last act, the next one included."""
    answered = last_act and reminder.reminded_at and last_act >= reminder.reminded_at
    return 1 if answered else reminder.unanswered + 1


def reminded(reminder: Reminder, at: dt.datetime, unanswered: int) -> Reminder:
    """Return the reminder after one was written at an instant and sent.

    The last of a row switches it off.
    """
    told = replace(reminder, reminded_at=at, unanswered=unanswered)
    return replace(told, due_at=None, next_date=None) if unanswered >= MOST_UNANSWERED else told


def on_new_clocks(reminder: Reminder, now: dt.datetime) -> Reminder:
    """Return the reminder after the rules of its zone have changed: due on its date, if that is to come.

    A reminder that is being sent or tried again stays as it is. Raises BadZone where the zone is gone.
    """
    if reminder.next_date is None or reminder.due_at is None or reminder.due_at <= now:
        return reminder
    due_at = occurrence(_rule(reminder), reminder.next_date)
    return reminder if due_at is None or due_at <= now else replace(reminder, due_at=due_at)


def _rule(reminder: Reminder) -> WallSchedule:
    return WallSchedule(reminder.at, EVERY_DAY, reminder.zone)
