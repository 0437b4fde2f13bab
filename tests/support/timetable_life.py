"""Years in the life of a group: what an organiser does to its schedule, and when the bot is down.

``script`` makes a life up from a seed. ``live`` leads it through the real commands and the real planner,
``foretell`` through the oracle.
"""

import datetime as dt
import random
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from zoneinfo import ZoneInfo, available_timezones

from bot.chat.events import Origin
from bot.domain.dates import describe_dates
from bot.domain.deliveries import DeliveryKind
from bot.domain.model import Group, PostKind, PostState, Schedule
from bot.domain.parsing import suggested_zones
from bot.domain.refs import ChannelRef, UserRef
from bot.errors import UserError
from bot.handlers.study import pause, resume, schedule, skip, zone
from bot.library import Library
from bot.routing import Request
from bot.services.planning import missed_meanwhile, plan_due
from bot.services.scheduling import next_slot
from bot.worker.pauses import end_pauses
from tests.support.timetable_oracle import Oracle, Rule
from tests.support.wall_oracle import DAY, awkward_time

KIND = PostKind.RECAP
"""The kind that needs no content."""

ZONES = sorted(available_timezones() & {"UTC", *suggested_zones()})  # those that people can type
HOUR = dt.timedelta(hours=1)
LEASE = dt.timedelta(minutes=1)
WHO = UserRef("room", "school", "olga")
WHERE = ChannelRef("room", "school", "study")
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DEEDS = (
    *("time", "time", "days", "schedule_zone", "move", "off", "skip", "skip", "unskip", "resume"),
    *("pause", "pause_until", "pause_until", "down", "down", "down_at_midnight"),
)
HANDLERS = {
    "schedule": schedule.schedule,
    "zone": zone.zone,
    "skip": skip.skip,
    "pause": pause.pause,
    "resume": resume.resume,
}


@dataclass(frozen=True)
class Deed:
    """Something that an organiser does: a command with its options, or "down" until an instant."""

    at: dt.datetime
    name: str
    options: dict = field(default_factory=dict)
    until: dt.datetime | None = None


@dataclass(frozen=True)
class Script:
    """A group's first rule, and all that happens to it."""

    rule: Rule
    first_year: int
    years: int
    deeds: tuple

    @property
    def start(self):
        return dt.datetime(self.first_year, 1, 1, tzinfo=dt.UTC)

    @property
    def end(self):
        return self.start.replace(year=self.first_year + self.years)


class _Maker:
    """Makes up deeds, and remembers what it needs to know for the next ones to make sense."""

    def __init__(self, zone, pick, first_year):
        self._pick, self._first_year = pick, first_year
        self._zone = self._home = zone
        self._skipped, self._stopped = frozenset(), None

    def rule(self):
        return Rule(self._some_time(), self._some_days(), self._home)

    def deed(self, at):
        """Mostly anything; what stopped the posts is soon taken back, so that there are posts."""
        if self._stopped and self._pick.random() < 0.5:
            return getattr(self, self._stopped)(at)
        names = ("time", "time", "days", "schedule_zone", "move", "off", "skip", "skip", "unskip")
        return getattr(self, self._pick.choice((*names, "pause", "pause_until", "resume", "down", "down")))(
            at
        )

    def time(self, at):
        self._stopped = None if self._stopped == "time" else self._stopped
        return Deed(at, "schedule", {"time": self._some_time()})

    def days(self, at):
        return Deed(at, "schedule", {"days": self._some_days()})

    def schedule_zone(self, at):
        return Deed(at, "schedule", {"zone": self._some_zone()})

    def move(self, at):
        self._zone = self._some_zone()
        return Deed(at, "zone", {"zone": self._zone})

    def off(self, at):
        self._stopped = self._stopped or "time"
        return Deed(at, "schedule", {"time": None})

    def skip(self, at):
        today = self._today(at)
        first = today + self._pick.randrange(12) * DAY
        added = frozenset(first + step * DAY for step in range(self._pick.choice((1, 1, 2, 9))))
        return self._skip(at, {"add": added}, self._skipped | added)

    def unskip(self, at):
        coming = sorted(date for date in self._skipped if date >= self._today(at))
        if not coming:
            return self.skip(at)
        removed = frozenset(self._pick.sample(coming, self._pick.randint(1, len(coming))))
        return self._skip(at, {"remove": removed}, self._skipped - removed)

    def pause(self, at):
        self._stopped = self._stopped or "resume"
        return Deed(at, "pause")

    def pause_until(self, at):
        return Deed(at, "pause", {"until": self._today(at) + self._pick.choice((1, 1, 2, 5, 20)) * DAY})

    def resume(self, at):
        self._stopped = None if self._stopped == "resume" else self._stopped
        return Deed(at, "resume")

    def down(self, at):
        hours = self._pick.choice((0.1, 0.9, 3, 12, 30, 100, 900)) * self._pick.uniform(0.5, 1.5)
        return Deed(at, "down", until=at + hours * HOUR)

    def down_at_midnight(self, at):
        """Down in the last hour of a date, up in the first hours of the next."""
        tomorrow = dt.datetime.combine(self._today(at) + DAY, dt.time(), ZoneInfo(self._zone)).astimezone(
            dt.UTC
        )
        begins = max(at, tomorrow - self._pick.random() * HOUR)
        return Deed(begins, "down", until=max(begins, tomorrow) + 1.5 * self._pick.random() * HOUR)

    def _skip(self, at, options, dates):
        today = self._today(at)
        self._skipped = frozenset(date for date in dates if date >= today - skip.KEPT)
        return Deed(at, "skip", {**options, "all": self._skipped})

    def _today(self, at):
        return at.astimezone(ZoneInfo(self._zone)).date()

    def _some_time(self):
        """Often near a change of the clocks, or near the end of the day."""
        if self._pick.random() < 0.2:
            return dt.time(23, self._pick.randrange(60))
        return awkward_time(self._home, self._first_year, self._pick)

    def _some_days(self):
        return frozenset(self._pick.sample(range(7), self._pick.choice((1, 2, 5, 7, 7))))

    def _some_zone(self):
        """Home again often, so that the zone of the life is lived in."""
        return self._pick.choice((self._home, self._home, self._pick.choice(ZONES)))


def script(zone, seed, years=10, every=dt.timedelta(days=20)):
    """A life for a zone; ``every`` is about the time between two days with deeds."""
    pick = random.Random(f"{seed} {zone}")
    first_year = pick.choice((1990, 2006, 2010, 2020))
    maker = _Maker(zone, pick, first_year)
    rule = maker.rule()
    at = dt.datetime(first_year, 1, 1, tzinfo=dt.UTC)
    end, deeds = at.replace(year=first_year + years), []
    while True:
        # Often several deeds follow each other on one day.
        at += pick.choice((HOUR, 5 * HOUR, every, 2 * every)) * pick.uniform(0.1, 1.5)
        if at + 60 * DAY > end:
            return Script(rule, first_year, years, tuple(deeds))
        deeds.append(maker.deed(at))
        if deeds[-1].until:
            # Nobody can do anything meanwhile, but maybe at the very start, before the first pass.
            at = deeds[-1].until
            if pick.random() < 0.5:
                deeds.append(maker.deed(at))
                at = deeds[-1].until or deeds[-1].at


def foretell(life):
    """Prediction of the oracle: (outcome of each date, dates that aren't settled at the end)."""
    oracle = Oracle(life.rule, life.start, life.first_year, life.years)
    now = life.start
    for deed in life.deeds:
        if deed.at > now:
            oracle.awake(now, deed.at)
        _tell(oracle, deed)
        now = deed.until or deed.at
    oracle.awake(now, life.end)
    return oracle.outcome, oracle.unsettled()


def _tell(oracle, deed):
    match deed.name:
        case "schedule" if "time" in deed.options:
            at = deed.options["time"]
            oracle.reschedule(
                deed.at, **({"enabled": False} if at is None else {"at": at, "enabled": True})
            )
        case "schedule":
            oracle.reschedule(deed.at, **deed.options)
        case "zone":
            oracle.move(deed.at, deed.options["zone"])
        case "skip":
            oracle.skip(deed.at, deed.options["all"])
        case "pause":
            oracle.pause(deed.at, deed.options.get("until"))
        case "resume":
            oracle.resume(deed.at)


async def live(life, database):
    """Live a life through the commands and the planner; returns (outcomes, unsettled dates)."""
    bot = _Bot(database)
    await bot.found(life)
    now = life.start
    for deed in life.deeds:
        if deed.at > now:
            await bot.awake(now, deed.at)
        if deed.name != "down":
            await bot.obey(deed)
        now = deed.until or deed.at
    await bot.awake(now, life.end)
    return await bot.outcome()


PACK = SimpleNamespace(
    info=SimpleNamespace(title="Any"), topic=lambda _topic: None, roadmap=SimpleNamespace(steps=())
)


class _Bot:
    """Milepost as far as it has to do with the clock."""

    def __init__(self, database):
        self._database = database
        self._library = Library({"any": PACK})
        self._pack = "any"

    async def found(self, life):
        group = Group(0, WHERE, self._pack, life.rule.zone, life.start, WHO)

        async def found(unit):
            added = await unit.groups.add(group)
            new = Schedule(0, added.id, KIND, life.rule.at, life.rule.days, life.rule.zone, None, None)
            saved = await unit.groups.put_schedule(new)
            await unit.groups.put_schedule(await next_slot(unit, saved, life.start))

        await self._database.run(found)

    async def awake(self, since, until):
        """A pass now, and one at each instant at which something is due."""
        await self._pass(since)
        while (instant := await self._database.read(_next_instant)) is not None and instant <= until:
            assert instant > since, "the same instant twice"
            await self._pass(since := instant)

    async def obey(self, deed):
        options = {name: _typed(name, value) for name, value in deed.options.items() if name != "all"}
        if deed.name == "schedule":
            options["kind"] = KIND.value
        origin = Origin(f"{deed.at}", WHO, "Olga", WHERE, deed.at)

        async def serve(unit):
            await HANDLERS[deed.name](Request(origin, unit, self._library, None, (), options))

        # Paused twice, or resumed twice, is refused; anything else must be taken.
        with suppress(UserError) if deed.name in ("pause", "resume") else nullcontext():
            await self._database.run(serve)

    async def _pass(self, now):
        await end_pauses(self._database, now)
        await self._database.run(lambda unit: plan_due(unit, self._library, now, 100))

        async def deliver(unit):
            for owed in await unit.outbox.claim(DeliveryKind.POST, now, LEASE, 100, {"room"}):
                post = await unit.posts.get(int(owed.subject))
                group = await unit.groups.get(post.group_id)
                if not await missed_meanwhile(unit, group, post, now):
                    await unit.posts.save(replace(post, state=PostState.SENT, sent_at=now))
                    unit.outbox.done(owed)

        await self._database.run(deliver)

    async def outcome(self):
        posts = await self._database.read(lambda unit: unit.posts.history(1, KIND, 1_000_000))
        settled = {
            p.local_date: (p.state.value, p.sent_at) for p in posts if p.state is not PostState.PLANNED
        }
        return settled, {post.local_date for post in posts if post.state is PostState.PLANNED}


async def _next_instant(unit):
    """Earliest instant at which something is due: a slot, the end of a pause, or a waiting post."""
    due = await unit.groups.next_due_at()
    posts = await unit.posts.history(1, KIND, 2)
    waiting = [post.due_at for post in posts if post.state is PostState.PLANNED]
    paused = (await unit.groups.get(1)).paused_at
    return min([*([] if paused else waiting), *([due] if due else [])], default=None)


def _typed(name, value):
    """As an organiser types it."""
    match name:
        case "time":
            return "off" if value is None else f"{value:%H:%M}"
        case "days":
            return ",".join(DAY_NAMES[day] for day in sorted(value))
        case "add" | "remove":
            return ", ".join(describe_dates(value))
        case _:
            return str(value)
