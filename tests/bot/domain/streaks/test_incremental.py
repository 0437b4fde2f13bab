"""Any history of a member: increment equals replay, and both equal a slow clock.

The slow clock knows no state and no start of a day. It lives through the weeks a quarter of an hour
at a time, asks at each tick what day it is, and scores the dates it has seen gap by gap.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar import local_day
from bot.domain.streaks import (
    Acted,
    Asked,
    Event,
    Joined,
    NeedsReplay,
    NoFaultDay,
    RestDaysSet,
    State,
    StateEvent,
    StreakReplay,
    StreakSettings,
    Summary,
    ZoneChanged,
    advance,
    last_days,
    rebuild,
    replay,
    summary,
    up_to_date,
    verdicts,
)
from bot.domain.streaks.events import order_of
from bot.domain.streaks.rules import windows_from

DAY = dt.timedelta(days=1)
TICK = dt.timedelta(minutes=15)
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",
    "America/Santiago",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Honolulu",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
)
STARTS = (
    dt.datetime(2011, 12, 20, tzinfo=dt.UTC),
    dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
    dt.datetime(2026, 10, 20, tzinfo=dt.UTC),
)
SPAN = 28 * DAY


@dataclass
class SlowClock:
    """A member's life in quarters of an hour."""

    config: StreakSettings
    zone: str
    day: dt.date | None = None
    first: dt.date | None = None
    waiting: str | None = None
    switched: dt.date | None = None
    rest: dict[str, frozenset[int]] = field(default_factory=dict)
    rest_of: dict[dt.date, dict[str, frozenset[int]]] = field(default_factory=dict)
    rested: dt.date | None = None
    lived: dict[dt.date, dt.timedelta] = field(default_factory=dict)
    ticks: list[tuple[dt.datetime, dt.date]] = field(default_factory=list)
    active: set[dt.date] = field(default_factory=set)

    def shows(self, now: dt.datetime) -> dt.date:
        return local_day(now, self.zone, self.config.rollover)

    def tick(self, now: dt.datetime) -> None:
        if self.day is None:
            return
        if self.waiting and self.shows(now) > self.day:
            self.zone, self.waiting, self.switched = self.waiting, None, self.day
        while self.shows(now) > self.day:
            self.begin(self.day + DAY)

    def begin(self, day: dt.date) -> None:
        if self.rest_waits():
            self.rested = self.day
        self.day, self.lived[day], self.rest_of[day] = day, dt.timedelta(0), dict(self.rest)

    def take(self, event: Event, now: dt.datetime) -> None:
        if self.day is None and isinstance(event, Joined | Acted):
            recorded = event.local_date if isinstance(event, Acted) else None
            self.first = min(self.shows(now), recorded or dt.date.max)
            self.begin(self.first)
            self.tick(now)
        if isinstance(event, Acted) and self.day:
            self.active.add(event.local_date or self.day)
        if isinstance(event, RestDaysSet) and (event.whose == "group" or self.may_rest_otherwise()):
            self.rest[event.whose] = event.days
        if isinstance(event, ZoneChanged):
            self.ask_for(event.zone)

    def rest_waits(self) -> bool:
        own = self.rest_of.get(self.day, self.rest).get("member", frozenset())
        return own != self.rest.get("member", frozenset())

    def may_rest_otherwise(self) -> bool:
        return self.rest_waits() or not self.rested or self.day - self.rested >= 7 * DAY

    def ask_for(self, zone: str) -> None:
        if self.day is None:
            self.zone = zone
        elif self.waiting or not self.switched or self.day - self.switched >= 7 * DAY:
            self.waiting = zone if zone != self.zone else None

    def kind(self, day: dt.date, no_fault: set[dt.date], owed: dict[dt.date, set[str]]) -> str:
        if day in self.active:
            return "active"
        if any(day.weekday() in days for days in self.rest_of[day].values()):
            return "rest"
        if day in no_fault or self.lived[day] < dt.timedelta(hours=12):
            return "neutral"
        return min(owed.get(day, {"neutral"}))

    def owed(self, events: list[Event], until: dt.datetime) -> dict[dt.date, set[str]]:
        """Duties by day, from every question asked: "missed", "open" or both."""
        owed: dict[dt.date, set[str]] = {}
        for asked in events:
            if not isinstance(asked, Asked) or not self.ticks or asked.opens < self.ticks[0][0]:
                continue
            held = Counter(day for at, day in self.ticks if asked.opens <= at < (asked.closes or until))
            duty = min((day for day, ticks in held.items() if ticks >= 48), default=None)
            closes = asked.closes or until + TICK
            answers = [e for e in events if isinstance(e, Acted) and e.key in asked.keys]
            if duty and not any(answer.at < closes for answer in answers):
                owed.setdefault(duty, set()).add("missed" if closes <= until else "open")
        return owed


def slow_numbers(
    events: list[Event], config: StreakSettings, start: dt.datetime, until: dt.datetime
) -> tuple[dict[dt.date, str], int, int, int, dt.date | None]:
    """Kinds of the dates that are over, current, best, freezes, today."""
    clock = SlowClock(config, config.zone, rest={"group": config.rest_days})
    timed = sorted({e for e in events if not isinstance(e, NoFaultDay | Asked)}, key=order_of)
    now = start
    while now <= until:
        clock.tick(now)
        while timed and timed[0].at <= now:
            clock.take(timed.pop(0), now)
        if clock.day:
            clock.lived[clock.day] += TICK
            clock.ticks.append((now, clock.day))
        now += TICK
    if clock.day is None:
        return {}, 0, 0, config.start_freezes, None
    no_fault = {e.local_date for e in events if isinstance(e, NoFaultDay)}
    owed = clock.owed(events, until)
    over = {d: clock.kind(d, no_fault, owed) for d in clock.lived if d < clock.day}
    counted = ["active"] if clock.day in clock.active else []
    return over, *score([*over.values(), *counted], config), clock.day


def score(kinds: list[str], config: StreakSettings) -> tuple[int, int, int]:
    """Current streak, best streak and freezes, gap by gap."""
    streak, best, freezes = 0, 0, config.start_freezes
    counting = [kind for kind in kinds if kind in ("active", "missed")]
    for kind, run in groupby(counting):
        length = len(list(run))
        if kind == "missed" and streak:
            streak, freezes = (streak, freezes - length) if length <= freezes else (0, freezes)
        for _ in range(length if kind == "active" else 0):
            streak += 1
            if streak % config.earn_every == 0:
                freezes = min(config.hold, freezes + 1)
        best = max(best, streak)
    return streak, best, freezes


@dataclass(frozen=True)
class History:
    start: dt.datetime
    config: StreakSettings
    arrivals: tuple[StateEvent, ...]
    asked: tuple[Asked, ...]

    @property
    def events(self) -> tuple[Event, ...]:
        return (*self.arrivals, *self.asked)

    @property
    def end(self) -> dt.datetime:
        return self.start + SPAN + 5 * DAY


weekday_sets = st.frozensets(st.integers(0, 6), max_size=3)
configs = st.builds(
    StreakSettings,
    rollover=st.sampled_from([dt.time(3), dt.time(0), dt.time(2, 30), dt.time(22)]),
    zone=st.sampled_from(ZONES),
    start_freezes=st.integers(0, 1),
    earn_every=st.integers(1, 4),
    hold=st.integers(1, 3),
    rest_days=st.one_of(st.just(frozenset[int]()), weekday_sets),
)


@st.composite
def events_from(draw: st.DrawFn, start: dt.datetime, key: int) -> Event:
    at = start + draw(st.integers(0, SPAN // TICK)) * TICK
    near = at.date() + draw(st.integers(-1, 1)) * DAY
    match draw(st.sampled_from("aaaaaaaadzzrnjqqqqqq")):
        case "q":
            closes = at + draw(st.integers(0, 9 * 24)) * 4 * TICK
            keys = draw(st.frozensets(st.integers(0, 12).map(str), max_size=3))
            return Asked(at, draw(st.sampled_from([closes, closes, closes, None])), keys)
        case "a":
            return Acted(at, "quiz", str(key))
        case "d":
            return Acted(at, "quiz", str(key), near)
        case "z":
            return ZoneChanged(at, draw(st.sampled_from(ZONES)))
        case "r":
            return RestDaysSet(at, draw(weekday_sets), draw(st.sampled_from(("group", "member"))))
        case "n":
            return NoFaultDay(near, "the bot was down")
        case _:
            return Joined(at)


@st.composite
def habits(draw: st.DrawFn, start: dt.datetime) -> list[Event]:
    """Somebody who answers at the same hour on most days."""
    hour = draw(st.integers(0, 95)) * TICK
    days = draw(st.frozensets(st.integers(0, SPAN // DAY), max_size=28))
    return [Acted(start + n * DAY + hour, "quiz", f"habit{n}") for n in sorted(days)]


@st.composite
def daily_questions(draw: st.DrawFn, start: dt.datetime) -> list[Event]:
    """A question at the same hour of each second or third day, open until the next one."""
    first, every = start + draw(st.integers(0, 95)) * TICK, draw(st.integers(1, 3)) * DAY
    asked = [first + n * every for n in range(SPAN // every)]
    return [
        Asked(at, at + every, frozenset({f"habit{(at - start) // DAY + draw(st.integers(0, 1))}"}))
        for at in asked
    ]


@st.composite
def histories(draw: st.DrawFn) -> History:
    start = draw(st.sampled_from(STARTS))
    events = draw(habits(start))
    events += [draw(events_from(start, key)) for key in range(draw(st.integers(0, 12)))]
    if draw(st.booleans()):
        events.append(Joined(start + draw(st.integers(0, 8)) * TICK))
    events += draw(daily_questions(start)) if draw(st.booleans()) else []
    asked = tuple(event for event in events if isinstance(event, Asked))
    told = [event for event in events if not isinstance(event, Asked)]
    arrivals = sorted(told, key=lambda event: getattr(event, "at", start))
    for _ in range(draw(st.integers(0, 4)) if arrivals else 0):
        late = draw(st.integers(0, len(arrivals) - 1))
        event = arrivals[late] if draw(st.booleans()) else arrivals.pop(late)
        arrivals.insert(draw(st.integers(0, len(arrivals))), event)
    return History(start, draw(configs), tuple(arrivals), asked)


def numbers(ledger: StreakReplay) -> Summary:
    names = Summary.__dataclass_fields__
    return Summary(**{name: getattr(ledger, name) for name in names})


@settings(max_examples=300)
@given(histories())
def test_increment_equals_replay_after_each_event_in_any_order_of_arrival(
    history: History,
) -> None:
    state = State.new(history.config)
    for count, event in enumerate(history.arrivals, start=1):
        arrived = history.arrivals[:count]
        windows = windows_from([*arrived, *history.asked])
        try:
            state = advance(state, event, history.config)
        except NeedsReplay:
            state = rebuild(arrived, history.config, windows)
        if state.as_of:
            state = up_to_date(state, state.as_of, history.config, windows)
        assert state == rebuild([*arrived, *history.asked], history.config)
        assert State.from_json(state.to_json()) == state
    ledger = replay(history.events, history.config, history.end)
    windows = windows_from(history.events)
    assert summary(state, history.end, history.config, windows) == numbers(ledger)
    late = up_to_date(state, history.end, history.config, windows)
    assert last_days(late, history.config) == tuple(replace(d, reason="") for d in ledger.days[-14:])
    assert verdicts(late, history.config) == {day.local_date: day.verdict for day in ledger.days}


@settings(max_examples=300)
@given(histories())
def test_events_in_order_never_need_a_replay(history: History) -> None:
    undated = {
        event.at: event
        for event in history.arrivals
        if not isinstance(event, NoFaultDay) and getattr(event, "local_date", None) is None
    }
    state = State.new(history.config)
    for at in sorted(undated):
        state = advance(state, undated[at], history.config)


@settings(max_examples=150)
@given(histories())
def test_replay_equals_the_slow_clock(history: History) -> None:
    ledger = replay(history.events, history.config, history.end)
    events = list(history.events)
    over, current, best, freezes, today = slow_numbers(events, history.config, history.start, history.end)
    kinds = {
        day.local_date: "missed" if day.verdict.status == "frozen" else str(day.verdict.status)
        for day in ledger.days[:-1]
    }
    assert kinds == over
    assert (ledger.current, ledger.best, ledger.freezes) == (current, best, freezes)
    assert ledger.days == () if today is None else ledger.today == today


@settings(max_examples=150)
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_and_redelivery_change_nothing(history: History, pick: object) -> None:
    events = list(history.events)
    shuffled = events + events[: len(events) // 2]
    pick.shuffle(shuffled)  # type: ignore[attr-defined]
    assert replay(shuffled, history.config, history.end) == replay(events, history.config, history.end)


@settings(max_examples=150)
@given(histories())
def test_the_lines_of_a_ledger_agree_with_its_numbers(history: History) -> None:
    ledger = replay(history.events, history.config, history.end)
    dates = [day.local_date for day in ledger.days]
    assert dates == [dates[0] + n * DAY for n in range(len(dates))] if dates else True
    assert all(0 <= day.freezes_after <= history.config.hold for day in ledger.days)
    window = ledger.days if ledger.today_counted else ledger.days[:-1]
    assert ledger.active_last_30 == sum(day.verdict.status == "active" for day in window[-30:])
    assert ledger.asked_last_30 == sum(
        day.verdict.status in ("active", "missed", "frozen") for day in window[-30:]
    )
    assert ledger.best == max((day.streak_after for day in ledger.days), default=0)
    if ledger.days:
        assert ledger.days[-1].local_date == ledger.today
        assert ledger.days[-1].streak_after == ledger.current
        assert ledger.days[-1].freezes_after == ledger.freezes
        assert ledger.counts_until > history.end
