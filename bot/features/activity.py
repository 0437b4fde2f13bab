"""What a member did and what it does to their streak: facts first, then the cached state.

Rules and their reasons: docs/streaks.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.calendar import local_day
from bot.domain.reasons import NoFault
from bot.domain.records import (
    ActivityKind,
    ActivityRow,
    Group,
    Member,
    PostKind,
)
from bot.domain.scoring import period_keys
from bot.domain.streak_events import (
    Activity,
    Event,
    Joined,
    NoFaultDay,
    RestDaysSet,
    StreakSettings,
    ZoneChanged,
)
from bot.domain.streak_walk import Status, roll
from bot.domain.streaks import (
    Ledger,
    NeedsReplay,
    State,
    Summary,
    advance,
    day_at,
    rebuild,
    replay,
    rest_days_change_allowed,
    summary,
    zone_change_allowed,
)
from bot.ports import UnitOfWork
from bot.routing import Turn
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Act:
    """Something that counts; ``key`` names it once for each member.

    ``correct`` says how an answer to the group's question went, None for any other act.
    """

    kind: ActivityKind
    key: str
    points: int
    correct: bool | None = None


class Streak:
    """One member's streak at one instant, read from the cache and written back by ``count``."""

    def __init__(
        self, unit: UnitOfWork, member: Member, now: dt.datetime, rules: StreakSettings, state: State
    ) -> None:
        self._unit = unit
        self._member = member
        self._now = now
        self._rules = rules
        self._state = state
        self._then: State | None = None
        self._summed: tuple[State, Summary | None] = state, None

    @classmethod
    async def open(cls, turn: Turn, member: Member) -> Streak:
        """The streak at the turn's instant."""
        return await cls.at(turn.unit, member, turn.settings, turn.now)

    @classmethod
    async def at(cls, unit: UnitOfWork, member: Member, settings: Settings, now: dt.datetime) -> Streak:
        """The streak at an instant, in UTC."""
        rules = streak_rules(settings)
        state = await _stored_state(unit, member, rules)
        streak = cls(unit, member, now, rules, state)
        if state.today is not None and now < state.today.began:
            streak._then = await _state_at(unit, member, rules, now)
        await streak._forgive_days_without_posts()
        return streak

    @property
    def zone(self) -> str:
        """The zone that the day of the click is counted in."""
        return roll(self._then or self._state, self._now, self._rules)[0].zone

    @property
    def coming_zone(self) -> str:
        """The zone that holds from the member's next day on."""
        return roll(self._state, self._now, self._rules)[0].coming_zone

    @property
    def day(self) -> dt.date:
        """The member's day at the click, also when the click arrives after that day is over."""
        return day_at(self._then or self._state, self._now, self._rules)

    @property
    def summary(self) -> Summary:
        """The numbers."""
        state, numbers = self._summed
        if numbers is None or state is not self._state:
            numbers = summary(self._state, self._now, self._rules)
            self._summed = self._state, numbers
        return numbers

    @property
    def rests_today(self) -> bool:
        """Whether the member's day is one of their rest days."""
        now = roll(self._state, self._now, self._rules)[0]
        return now.rest.cover(self.day)

    @property
    def coming_rest_days(self) -> frozenset[int]:
        """The member's own rest days from their next day on."""
        return roll(self._state, self._now, self._rules)[0].next_rest.member

    @property
    def may_change_rest_days(self) -> bool:
        """Whether other rest days may be asked for now."""
        return rest_days_change_allowed(self._state, self._now, self._rules)

    @property
    def may_change_zone(self) -> bool:
        """Whether another zone may be asked for now."""
        return zone_change_allowed(self._state, self._now, self._rules)

    async def count(self, act: Act, group: Group | None) -> bool:
        """Write the act down, once; False when it was counted before."""
        learning = self._unit.learning
        if await learning.has_activity(self._member.id, act.key):
            return False
        row = ActivityRow(
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
        periods = period_keys(row.local_date) if group and act.points else ()
        learning.add_activity(row, periods, correct=act.correct)
        await self._take(_activity(row))
        if group and group.reward:
            self._earn(group)
        return True

    def _earn(self, group: Group) -> None:
        now = self.summary
        if now.current >= group.reward_days:
            self._unit.badges.earn(group, self._member.id, self._now, now.counts_until)

    async def note(self, event: ZoneChanged | RestDaysSet) -> None:
        """Take a change of zone or rest days, already written down, into the cached state."""
        await self._take(event)

    async def _take(self, event: Event) -> None:
        try:
            self._state = advance(self._state, event, self._rules)
        except NeedsReplay:
            facts = await streak_facts(self._unit, self._member)
            self._state = rebuild(
                (*facts, event), await _rules_at_home(self._unit, self._member, self._rules)
            )
        self._unit.learning.put_streak_state(self._member.id, self._state.to_json())

    async def _forgive_days_without_posts(self) -> None:
        """A day on which the member was of a group and none of theirs asked anything is nobody's fault."""
        _, ended = roll(self._state, self._now, self._rules)
        hurting = [e.local_date for e in ended if e.status in (Status.MISSED, Status.FROZEN)]
        if not hurting:
            return
        forgiven = await _days_without_posts(self._unit, await self._groups_since(), hurting)
        for day in forgiven:
            self._unit.learning.add_no_fault_day(self._member.id, day, NoFault.NOTHING_POSTED)
            self._state = advance(self._state, NoFaultDay(day, NoFault.NOTHING_POSTED), self._rules)
        if forgiven:
            self._unit.learning.put_streak_state(self._member.id, self._state.to_json())

    async def _groups_since(self) -> tuple[tuple[int, dt.date], ...]:
        """The member's groups, each with their day of joining it: before it, it asked nothing of them."""
        joined = await self._unit.members.joined_groups(self._member.id)
        return tuple(
            (group_id, local_day(at, self.coming_zone, self._rules.rollover)) for group_id, at in joined
        )


def streak_rules(settings: Settings) -> StreakSettings:
    """How streaks count here."""
    return StreakSettings(rollover=dt.time.fromisoformat(settings.rollover))


async def ledger_of(unit: UnitOfWork, member: Member, settings: Settings, now: dt.datetime) -> Ledger:
    """The member's whole ledger, day by day, replayed from the facts."""
    rules = await _rules_at_home(unit, member, streak_rules(settings))
    return replay(await streak_facts(unit, member), rules, now)


async def state_from_facts(unit: UnitOfWork, member: Member, settings: Settings) -> State:
    """What the cached state must be, for ``milepost db verify``."""
    rules = await _rules_at_home(unit, member, streak_rules(settings))
    return rebuild(await streak_facts(unit, member), rules)


async def streak_facts(unit: UnitOfWork, member: Member) -> tuple[Event, ...]:
    """Everything that the member's streak is a function of."""
    zones = (await unit.members.zones(member.id))[1:]
    rest = await unit.members.rest_days(member.id)
    forgiven = await unit.learning.no_fault_days(member.id)
    acts = await unit.learning.activities(member.id)
    return (
        *(NoFaultDay(day, reason) for day, reason in forgiven),
        Joined(member.joined_at),
        *_in_order(
            (
                *(ZoneChanged(row.at, row.zone) for row in zones),
                *(RestDaysSet(row.at, row.days) for row in rest),
                *map(_activity, acts),
            )
        ),
    )


async def _stored_state(unit: UnitOfWork, member: Member, rules: StreakSettings) -> State:
    stored = await unit.learning.streak_state(member.id)
    if stored is not None and (state := readable(stored, rules)):
        return state
    return rebuild(await streak_facts(unit, member), await _rules_at_home(unit, member, rules))


def readable(stored: str, rules: StreakSettings) -> State | None:
    """The cached state, or None for one of another version or counted with another rollover.

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
    until_then = [fact for fact in facts if isinstance(fact, NoFaultDay) or fact.at <= now]
    return rebuild(until_then, await _rules_at_home(unit, member, rules))


async def _rules_at_home(unit: UnitOfWork, member: Member, rules: StreakSettings) -> StreakSettings:
    """The rules with the zone that the member joined in: their first zone fact."""
    zones = await unit.members.zones(member.id)
    home = zones[0].zone if zones else rules.zone
    return StreakSettings(rollover=rules.rollover, zone=home)


async def _days_without_posts(
    unit: UnitOfWork, groups: Iterable[tuple[int, dt.date]], days: Sequence[dt.date]
) -> tuple[dt.date, ...]:
    """Those of ``days`` on which the member was of a group, and on which no such group asked anything."""
    covered: set[dt.date] = set()
    asked: set[dt.date] = set()
    for group_id, since in groups:
        after = [day for day in days if day >= since]
        if after:
            covered.update(after)
            asked |= await unit.posts.asked_dates([group_id], min(after), max(after))
            asked.update(day for day in await _planned_dates(unit, group_id) if day >= since)
    return tuple(day for day in days if day in covered and day not in asked)


async def _planned_dates(unit: UnitOfWork, group_id: int) -> list[dt.date]:
    """A group behind the member's clock may still be going to ask on a day that is over for them."""
    return [
        schedule.next_date
        for schedule in await unit.groups.schedules(group_id)
        if schedule.next_date is not None and schedule.kind is not PostKind.RECAP
    ]


def _activity(row: ActivityRow) -> Activity:
    return Activity(row.happened_at, row.kind, row.key, row.local_date)


def _in_order(
    events: Iterable[Activity | ZoneChanged | RestDaysSet],
) -> list[Activity | ZoneChanged | RestDaysSet]:
    return sorted(events, key=lambda event: event.at)
