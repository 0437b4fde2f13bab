"""One stored state, one event: the streak without its history.

`advance` and `replay` take every event through the same `streak_walk.step`. What is decided here is
only whether a state still can take an event, and how its numbers are read.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never

from bot.domain.calendar import ONE_DAY, day_starts_at, local_day, require_utc
from bot.domain.streak_events import (
    Activity,
    Event,
    Joined,
    NoFaultDay,
    RestDaysSet,
    StreakSettings,
    ZoneChanged,
)
from bot.domain.streak_state import WINDOW_DAYS, NeedsReplay, OpenDay, State
from bot.domain.streak_walk import may_change_rest_days, may_change_zone, note, roll, step


@dataclass(frozen=True, slots=True)
class Summary:
    """A streak in numbers.

    `current` and `best` count active days, `freezes` is the balance with an open gap subtracted.
    `active_last_30` of the last `window_days` (at most 30) days since joining were active; today is
    among them once it is active. `counts_until` is the instant (UTC) at which `today` ends.
    """

    today: date
    today_counted: bool
    counts_until: datetime
    current: int
    best: int
    freezes: int
    active_last_30: int
    window_days: int


def advance(state: State, event: Event, settings: StreakSettings) -> State:
    """The state after one more event. O(days since the last one).

    Raises NeedsReplay for an event older than what the state has settled. Storage must refuse a
    second activity of the same key: a state does not remember keys, only that a day is active.
    """
    if _is_stale(state, event):
        raise NeedsReplay(f"{event} is older than what is settled.")
    state = note(state, event)
    return state if isinstance(event, NoFaultDay) else step(state, event, settings)[0]


def summary(state: State, now: datetime, settings: StreakSettings) -> Summary:
    """The numbers of `replay` at `now` (UTC), from a stored state. O(days since its last event).

    A `now` before the last event of the state gives the numbers after that event. Raises ValueError
    unless `now` is in UTC.
    """
    require_utc(now)
    return figures(roll(state, now, settings)[0], now, settings)


def day_at(state: State, now: datetime, settings: StreakSettings) -> date:
    """The member's local date at `now` (UTC): `summary(...).today` without the other numbers."""
    require_utc(now)
    return open_day(roll(state, now, settings)[0], now, settings).date


def zone_change_allowed(state: State, at: datetime, settings: StreakSettings) -> bool:
    """Whether a `ZoneChanged` to another zone at `at` (UTC) would be accepted.

    Source: docs/streaks.md, "Travel".
    """
    require_utc(at)
    return may_change_zone(roll(state, at, settings)[0])


def rest_days_change_allowed(state: State, at: datetime, settings: StreakSettings) -> bool:
    """Whether a member's `RestDaysSet` to other days at `at` (UTC) would be accepted.

    Source: docs/streaks.md, "Rest days".
    """
    require_utc(at)
    return may_change_rest_days(roll(state, at, settings)[0])


def figures(state: State, now: datetime, settings: StreakSettings) -> Summary:
    """The numbers of a state that has already walked to `now` (UTC)."""
    today = open_day(state, now, settings)
    counted = state.today_counted
    score = state.score.after_active(settings) if counted else state.score
    recent = state.pushed(active=True) if counted else state.recent
    return Summary(
        today=today.date,
        today_counted=counted,
        counts_until=counts_until(state, today.date, settings),
        current=score.streak,
        best=score.best,
        freezes=score.balance,
        active_last_30=recent.bit_count(),
        window_days=min(state.closed + counted, WINDOW_DAYS),
    )


def open_day(state: State, now: datetime, settings: StreakSettings) -> OpenDay:
    """The day that the member is in; before joining, the one that `now` (UTC) would begin."""
    return state.today or OpenDay(local_day(now, state.zone, settings.rollover), now)


def counts_until(state: State, today: date, settings: StreakSettings) -> datetime:
    """The instant (UTC) up to which an activity counts for `today`.

    With a zone waiting for the rollover, the date may go on in that zone.
    """
    return max(
        day_starts_at(today + ONE_DAY, zone, settings.rollover) for zone in (state.zone, state.coming_zone)
    )


def _is_stale(state: State, event: Event) -> bool:
    """Whether taking the event now could differ from taking it in its turn (`order_of`)."""
    if state.today is None:
        return _is_stale_before_joining(state, event)
    began, first = state.today.began, state.first or state.today.date
    match event:
        case NoFaultDay(local_date=day):
            return first <= day < state.today.date
        case ZoneChanged() | RestDaysSet():
            return event.at <= max(began, state.changed_at or began)
        case Activity(local_date=date() as day) if day < state.today.date:
            return first <= day or event.at <= began
        case Joined() | Activity():
            return event.at < began
        case _:
            assert_never(event)


def _is_stale_before_joining(state: State, event: Event) -> bool:
    if isinstance(event, NoFaultDay) or state.changed_at is None:
        return False
    if isinstance(event, ZoneChanged | RestDaysSet):
        return event.at <= state.changed_at
    return event.at < state.changed_at
