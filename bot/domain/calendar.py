"""Wall times, weekdays and zones turned into instants, one local date at a time.

One definition carries the module: a wall time happens at **the first instant at which the clocks
of the zone read it or later**. So a time inside a DST gap happens at the first moment after the
gap, a repeated time happens the first time round, and a later wall time never happens before an
earlier one. Only a date that a zone left out altogether (Apia, 2011-12-30) has no instants.

Instants are in UTC throughout, because Python ignores ``fold`` when it compares two times of the same
zone. Rules and their reasons: docs/streaks.md, "The day".
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.toolkit.text import echoed

ONE_DAY = dt.timedelta(days=1)
LATE = dt.timedelta(hours=1)
"""Lateness after which a post still comes on the next date: it was due shortly before midnight, or a
clock change moved it past midnight.
"""

LATEST = dt.time(23)
"""Last time of the day at which a post that makes way for others still comes."""

DEFAULT_ROLLOVER = dt.time(3)
EVERY_DAY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))
WEEKENDS = frozenset({5, 6})

NOT_ZONES = {"localtime", "Factory"}
"""Names in the time zone database that are no place's: the machine's own zone, and a placeholder."""

_DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_IN_WORDS = {
    EVERY_DAY: "every day",
    WEEKDAYS: "weekdays",
    WEEKENDS: "weekends",
    frozenset[int](): "no days",
}


class BadTime(ValueError):
    """A time of day that cannot be read or used; the message is a sentence for a member."""


class BadDays(ValueError):
    """Days of the week that cannot be read or used; the message is a sentence for a member."""


class BadZone(ValueError):
    """A time zone that does not exist or was not named clearly; the message is a sentence for a member.

    ``suggestions`` holds up to four IANA names that may have been meant, likeliest first; ``name`` is what
    was asked for, where it is known.
    """

    def __init__(self, sentence: str, suggestions: tuple[str, ...] = (), name: str = "") -> None:
        self.name = name
        self.suggestions = suggestions
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class WallSchedule:
    """A time of day on some days of the week, on the clocks of one zone.

    ``at`` is a whole minute without a zone, ``days`` are weekdays (Monday is 0) and at least one,
    ``zone`` is an IANA name. Raises BadTime, BadDays or BadZone where one of them is not.
    """

    at: dt.time
    days: frozenset[int]
    zone: str

    def __post_init__(self) -> None:
        require_whole_minute(self.at)
        require_weekdays(self.days)
        if not self.days:
            raise BadDays("A schedule needs at least one day, such as mon or weekdays.")
        require_zone(self.zone)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One firing of a schedule: the local date that it is for, and its instant in UTC.

    The instant can lie on the next local date, where a DST gap swallows the end of ``local_date``.
    """

    local_date: dt.date
    utc: dt.datetime


def occurrence(rule: WallSchedule, local_date: dt.date) -> dt.datetime | None:
    """The instant (UTC) at which ``rule`` fires for ``local_date``.

    None where the rule does not want that weekday, or the zone left that date out.
    """
    if local_date.weekday() not in rule.days:
        return None
    return _moment(local_date, rule.at, _zone(rule.zone))


def occurrences(rule: WallSchedule, start: dt.date) -> Iterator[Occurrence]:
    """Every firing for ``start`` and the dates after it, in order, to the end of the calendar."""
    for ordinal in range(start.toordinal(), dt.date.max.toordinal()):
        local_date = dt.date.fromordinal(ordinal)
        if utc := occurrence(rule, local_date):
            yield Occurrence(local_date, utc)


# Thousands of groups share a rule and an instant.
@lru_cache(maxsize=1024)
def next_occurrence(
    rule: WallSchedule,
    after_utc: dt.datetime,
    not_before: dt.date | None = None,
    skipped: frozenset[dt.date] = frozenset(),
) -> Occurrence:
    """Return the first firing strictly after an instant, for ``not_before`` or a later local date.

    ``not_before`` keeps a date from being served twice when a schedule's zone or time is changed; for
    ``skipped`` dates nothing fires. Raises ValueError unless ``after_utc`` is in UTC.

    >>> rule = WallSchedule(dt.time(9), WEEKDAYS, "Europe/Berlin")
    >>> next_occurrence(rule, dt.datetime(2026, 3, 27, 12, tzinfo=dt.UTC)).utc.isoformat()
    '2026-03-30T07:00:00+00:00'
    """
    require_utc(after_utc)
    # A wall time still to come is later than the one the clocks show: no earlier date can fire.
    start = after_utc.astimezone(_zone(rule.zone)).date()
    if not_before is not None:
        start = max(start, not_before)
    firings = (found for found in occurrences(rule, start) if found.local_date not in skipped)
    return next(found for found in firings if found.utc > after_utc)


# Each act of a member asks many times for the beginnings of the same few days.
@lru_cache(maxsize=4096)
def day_starts_at(day: dt.date, zone: str, rollover: dt.time = DEFAULT_ROLLOVER) -> dt.datetime:
    """The instant (UTC) at which ``day`` begins: its rollover, the first time the clocks reach it.

    A day whose rollover is in a gap begins right after the gap. A date that the zone left out is
    empty: it begins when the next one does. Source: docs/streaks.md, "The day".
    """
    start = _moment(day, rollover, _zone(zone))
    return start if start is not None else day_starts_at(day + ONE_DAY, zone, rollover)


def is_over(local_date: dt.date, due_utc: dt.datetime, zone: str, now: dt.datetime) -> bool:
    """Tell whether a post due on a date of a zone is too late at ``now``: well into a later date."""
    return local_date < now.astimezone(_zone(zone)).date() and due_utc < now - LATE


def local_day(instant_utc: dt.datetime, zone: str, rollover: dt.time = DEFAULT_ROLLOVER) -> dt.date:
    """Return the day that an instant belongs to: the latest one that has begun.

    That is the date on the wall, or the date before until the rollover. It never goes backwards as time
    goes forward, also where clocks are set back across the rollover. Raises ValueError unless the instant
    is in UTC. Source: docs/streaks.md, "The day".

    >>> local_day(dt.datetime(2026, 11, 29, 1, 30, tzinfo=dt.UTC), "Europe/Berlin")
    datetime.date(2026, 11, 28)
    """
    require_utc(instant_utc)
    wall = instant_utc.astimezone(_zone(zone)).replace(tzinfo=None)
    day = (wall - dt.timedelta(hours=rollover.hour, minutes=rollover.minute)).date()
    while day_starts_at(day + ONE_DAY, zone, rollover) <= instant_utc:
        day += ONE_DAY
    while day_starts_at(day, zone, rollover) > instant_utc:
        day -= ONE_DAY
    return day


def hours_later(at: dt.time, hours: int) -> dt.time:
    """Return a wall time some hours after another one: no later than 23:00, and never earlier than ``at``.

    >>> hours_later(dt.time(21, 30), 3)
    datetime.time(23, 0)
    """
    latest = max(at, LATEST)
    return latest if at.hour + hours > latest.hour else min(at.replace(hour=at.hour + hours), latest)


def describe_days(days: frozenset[int]) -> str:
    """Return weekdays (Monday is 0) in words.

    >>> describe_days(frozenset({0, 2, 3, 4}))
    'Mon, Wed–Fri'
    """
    if words := _IN_WORDS.get(days):
        return words
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(map(_describe_run, runs))


def require_utc(instant: dt.datetime) -> None:
    """Raise ValueError unless ``instant`` is aware and in UTC."""
    if instant.utcoffset() != dt.timedelta(0):
        raise ValueError(f"{instant.isoformat()} is not a time in UTC.")


def require_whole_minute(at: dt.time) -> None:
    """Raise BadTime unless ``at`` is a whole minute without a zone."""
    if at.tzinfo is not None or at.second or at.microsecond:
        raise BadTime(f"{at.isoformat()} isn't a whole minute. Write it like 09:30.")


def require_weekdays(days: frozenset[int]) -> None:
    """Raise BadDays unless every day is a number from 0 (Monday) to 6 (Sunday)."""
    if not days <= EVERY_DAY:
        raise BadDays(f"{sorted(days)} aren't weekdays. Use 0 (Monday) to 6 (Sunday).")


def require_zone(name: str) -> None:
    """Raise BadZone unless ``name`` is in the time zone database, spelt as it is there."""
    _zone(name)


# ZoneInfo keeps only eight zones by itself; bulk planning would read files for every schedule.
@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; not a key; a folder, such as "Europe"
        raise BadZone(f"There is no time zone {quoted(name)}.", name=name) from None


def _moment(day: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime | None:
    """The first instant at which clocks read ``at`` on ``day`` or later; None if there is no ``day``."""
    wall = dt.datetime.combine(day, at, zone)
    by_old_offset = wall.astimezone(dt.UTC)
    by_new_offset = wall.replace(fold=1).astimezone(dt.UTC)
    if by_old_offset <= by_new_offset:  # an ordinary time, or a repeated one
        return by_old_offset
    gap_end = _gap_end(wall.replace(tzinfo=None), by_new_offset, by_old_offset, zone)
    # Where a gap ends on another date, ``day`` still exists if the clocks showed it until then.
    around = (gap_end - dt.timedelta(seconds=1)).astimezone(zone), gap_end.astimezone(zone)
    return gap_end if day in (around[0].date(), around[1].date()) else None


def _gap_end(wall: dt.datetime, low: dt.datetime, high: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The first instant after ``low``, up to ``high``, at which the clocks have passed ``wall``."""

    def shown_at(second: int) -> dt.datetime:
        return (low + dt.timedelta(seconds=second)).astimezone(zone).replace(tzinfo=None)

    # Offsets change on whole seconds, in history too.
    seconds = range((high - low) // dt.timedelta(seconds=1))
    return low + dt.timedelta(seconds=bisect_left(seconds, wall, key=shown_at))


def _describe_run(run: list[int]) -> str:
    names = [_DAY_NAMES[day] for day in run]
    return f"{names[0]}–{names[-1]}" if len(names) > 2 else ", ".join(names)


def quoted(text: str) -> str:
    """Return what somebody wrote, safe to repeat in a sentence: one line, and not a long one."""
    return f'"{echoed(text, 41)}"'
