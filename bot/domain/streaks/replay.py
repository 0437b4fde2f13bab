"""The streak with its history: every event in order, every day with its verdict."""

import datetime as dt
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace

from bot.domain.calendar import ONE_DAY, require_utc
from bot.domain.streaks.events import (
    Acted,
    Asked,
    Event,
    NoFaultDay,
    RestDaysSet,
    StateEvent,
    StreakSettings,
    TimedEvent,
    ZoneChanged,
    order_of,
)
from bot.domain.streaks.incremental import Summary, figures, last_days
from bot.domain.streaks.rules import Window, note, step, up_to_date, windows_from
from bot.domain.streaks.state import DayEntry, State, Verdict


@dataclass(frozen=True, slots=True)
class StreakReplay(Summary):
    """The numbers of a summary with every day behind them, oldest first and today last.

    ``days`` is empty before joining. ``refused`` holds the changes of zone and of the member's rest days
    that came too soon.
    """

    days: tuple[DayEntry, ...]
    refused: tuple[ZoneChanged | RestDaysSet, ...]


def replay(events: Iterable[Event], settings: StreakSettings, until: dt.datetime) -> StreakReplay:
    """The whole streak as it stood at ``until`` (UTC), from events in any order, repeated or not.

    Events after ``until`` are left out. Raises ValueError unless ``until`` is in UTC.
    """
    require_utc(until)
    facts = [event for event in events if _is_known(event, until)]
    walk = _walk(facts, settings, whole=True)
    state = up_to_date(walk.state, until, settings, windows_from(facts))
    reasons = {fact.local_date: fact.reason for fact in facts if isinstance(fact, NoFaultDay)}
    return StreakReplay(
        **asdict(figures(state, until, settings)),
        days=tuple(_with_reason(day, reasons) for day in last_days(state, settings)),
        refused=tuple(walk.refused),
    )


def rebuild(
    events: Iterable[Event],
    settings: StreakSettings,
    windows: Sequence[Window] = (),
    as_of: dt.datetime | None = None,
) -> State:
    """The state that ``advance`` and ``up_to_date`` would have reached had all events come once, in order.

    What was asked is told by ``Asked`` events or by ``windows``. ``as_of`` (UTC) is the instant up to which
    the days are judged, that of the last event if None.
    """
    facts = list(events)
    state = _walk(facts, settings).state
    at = max((instant for instant in (as_of, state.as_of) if instant is not None), default=None)
    return state if at is None else up_to_date(state, at, settings, (*windows, *windows_from(facts)))


@dataclass(slots=True)
class _Walk:
    """A replay under way."""

    state: State
    refused: list[ZoneChanged | RestDaysSet] = field(default_factory=list)

    def take(self, event: TimedEvent, settings: StreakSettings) -> None:
        self.state = step(self.state, event, settings)
        match event:
            case ZoneChanged(zone=zone) if zone != self.state.coming_zone:
                self.refused.append(event)
            case RestDaysSet(days=days, whose="member") if days != self.state.next_rest.member:
                self.refused.append(event)


def _is_known(event: Event, until: dt.datetime) -> bool:
    match event:
        case NoFaultDay():
            return True
        case Asked():
            return event.opens <= until
        case _:
            return event.at <= until


def _walk(events: Iterable[Event], settings: StreakSettings, *, whole: bool = False) -> _Walk:
    facts = [event for event in events if not isinstance(event, Asked)]
    timed = _in_turn(facts)
    start = State.new(settings)
    walk = _Walk(replace(start, book=replace(start.book, whole=whole)))
    dated = deque(_by_date([*timed, *_no_fault_days(facts)]))
    for event in timed:
        while dated and dated[0][0] <= event.at:
            walk.state = note(walk.state, dated.popleft()[1])
        walk.take(event, settings)
    for _, fact in dated:
        walk.state = note(walk.state, fact)
    return walk


def _in_turn(events: Iterable[StateEvent]) -> list[TimedEvent]:
    """Timed events in order and without repetitions: the first activity of each key is taken."""
    timed = [event for event in events if not isinstance(event, NoFaultDay)]
    kept: dict[object, TimedEvent] = {}
    for event in sorted(timed, key=order_of):
        kept.setdefault(event.key if isinstance(event, Acted) else event, event)
    return list(kept.values())


def _no_fault_days(events: Iterable[StateEvent]) -> list[NoFaultDay]:
    return [event for event in events if isinstance(event, NoFaultDay)]


def _by_date(events: Iterable[StateEvent]) -> list[tuple[dt.datetime, StateEvent]]:
    """Events that name their date, each with an instant at which that date has begun nowhere."""
    # No zone is, or ever was, a whole day ahead of UTC.
    dated = [
        (dt.datetime.combine(day, dt.time(), dt.UTC) - ONE_DAY, event)
        for event in events
        if isinstance(event, Acted | NoFaultDay) and (day := event.local_date) is not None
    ]
    return sorted(dated, key=lambda one: one[0])


def _with_reason(day: DayEntry, reasons: dict[dt.date, str]) -> DayEntry:
    if day.verdict is Verdict.NO_FAULT:
        return replace(day, reason=reasons[day.local_date])
    return day
