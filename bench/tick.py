"""The clock: a beat with nothing due among 100,000 schedules, and 10,000 that are due at once."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.figure import Figure, times
from bench.steps import Steps
from bench.town import MONDAY, PACK, PLATFORM, Town, folder, town_in
from bot.delivery.courier import Courier
from bot.delivery.planner import plan_due
from bot.delivery.zone_rules import NOTE, follow_zone_rules
from bot.domain.records import PostKind
from bot.ports import UnitOfWork
from storage import open_database

SCHEDULES = 100_000
DUE = 10_000
BEATS = 300
TOMORROW = MONDAY + dt.timedelta(days=1)
ZONE = ZoneInfo("Europe/Berlin")
_GROUP = (
    "INSERT INTO study_group (id, platform, workspace, channel, direct, pack, zone, created_at, "
    "organiser_platform, organiser_workspace, organiser_id, pause_reason, calls, calls_name, "
    "reward, reward_name, reward_days) "
    "VALUES (?, ?, 'w', ?, 0, ?, ?, ?, ?, 'w', 'organiser', '', '', '', '', '', 0)"
)
_SCHEDULE = (
    "INSERT INTO schedule "
    "(group_id, kind, wall_time, days, zone, next_due_at, next_date, failures, enabled) "
    "VALUES (?, ?, ?, 127, ?, ?, ?, 0, 1)"
)
_PROBE = (
    "SELECT id FROM schedule WHERE next_due_at IS NOT NULL AND next_due_at <= ? "
    "ORDER BY next_due_at LIMIT 200"
)


def measure(steps: Steps) -> list[Figure]:
    with folder() as place:
        with steps.step(f"{SCHEDULES:,} schedules written"):
            asyncio.run(_fill(place))
        probe = _probe_alone(place)
        return asyncio.run(_measure(steps, place, probe))


async def _fill(place: Path) -> None:
    """Groups with the four kinds of schedule each, written past the app; nothing is due on MONDAY."""
    database = await open_database(f"sqlite:///{place / 'milepost.db'}")
    await follow_zone_rules(database, MONDAY)  # or the start would work out what is due anew
    await database.close()
    connection = sqlite3.connect(place / "milepost.db")
    with connection:
        groups = range(1, SCHEDULES // len(PostKind) + 1)
        connection.executemany(
            _GROUP,
            ((n, PLATFORM, f"c{n}", PACK, ZONE.key, _microseconds(MONDAY), PLATFORM) for n in groups),
        )
        connection.executemany(_SCHEDULE, ((n, kind, *_at(n % 1440)) for n in groups for kind in PostKind))
    connection.close()


def _at(minute: int) -> tuple[str, str, int, str]:
    """A schedule of that minute, so that the index has the minutes of a whole day to sort."""
    due = TOMORROW + dt.timedelta(minutes=minute)
    local = due.astimezone(ZONE)
    return f"{local:%H:%M}", ZONE.key, _microseconds(due), f"{local:%Y-%m-%d}"


def _probe_alone(place: Path) -> float:
    """Milliseconds of the one question that a beat cannot do without, in plain sqlite3."""
    connection = sqlite3.connect(place / "milepost.db")
    try:
        now = (_microseconds(MONDAY),)
        return _median([_timed(lambda: connection.execute(_PROBE, now).fetchall()) for _ in range(BEATS)])
    finally:
        connection.close()


async def _measure(steps: Steps, place: Path, probe: float) -> list[Figure]:
    async with town_in(place) as town:
        house = town.house
        courier = Courier(house.database, house.library, town.settings, {PLATFORM: town.room}, town.clock)
        with steps.step(f"{BEATS} idle beats"):
            beat = await _each(house.heart.beat)
            parts = {
                "planning": await _each(lambda: _plan(town)),
                "claiming": await _each(courier.deliver),
                "closing": await _each(courier.close_due),
                "refreshing": await _each(courier.refresh),
            }
        with steps.step("all worked out anew"):
            followed = await _follow_new_rules(town)
        with steps.step(f"{DUE:,} due at once"):
            town.clock.jump_to(_when_due(DUE))
            began, planned = time.perf_counter(), 0
            async with _watched() as pauses:
                while moved := await _plan(town):
                    planned += moved
            whole = time.perf_counter() - began
    return [
        Figure(
            "tick.idle",
            f"An idle beat, {SCHEDULES:,} schedules",
            beat,
            "ms",
            "< 1",
            times(beat, probe, "its indexed question in plain sqlite3"),
        ),
        *(
            Figure(f"tick.{name}", f"A beat's {name} in a transaction of its own", value, "ms")
            for name, value in parts.items()
        ),
        Figure("tick.burst", f"{planned:,} schedules due at once, planned in", whole, "s", "< 3"),
        Figure("tick.stall", "Longest that nobody else was served meanwhile", max(pauses), "ms", "< 50"),
        Figure(
            "tick.rules",
            f"The first start after an update of the time zones, {SCHEDULES:,} schedules",
            followed,
            "s",
        ),
    ]


@asynccontextmanager
async def _watched() -> AsyncIterator[list[float]]:
    """Milliseconds between two turns of a task that wants one every millisecond, while the block runs."""
    pauses: list[float] = []

    async def watch() -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            pauses.append((now - last) * 1000)
            last = now

    watching = asyncio.create_task(watch())
    try:
        yield pauses
    finally:
        watching.cancel()


async def _plan(town: Town) -> int:
    async def plan(unit: UnitOfWork) -> int:
        return await plan_due(unit, town.house.library, town.clock.now(), town.settings.plan_batch)

    return await town.house.database.run(plan)


async def _follow_new_rules(town: Town) -> float:
    """Seconds, as at a start after the zones were updated; the dates that are next stay."""
    await town.house.database.run(lambda unit: unit.notes.put(NOTE, "other rules"))
    began = time.perf_counter()
    await follow_zone_rules(town.house.database, TOMORROW - dt.timedelta(minutes=1))
    return time.perf_counter() - began


def _when_due(wanted: int) -> dt.datetime:
    """The instant at which about this many schedules are due."""
    minutes = -(-wanted * 1440 // SCHEDULES)
    return TOMORROW + dt.timedelta(minutes=minutes - 1)


async def _each(work: Callable[[], Awaitable[object]]) -> float:
    """The median of many, in milliseconds."""
    durations = []
    for _ in range(BEATS):
        began = time.perf_counter()
        await work()
        durations.append((time.perf_counter() - began) * 1000)
    return _median(durations)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _median(durations: list[float]) -> float:
    return statistics.median(durations)


def _microseconds(instant: dt.datetime) -> int:
    return int(instant.timestamp()) * 1_000_000
