"""The rules of the walk from one day to the next, used by increment and replay alike.

Every function takes a state and returns the next one. Rules and their reasons: docs/streaks.md.
"""

import datetime as dt
from dataclasses import replace
from typing import assert_never

from bot.domain.calendar import ONE_DAY, day_starts_at, local_day
from bot.domain.streaks.days import Verdict
from bot.domain.streaks.events import (
    Activity,
    Joined,
    NoFaultDay,
    RestDaysSet,
    StateEvent,
    StreakSettings,
    TimedEvent,
    ZoneChanged,
    fixed_date,
)
from bot.domain.streaks.state import OpenDay, RestDays, State

CHANGE_EVERY = dt.timedelta(days=7)
HALF_DAY = dt.timedelta(hours=12)

MOST_DAYS = 300 * 366
"""Days that are walked in all, at most: dates are from 1900 to 2200 here, so more of them are none."""

KNOWN_BEFORE = 4
"""Days before the tail whose beginnings are kept: at most two in a row hold less than half a day."""


def note(state: State, event: StateEvent) -> State:
    """Take down the date that an event names by itself, where that day is not over yet."""
    day = fixed_date(event)
    if day is None or (state.today is not None and day < state.today.date):
        return state
    if isinstance(event, NoFaultDay):
        return replace(state, no_fault=state.no_fault | {day})
    return replace(state, credited=state.credited | {day})


def step(state: State, event: TimedEvent, settings: StreakSettings) -> State:
    """Walk to the instant of an event and take it."""
    state = roll(_join(state, event, settings), event.at, settings)
    return _take(state, event)


def roll(state: State, now: dt.datetime, settings: StreakSettings) -> State:
    """End every day that is over at ``now`` (UTC). O(days); before joining there are none.

    Raises ValueError for more than MOST_DAYS since the first day.

    Source: docs/streaks.md, "Travel": at a rollover a zone that was asked for takes over. If its
    own clock has not reached the next date, the date goes on (lived twice, counts once).
    """
    if state.first is not None and (now.date() - state.first).days > MOST_DAYS:
        raise ValueError(f"more than {MOST_DAYS} days since {state.first}")
    while (today := state.today) is not None:
        tomorrow = today.date + ONE_DAY
        end = day_starts_at(tomorrow, state.zone, settings.rollover)
        if end > now:
            break
        if state.next_zone is not None:
            state = _switch_zone(state, state.next_zone, today.date, end)
            end = max(end, day_starts_at(tomorrow, state.zone, settings.rollover))
            if end > now:
                break
        state = drained(_end_day(state, today, end), settings)
    return state if state.as_of is not None and state.as_of >= now else replace(state, as_of=now)


def drained(state: State, settings: StreakSettings) -> State:
    """Write the days at the front of the tail whose status is final into the book."""
    if not state.tail or state.tail[0] == Verdict.OPEN:
        return state
    final = len(state.tail.partition(Verdict.OPEN)[0])
    book = state.book
    for letter in state.tail[:final]:
        book = book.after(Verdict(letter), settings)
    tail = state.tail[final:]
    return replace(state, book=book, tail=tail, began=state.began[-KNOWN_BEFORE - len(tail) :])


def may_change_zone(state: State) -> bool:
    """Tell whether another zone may be asked for on the day that ``state`` is in.

    Source: docs/streaks.md, "Travel": zones take over at least seven dates apart; a zone that still waits
    for the rollover may be corrected.
    """
    if state.today is None or state.zone_since is None or state.next_zone is not None:
        return True
    return state.today.date - state.zone_since >= CHANGE_EVERY


def may_change_rest_days(state: State) -> bool:
    """Tell whether the member may ask for other rest days on the day that ``state`` is in.

    Source: docs/streaks.md, "Rest days": the same rule as for zones.
    """
    waiting = state.next_rest.member != state.rest.member
    if state.today is None or state.rest_since is None or waiting:
        return True
    return state.today.date - state.rest_since >= CHANGE_EVERY


def verdict_of(state: State, today: OpenDay, end: dt.datetime) -> Verdict:
    """Return the verdict on the day ``today``, ended at ``end`` (UTC); OPEN where tasks decide."""
    length = end - today.began
    if today.date in state.credited:
        return Verdict.ACTIVE
    if state.rest.cover(today.date):
        return Verdict.REST
    if today.date in state.no_fault:
        return Verdict.NO_FAULT
    if length <= dt.timedelta(0):
        return Verdict.SKIPPED
    if length < HALF_DAY:
        return Verdict.SHORT_FIRST if today.date == state.first else Verdict.SHORT
    return Verdict.OPEN


def _end_day(state: State, today: OpenDay, end: dt.datetime) -> State:
    return replace(
        state,
        rest=state.next_rest,
        rest_since=state.rest_since if state.next_rest.member == state.rest.member else today.date,
        # A date skipped by travel ends before it begins: the next one begins no earlier for that.
        today=OpenDay(today.date + ONE_DAY, max(today.began, end)),
        tail=state.tail + verdict_of(state, today, end),
        began=(*state.began, today.began),
        credited=state.credited - {today.date},
        no_fault=state.no_fault - {today.date},
    )


def _switch_zone(state: State, zone: str, day: dt.date, at: dt.datetime) -> State:
    return replace(state, zone=zone, next_zone=None, zone_since=day, changed_at=at)


def _join(state: State, event: TimedEvent, settings: StreakSettings) -> State:
    """Begin the first day: joining and the first activity may arrive in either order."""
    if state.today is not None or not isinstance(event, Joined | Activity):
        return state
    first = local_day(event.at, state.zone, settings.rollover)
    first = min(first, fixed_date(event) or first)
    return replace(
        state,
        first=first,
        today=OpenDay(first, event.at),
        credited=frozenset(day for day in state.credited if day >= first),
        no_fault=frozenset(day for day in state.no_fault if day >= first),
    )


def _take(state: State, event: TimedEvent) -> State:
    match event:
        case Joined():
            return state
        case Activity():
            return _credit(state, event)
        case ZoneChanged():
            return _ask_for_zone(state, event)
        case RestDaysSet():
            return _set_rest_days(state, event)
        case _:
            assert_never(event)


def _credit(state: State, activity: Activity) -> State:
    if activity.local_date is not None or state.today is None or state.today_counted:
        return state
    return replace(state, credited=state.credited | {state.today.date})


def _ask_for_zone(state: State, change: ZoneChanged) -> State:
    state = replace(state, changed_at=change.at)
    if change.zone == state.coming_zone or not may_change_zone(state):
        return state
    if state.today is None:
        return replace(state, zone=change.zone)
    return replace(state, next_zone=change.zone if change.zone != state.zone else None)


def _set_rest_days(state: State, chosen: RestDaysSet) -> State:
    state = replace(state, changed_at=chosen.at)
    coming = state.next_rest
    if chosen.whose == "group":
        coming = RestDays(chosen.days, coming.member)
    elif may_change_rest_days(state):
        coming = RestDays(coming.group, chosen.days)
    today = coming if state.today is None else state.rest
    return replace(state, rest=today, next_rest=coming)
