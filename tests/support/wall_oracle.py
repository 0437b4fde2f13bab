"""Wall clock of a zone, found by walking through time in UTC: slow, plain, and never backwards.

The oracle finds the stretches of constant offset by walking through the years and then looks for
the first instant at which the clocks read a wall time or later. It knows no way from the wall to UTC.
"""

import datetime as dt
import random
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
STRIDE = DAY


@dataclass(frozen=True)
class Stretch:
    """Clocks at one offset from `start` up to `end` (UTC), and what they read at both."""

    start: dt.datetime
    end: dt.datetime
    offset: dt.timedelta
    wall_start: dt.datetime
    wall_end: dt.datetime


def stretch(start: dt.datetime, end: dt.datetime, offset: dt.timedelta) -> Stretch:
    walls = [instant.replace(tzinfo=None) + offset for instant in (start, end)]
    return Stretch(start, end, offset, *walls)


@cache
def stretches(zone: str, first_year: int, years: int) -> tuple[Stretch, ...]:
    clock = ZoneInfo(zone)

    def offset(instant: dt.datetime) -> dt.timedelta:
        return instant.astimezone(clock).utcoffset() or dt.timedelta(0)

    def change_between(low: dt.datetime, high: dt.datetime) -> dt.datetime:
        while high - low > SECOND:
            middle = low + (high - low) // 2 // SECOND * SECOND
            low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
        return high

    start = at = dt.datetime(first_year, 1, 1, tzinfo=dt.UTC) - 3 * DAY
    end = dt.datetime(first_year + years, 1, 1, tzinfo=dt.UTC) + 3 * DAY
    found, current = [], offset(start)
    while at < end:
        at += STRIDE
        if offset(at) != current:
            change = change_between(at - STRIDE, at)
            found.append(stretch(start, change, current))
            start = at = change
            current = offset(start)
    return (*found, stretch(start, end + STRIDE, current))


def first_reading(wall: dt.datetime, known: tuple[Stretch, ...]) -> dt.datetime:
    """The first instant at which the clocks read `wall` or later."""
    for one in known:
        if one.wall_end > wall:
            return max(one.start, wall.replace(tzinfo=dt.UTC) - one.offset)
    raise AssertionError("the oracle does not reach that far")


def exists(day: dt.date, known: tuple[Stretch, ...]) -> bool:
    midnight = dt.datetime.combine(day, dt.time())
    return any(one.wall_start < midnight + DAY and midnight < one.wall_end for one in known)


def awkward_time(zone: str, first_year: int, pick: random.Random) -> dt.time:
    """A time of day inside or near some change of the zone's clocks, if it has one."""
    changes = stretches(zone, first_year, 10)[:-1]
    if not changes or pick.random() < 0.3:
        return dt.time(pick.randrange(24), pick.randrange(60))
    change = pick.choice(changes)
    wall = change.wall_end + dt.timedelta(minutes=pick.choice((-30, -1, 0, 0, 15, 30, 59, 60)))
    return wall.time().replace(second=0)
