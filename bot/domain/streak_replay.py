"""The streak with its history: every event in order, every day in a ledger."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from bot.domain.calendar import ONE_DAY, require_utc
from bot.domain.streak_events import (
    Activity,
    Event,
    NoFaultDay,
    RestDaysSet,
    StreakSettings,
    TimedEvent,
    ZoneChanged,
    fixed_date,
    order_of,
)
from bot.domain.streak_increment import Summary, counts_until, figures
from bot.domain.streak_state import State
from bot.domain.streak_walk import DayEntry, Status, note, roll, status_of, step


@dataclass(frozen=True, slots=True)
class Ledger(Summary):
    """The numbers of a summary with every day behind them, oldest first and today last.

    `days` is empty before joining. `refused` holds the changes of zone and of the member's rest days
    that came too soon.
    """

    days: tuple[DayEntry, ...]
    refused: tuple[ZoneChanged | RestDaysSet, ...]


def replay(events: Iterable[Event], settings: StreakSettings, until: datetime) -> Ledger:
    """The ledger as it stood at `until` (UTC), from events in any order, repeated or not.

    Events after `until` are left out. Raises ValueError unless `until` is in UTC.
    """
    require_utc(until)
    facts = [event for event in events if isinstance(event, NoFaultDay) or event.at <= until]
    walk = _walk(facts, settings)
    state, last_days = roll(walk.state, until, settings)
    walk.write(last_days)
    walk.write(_today(state, settings))
    reasons = {fact.local_date: fact.reason for fact in _no_fault_days(facts)}
    numbers = figures(state, until, settings)
    return Ledger(
        today=numbers.today,
        today_counted=numbers.today_counted,
        counts_until=numbers.counts_until,
        current=numbers.current,
        best=numbers.best,
        freezes=numbers.freezes,
        active_last_30=numbers.active_last_30,
        window_days=numbers.window_days,
        days=tuple(_with_reason(day, reasons) for day in walk.days),
        refused=tuple(walk.refused),
    )


def rebuild(events: Iterable[Event], settings: StreakSettings) -> State:
    """The state that `advance` would have reached had every event come once and in order."""
    return _walk(events, settings).state


@dataclass(slots=True)
class _Walk:
    """A replay under way."""

    state: State
    days: list[DayEntry] = field(default_factory=list)
    refused: list[ZoneChanged | RestDaysSet] = field(default_factory=list)

    def take(self, event: TimedEvent, settings: StreakSettings) -> None:
        self.state, ended = step(self.state, event, settings)
        self.write(ended)
        match event:
            case ZoneChanged(zone=zone) if zone != self.state.coming_zone:
                self.refused.append(event)
            case RestDaysSet(days=days, whose="member") if days != self.state.next_rest.member:
                self.refused.append(event)

    def write(self, entries: Iterable[DayEntry]) -> None:
        for entry in entries:
            if entry.status is Status.MISSED:
                self._give_back_freezes(entry)
            self.days.append(entry)

    def _give_back_freezes(self, missed: DayEntry) -> None:
        """Rewrite the days that freezes seemed to cover before the gap outgrew them."""
        index = len(self.days) - 1
        while index >= 0 and self.days[index].freezes_after < missed.freezes_after:
            day = self.days[index]
            if day.status is Status.FROZEN:
                day = replace(day, status=Status.MISSED, note=missed.note)
            self.days[index] = replace(day, streak_after=0, freezes_after=missed.freezes_after)
            index -= 1


def _walk(events: Iterable[Event], settings: StreakSettings) -> _Walk:
    facts = list(events)
    timed = _in_turn(facts)
    walk = _Walk(State.new(settings))
    dated = deque(_by_date([*timed, *_no_fault_days(facts)]))
    for event in timed:
        while dated and dated[0][0] <= event.at:
            walk.state = note(walk.state, dated.popleft()[1])
        walk.take(event, settings)
    for _, fact in dated:
        walk.state = note(walk.state, fact)
    return walk


def _in_turn(events: Iterable[Event]) -> list[TimedEvent]:
    """Timed events in order and without repetitions: the first activity of each key is taken."""
    timed = [event for event in events if not isinstance(event, NoFaultDay)]
    kept: dict[object, TimedEvent] = {}
    for event in sorted(timed, key=order_of):
        kept.setdefault(event.key if isinstance(event, Activity) else event, event)
    return list(kept.values())


def _no_fault_days(events: Iterable[Event]) -> list[NoFaultDay]:
    return [event for event in events if isinstance(event, NoFaultDay)]


def _by_date(events: Iterable[Event]) -> list[tuple[datetime, Event]]:
    """Events that name their date, each with an instant at which that date has begun nowhere."""
    # No zone is, or ever was, a whole day ahead of UTC.
    dated = [
        (datetime.combine(day, time(), UTC) - ONE_DAY, event)
        for event in events
        if (day := fixed_date(event)) is not None
    ]
    return sorted(dated, key=lambda one: one[0])


def _today(state: State, settings: StreakSettings) -> list[DayEntry]:
    """The line of the day that is not over; no line before joining."""
    today, score = state.today, state.score
    if today is None:
        return []
    status, why = status_of(state, today, counts_until(state, today.date, settings))
    if status is Status.ACTIVE:
        score = score.after_active(settings)
    elif status is Status.MISSED:
        status = Status.OPEN
    return [DayEntry(today.date, status, why, score.streak, score.balance)]


def _with_reason(day: DayEntry, reasons: dict[date, str]) -> DayEntry:
    if day.status is Status.NEUTRAL and day.local_date in reasons:
        return replace(day, note=reasons[day.local_date])
    return day
