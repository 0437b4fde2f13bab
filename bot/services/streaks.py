"""Activity and streaks: an act is written down as a fact first, then taken into the cached state.

Rules and their reasons: docs/streaks.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.model import Activity, ActivityKind, Group, Member
from bot.domain.scoring import period_keys
from bot.domain.streaks import (
    Acted,
    DayEntry,
    Joined,
    NeedsReplay,
    RestDaysSet,
    Risk,
    State,
    StreakSettings,
    Summary,
    TimedEvent,
    Verdict,
    Window,
    ZoneChanged,
    advance,
    figures,
    last_days,
    open_day,
    rebuild,
    rest_days_change_allowed,
    risks,
    up_to_date,
    verdicts,
    windows_of,
    zone_change_allowed,
)
from bot.domain.streaks.rules import LOOK_BACK, MOST_DAYS, roll
from bot.ports import UnitOfWork
from bot.services.context import Context
from bot.settings import Settings

ALL_DATES = dt.date.min
CLOCKS_APART = dt.timedelta(days=2)
"""Lead of another process's clock, at most, with a day between the dates of two zones."""

LONG_AWAY = 7
"""Days in a row whose verdicts are kept at once: they would be looked up at each look at the streak."""


@dataclass(frozen=True, slots=True)
class NewActivity:
    """An act that counts; ``key`` names it once for each member.

    ``correct`` says how an answer to the group's question went, None for any other act. Its points wait for
    the question to close; one that comes in later still counts on ``counted_on``, as the others do.
    """

    kind: ActivityKind
    key: str
    points: int
    correct: bool | None = None
    waits: bool = False
    counted_on: dt.date | None = None


@dataclass(slots=True, eq=False, repr=False)
class Streak:
    """One member's streak at one instant, read from the cache and written back by ``count``.

    ``day`` is the member's day at the click, also when the click arrives after that day is over, and
    ``zone`` the one that this day is counted in.
    """

    _unit: UnitOfWork
    _member: Member
    _now: dt.datetime
    _rules: StreakSettings
    _state: State
    day: dt.date
    zone: str
    _windows: tuple[Window, ...] = ()
    _looked_back_to: dt.datetime | None = None
    _summary: Summary | None = None

    @classmethod
    async def open(cls, context: Context, member: Member) -> Streak:
        """Return the member's streak at the context's instant."""
        return await cls.at(context.unit, member, context.settings, context.now)

    @classmethod
    async def at(cls, unit: UnitOfWork, member: Member, settings: Settings, now: dt.datetime) -> Streak:
        """Return the member's streak at an instant, in UTC."""
        rules = streak_rules(settings.rollover)
        known = await _cached(unit, member, rules, now) or await _rebuilt(unit, member, rules, None)
        # Kept, so that whatever asks for the streak at this instant does not walk again.
        state = then = roll(known, now, rules)
        if known.today is not None and now < known.today.began:  # the click arrives late
            then = roll(await _state_at(unit, member, rules, now), now, rules)
        streak = cls(unit, member, now, rules, state, open_day(then, now, rules).date, then.zone)
        if state.blank_since is not None:  # a day is over, and nobody has said whether it was missed
            await streak._look_back(state.blank_since)
            streak._state = up_to_date(state, now, rules, streak._windows)
            if len(state.tail) - len(streak._state.tail) > LONG_AWAY:
                unit.learning.put_streak_state(member.id, streak._state.to_json())
        return streak

    @property
    def coming_zone(self) -> str:
        """The zone that holds from the member's next day on."""
        return self._state.coming_zone

    @property
    def summary(self) -> Summary:
        """Return the numbers of the streak."""
        if self._summary is None:
            self._summary = figures(self._state, self._now, self._rules)
        return self._summary

    @property
    def last_days(self) -> tuple[DayEntry, ...]:
        """A line for each of the last 14 days, oldest first and today last."""
        return last_days(self._state, self._rules)

    @property
    def verdicts(self) -> Mapping[dt.date, Verdict]:
        """Return the outcome of each day of the last 26 weeks."""
        return verdicts(self._state, self._rules)

    async def risks(self) -> tuple[Risk, ...]:
        """Return the days that will be missed if the member does nothing, the most urgent first.

        The first with ``ends_streak`` says when a running streak ends.
        """
        state = self._state
        if state.today is None:
            return ()
        await self._look_back(state.blank_since or state.today.began)
        return risks(state, self._windows, self._rules)

    async def may_change_at(self) -> dt.datetime:
        """The next instant (UTC) at which the numbers may change though the member does nothing."""
        deadlines = [risk.by for risk in await self.risks()]
        return min([self.summary.counts_until, *deadlines])

    @property
    def rests_today(self) -> bool:
        """Tell whether the member's day is one of their rest days."""
        return self._state.rest.cover(self.day)

    @property
    def coming_rest_days(self) -> frozenset[int]:
        """The member's own rest days from their next day on."""
        return self._state.next_rest.member

    @property
    def may_change_rest_days(self) -> bool:
        """Tell whether other rest days may be asked for now."""
        return rest_days_change_allowed(self._state, self._now, self._rules)

    @property
    def may_change_zone(self) -> bool:
        """Tell whether another zone may be asked for now."""
        return zone_change_allowed(self._state, self._now, self._rules)

    async def count(self, act: NewActivity, group: Group | None) -> bool:
        """Write the act down, once; False when it was counted before."""
        if await self._unit.learning.has_activity(self._member.id, act.key):
            return False
        await self.append(act, group)
        return True

    async def append(self, act: NewActivity, group: Group | None) -> None:
        """Write the act down. Raises Conflict at the commit when it was counted before."""
        row = Activity(
            member_id=self._member.id,
            group_id=group.id if group else None,
            kind=act.kind,
            key=act.key,
            points=act.points,
            happened_at=self._now,
            local_date=self.day,
            zone=self.zone,
        )
        # An act that earns nothing, such as practice, puts nobody on the leaderboard.
        counts = group and act.points and not act.waits
        periods = period_keys(act.counted_on or row.local_date) if counts else ()
        self._unit.learning.add_activity(row, periods, correct=act.correct)
        await self.note(Acted(row.happened_at, row.kind, row.key, row.local_date))
        rewards = group and group.reward_role and group.reward_denied is None
        if group and rewards and self.summary.current >= group.reward_days:
            self._unit.rewards.earn(group, self._member.id, self._now, self.summary.counts_until)

    async def note(self, event: TimedEvent) -> None:
        """Take an event, already written down, into the cached state."""
        if isinstance(event, Acted):
            self._windows = tuple(window.after(event.key, event.at) for window in self._windows)
        try:
            self._state = advance(self._state, event, self._rules)
        except NeedsReplay:
            self._state = await _rebuilt(self._unit, self._member, self._rules, self._state.as_of, event)
        else:
            self._state = up_to_date(self._state, self._now, self._rules, self._windows)
        self._summary = None
        self._unit.learning.put_streak_state(self._member.id, self._state.to_json())

    async def _look_back(self, since: dt.datetime) -> None:
        """Load all that asked something of the member on the day that began at ``since`` and later."""
        if self._looked_back_to is None or since < self._looked_back_to:
            posts = await self._unit.learning.asked(self._member.id, (since - LOOK_BACK).date())
            self._windows, self._looked_back_to = windows_of(posts), since


@lru_cache(maxsize=8)
def streak_rules(rollover: str) -> StreakSettings:
    """Return the rules of an operator's rollover, such as ``03:00``."""
    return StreakSettings(rollover=dt.time.fromisoformat(rollover))


async def state_from_facts(unit: UnitOfWork, member: Member, settings: Settings, now: dt.datetime) -> State:
    """Return what the cached state must be, for ``milepost db verify``."""
    rules = streak_rules(settings.rollover)
    state = await _cached(unit, member, rules, now)
    return await _rebuilt(unit, member, rules, state.as_of if state else None)


async def streak_facts(unit: UnitOfWork, member: Member) -> tuple[TimedEvent, ...]:
    """Everything that the member's streak is a function of, beside what was asked of them."""
    zones = (await unit.members.zones(member.id))[1:]
    rest = await unit.members.rest_days(member.id)
    acts = await unit.learning.activities(member.id)
    facts: list[TimedEvent] = [
        *(ZoneChanged(row.at, row.zone) for row in zones),
        *(RestDaysSet(row.at, row.days) for row in rest),
        *(Acted(row.happened_at, row.kind, row.key, row.local_date) for row in acts),
    ]
    return (Joined(member.joined_at), *sorted(facts, key=lambda fact: fact.at))


async def _rebuilt(
    unit: UnitOfWork, member: Member, rules: StreakSettings, as_of: dt.datetime | None, *news: TimedEvent
) -> State:
    """The state made anew from the facts, and from ``news`` that may not be among them yet."""
    facts = await streak_facts(unit, member)
    windows = windows_of(await unit.learning.asked(member.id, ALL_DATES))
    return rebuild((*facts, *news), await _rules_at_home(unit, member, rules), windows, as_of)


async def _cached(
    unit: UnitOfWork, member: Member, rules: StreakSettings, now: dt.datetime
) -> State | None:
    """Return the cached state, if it is of the past, or of a clock that is a little ahead.

    Any other one isn't believed: whoever can write to the database could else make everybody wait until
    centuries of days are counted.
    """
    stored = await unit.learning.streak_state(member.id)
    state = readable(stored, rules) if stored is not None else None
    if state is None or (state.as_of is not None and state.as_of > now + CLOCKS_APART):
        return None
    if state.as_of is None or state.today is None or state.first is None:
        return state
    latest = (now + CLOCKS_APART).date()
    earliest = latest - dt.timedelta(days=MOST_DAYS)
    return state if earliest <= state.first <= state.today.date <= latest else None


def readable(stored: str, rules: StreakSettings) -> State | None:
    """Return the cached state, or None for one of another version or counted with another rollover.

    Such a state is made anew from the facts when it is needed.
    """
    try:
        state = State.from_json(stored)
    except NeedsReplay:
        return None
    return state if state.rollover == rules.rollover else None


async def _state_at(unit: UnitOfWork, member: Member, rules: StreakSettings, now: dt.datetime) -> State:
    """The state as it stood at an instant that the stored one has left behind."""
    facts = await streak_facts(unit, member)
    until_then = [fact for fact in facts if fact.at <= now]
    return rebuild(until_then, await _rules_at_home(unit, member, rules))


async def _rules_at_home(unit: UnitOfWork, member: Member, rules: StreakSettings) -> StreakSettings:
    """Return the rules with the zone that the member joined in: their first zone fact.

    A person who is no member yet has none.
    """
    zones = await unit.members.zones(member.id)
    home = zones[0].zone if zones else member.zone or rules.zone
    return StreakSettings(rollover=rules.rollover, zone=home)
