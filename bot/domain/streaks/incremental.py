"""Incremental streaks: one stored state and one event, without the history.

``advance`` and ``replay`` take every event through the same ``rules.step``. What is decided here is
only whether a state still can take an event, and how its numbers are read.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from bot.domain.calendar import ONE_DAY, day_starts_at, local_day
from bot.domain.streaks.events import (
    Acted,
    Joined,
    NoFaultDay,
    RestDaysSet,
    StateEvent,
    StreakSettings,
    ZoneChanged,
)
from bot.domain.streaks.rules import (
    Window,
    by_day,
    may_change_rest_days,
    may_change_zone,
    note,
    roll,
    step,
    up_to_date,
    verdict_of,
)
from bot.domain.streaks.state import ASKED, DayEntry, NeedsReplay, OpenDay, State, Verdict

RECENT_DAYS = 30
"""Days of which a summary says how many were active."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A streak in numbers.

    ``current`` and ``best`` count active days, ``freezes`` is the balance with an open gap subtracted. Of
    the last 30 days since joining ``active_last_30`` were active and ``asked_last_30`` counted: these, and
    those that were missed. Today is among them once it is active. ``counts_until`` is the instant (UTC) at
    which ``today`` ends.
    """

    today: dt.date
    today_counted: bool
    counts_until: dt.datetime
    current: int
    best: int
    freezes: int
    active_last_30: int
    asked_last_30: int


def advance(state: State, event: StateEvent, settings: StreakSettings) -> State:
    """The state after one more event. O(days since the last one).

    Raises NeedsReplay for an event older than what the state has judged. Storage must refuse a
    second activity of the same key: a state does not remember keys, only that a day is active.
    """
    if _is_stale(state, event):
        raise NeedsReplay(f"{event} is older than what is judged.")
    state = note(state, event)
    return state if isinstance(event, NoFaultDay) else step(state, event, settings)


def summary(
    state: State, now: dt.datetime, settings: StreakSettings, windows: Iterable[Window] = ()
) -> Summary:
    """The numbers of ``replay`` at ``now`` (UTC), from a stored state; see ``up_to_date``."""
    return figures(up_to_date(state, now, settings, windows), now, settings)


def zone_change_allowed(state: State, at: dt.datetime, settings: StreakSettings) -> bool:
    """Tell whether a ``ZoneChanged`` to another zone at ``at`` (UTC) would be accepted.

    Source: docs/streaks.md, "Travel".
    """
    return may_change_zone(roll(state, at, settings))


def rest_days_change_allowed(state: State, at: dt.datetime, settings: StreakSettings) -> bool:
    """Tell whether a member's ``RestDaysSet`` to other days at ``at`` (UTC) would be accepted.

    Source: docs/streaks.md, "Rest days".
    """
    return may_change_rest_days(roll(state, at, settings))


def figures(state: State, now: dt.datetime, settings: StreakSettings) -> Summary:
    """The numbers of a state that has already walked to ``now`` (UTC)."""
    today = open_day(state, now, settings).date
    counted = state.today is not None and today in state.credited
    # Days that are not final yet are neutral, and so is today until it is active.
    book = state.book.after(state.tail + Verdict.ACTIVE if counted else state.tail, settings)
    recent = book.verdicts[-RECENT_DAYS:]
    return Summary(
        today=today,
        today_counted=counted,
        counts_until=counts_until(state, today, settings),
        current=book.score.streak,
        best=book.score.best,
        freezes=book.score.freezes,
        active_last_30=recent.count(Verdict.ACTIVE),
        asked_last_30=sum(letter in ASKED for letter in recent),
    )


def verdicts(state: State, settings: StreakSettings) -> dict[dt.date, Verdict]:
    """Outcomes of the last days of an up-to-date state, today among them; empty before joining."""
    if state.today is None:
        return {}
    verdict = verdict_of(state, state.today, counts_until(state, state.today.date, settings))
    letters = state.book.after(state.tail + verdict, settings).verdicts
    first = state.today.date - (len(letters) - 1) * ONE_DAY
    return {first + place * ONE_DAY: Verdict(letter) for place, letter in enumerate(letters)}


def last_days(state: State, settings: StreakSettings) -> tuple[DayEntry, ...]:
    """A line for each of the last 14 days of an up-to-date state, oldest first and today last."""
    if state.today is None:
        return ()
    verdict = verdict_of(state, state.today, counts_until(state, state.today.date, settings))
    book = state.book.after(state.tail + verdict, settings)
    lines = zip(book.verdicts[-len(book.counts) :], book.counts, strict=True)
    first = state.today.date - (len(book.counts) - 1) * ONE_DAY
    return tuple(
        DayEntry(first + place * ONE_DAY, Verdict(letter), streak, freezes)
        for place, (letter, (streak, freezes)) in enumerate(lines)
    )


@dataclass(frozen=True, slots=True)
class Risk:
    """A day that will have been missed if the member does nothing.

    ``by`` (UTC) is how long anything keeps today, and how long an answer keeps an earlier day.
    ``ends_streak`` says that the streak then ends; if not, there is a freeze for the day, or no streak.
    """

    day: dt.date
    by: dt.datetime
    ends_streak: bool


def risks(state: State, windows: Iterable[Window], settings: StreakSettings) -> tuple[Risk, ...]:
    """The days of an up-to-date state that are about to be missed, the most urgent first.

    Each is told for a member who misses those before it too. ``windows`` are as in ``up_to_date``, with
    those of today.
    """
    if state.today is None:
        return ()
    threatened = sorted(_threatened(state, state.today, windows, settings), key=lambda one: one[1:])
    today = Verdict.ACTIVE if state.today.date in state.credited else Verdict.OPEN
    letters, found = state.tail + today, []
    streak = state.book.after(letters, settings).score.streak
    for place, by in threatened:
        letters = letters[:place] + Verdict.NO_FREEZE + letters[place + 1 :]
        after = state.book.after(letters, settings).score.streak
        day = state.today.date - (len(letters) - 1 - place) * ONE_DAY
        found.append(Risk(day, by, ends_streak=after < streak))
        streak = after
    return tuple(found)


def _threatened(
    state: State, today: OpenDay, windows: Iterable[Window], settings: StreakSettings
) -> list[tuple[int, dt.datetime]]:
    """Places of the days at risk, counted from the start of the tail, each with its deadline."""
    ends = counts_until(state, today.date, settings)
    asked = by_day(windows, (*state.began, today.began, ends))
    found, first = [], len(state.began) - len(state.tail)
    for place, letter in enumerate(state.tail + verdict_of(state, today, ends)):
        unmet = [window for window in asked.get(first + place, []) if not window.met]
        if letter == Verdict.OPEN and unmet:
            closings = [window.ends for window in unmet if window.ends is not None]
            is_today = place == len(state.tail)
            found += [(place, ends)] if is_today else [(place, min(closings))] if closings else []
    return found


def open_day(state: State, now: dt.datetime, settings: StreakSettings) -> OpenDay:
    """The day that the member is in; before joining, the one that ``now`` (UTC) would begin."""
    return state.today or OpenDay(local_day(now, state.zone, settings.rollover), now)


def counts_until(state: State, today: dt.date, settings: StreakSettings) -> dt.datetime:
    """The instant (UTC) up to which an activity counts for ``today``.

    With a zone waiting for the rollover, the date may go on in that zone.
    """
    zones = (state.zone, state.next_zone) if state.next_zone else (state.zone,)
    return max(day_starts_at(today + ONE_DAY, zone, settings.rollover) for zone in zones)


def _is_stale(state: State, event: StateEvent) -> bool:
    """Tell whether taking the event now could differ from taking it in its order (``order_of``)."""
    if state.today is None:
        return _is_stale_before_joining(state, event)
    began, first = state.today.began, state.first or state.today.date
    match event:
        case NoFaultDay(local_date=day):
            return first <= day < state.today.date
        case ZoneChanged() | RestDaysSet():
            return event.at <= max(began, state.changed_at or began)
        case Acted(local_date=dt.date() as day) if day < state.today.date:
            return first <= day or event.at <= began
        case Acted():
            return event.at < began or (state.judged_at is not None and event.at < state.judged_at)
        case Joined():
            return event.at < began
        case _:
            assert_never(event)


def _is_stale_before_joining(state: State, event: StateEvent) -> bool:
    if isinstance(event, NoFaultDay) or state.changed_at is None:
        return False
    if isinstance(event, ZoneChanged | RestDaysSet):
        return event.at <= state.changed_at
    return event.at < state.changed_at
