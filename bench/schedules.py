"""Any number of schedules in a database file, written past the app: the clock's figures start from them."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.environment import MONDAY, PACK, PLATFORM, file_in
from bot.domain.model import PostKind
from bot.services.zone_rules import follow_zone_rules
from storage import open_database

TOMORROW = MONDAY + dt.timedelta(days=1)
ZONE = ZoneInfo("Europe/Berlin")
MINUTES = 1440
"""Minutes of the day from TOMORROW on, over which schedules are spread."""

WHEN_WARM = TOMORROW + dt.timedelta(minutes=9)
"""Instant by which a few are due, so that the process has planned before it is measured."""

WHEN_DUE = WHEN_WARM + dt.timedelta(minutes=MINUTES // 10)
"""Instant by which about one in ten is due."""

_STRIDE = 889
"""Stride in minutes, the golden part of a day and prime to it: it spreads any number of groups evenly."""

_GROUP = (
    "INSERT INTO study_group (id, platform, workspace, channel, direct, pack, zone, created_at, "
    "organiser_platform, organiser_workspace, organiser_id, mention_role, mention_name, "
    "reward_role, reward_name, reward_days) "
    "VALUES (?, ?, 'w', ?, 0, ?, ?, ?, ?, 'w', 'organiser', '', '', '', '', 0)"
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


async def fill(place: Path, schedules: int) -> None:
    """A database in this folder: groups with the four kinds of schedule each; nothing is due on MONDAY."""
    database = await open_database(file_in(place))
    await follow_zone_rules(database, MONDAY)  # or the start would work out what is due anew
    await database.close()
    connection = sqlite3.connect(place / "milepost.db")
    with connection:
        groups = range(1, schedules // len(PostKind) + 1)
        connection.executemany(
            _GROUP,
            ((n, PLATFORM, f"c{n}", PACK, ZONE.key, _microseconds(MONDAY), PLATFORM) for n in groups),
        )
        rows = ((n, kind, *_at(n * _STRIDE % MINUTES)) for n in groups for kind in PostKind)
        connection.executemany(_SCHEDULE, rows)
    connection.close()


def ask(connection: sqlite3.Connection) -> None:
    """Run the one query that a pass of the scheduler cannot do without, when nothing is due."""
    connection.execute(_PROBE, (_microseconds(MONDAY),)).fetchall()


def _at(minute: int) -> tuple[str, str, int, str]:
    """A schedule of that minute, so that the index has the minutes of a whole day to sort."""
    due = TOMORROW + dt.timedelta(minutes=minute)
    local = due.astimezone(ZONE)
    return f"{local:%H:%M}", ZONE.key, _microseconds(due), f"{local:%Y-%m-%d}"


def _microseconds(instant: dt.datetime) -> int:
    return int(instant.timestamp()) * 1_000_000
