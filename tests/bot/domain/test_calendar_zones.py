"""Every zone of the database against a slow oracle that only ever goes from UTC to the wall.

The oracle shares no code and no direction with the calendar, which goes from the wall to UTC.
"""

import datetime as dt
import random
from collections.abc import Iterator
from itertools import islice, pairwise
from zoneinfo import available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar import (
    EVERY_DAY,
    Occurrence,
    WallSchedule,
    day_starts_at,
    local_day,
    next_occurrence,
    occurrence,
    occurrences,
)
from tests.support.wall_oracle import DAY, awkward_time, exists, first_reading, stretches

ZONES = sorted(available_timezones())
INSTANTS = st.integers(-70 * 365 * 86400, 110 * 365 * 86400).map(
    lambda seconds: dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(seconds=seconds)
)


def expected(rule: WallSchedule, start: dt.date, end: dt.date, first_year: int) -> Iterator[Occurrence]:
    known = stretches(rule.zone, first_year, 10)
    for day in map(dt.date.fromordinal, range(start.toordinal(), end.toordinal())):
        if day.weekday() in rule.days:
            wall = dt.datetime.combine(day, rule.at)
            while len(known) > 2 and known[0].wall_end < wall - 3 * DAY:
                known = known[1:]
            if exists(day, known):
                yield Occurrence(day, first_reading(wall, known))


def sampled_rule(zone: str, first_year: int, pick: random.Random) -> WallSchedule:
    days = frozenset(pick.sample(range(7), pick.choice((1, 1, 2, 7))))
    return WallSchedule(awkward_time(zone, first_year, pick), days, zone)


def sampled_decade(zone: str) -> int:
    return random.Random(zone).choice((1990, 2006, 2010, 2020))


def test_every_zone_fires_each_wanted_date_of_ten_years_exactly_once() -> None:
    for zone in ZONES:
        pick = random.Random(zone)
        first_year = sampled_decade(zone)
        rule = sampled_rule(zone, first_year, pick)
        start, end = dt.date(first_year, 1, 1), dt.date(first_year + 10, 1, 1)
        wanted = list(expected(rule, start, end, first_year))
        found = list(islice(occurrences(rule, start), len(wanted)))
        assert found == wanted, rule
        assert all(a.utc < b.utc for a, b in pairwise(found)), rule


def test_every_zone_changes_its_day_where_the_oracle_does() -> None:
    for zone in ZONES:
        pick = random.Random(zone)
        rollover = pick.choice((dt.time(0), dt.time(3), dt.time(2, 30), dt.time(23)))
        known = stretches(zone, sampled_decade(zone), 10)
        near_changes = [one.end for one in known[:-1]][-6:] or [known[0].start + 9 * DAY]
        for change in near_changes:
            instants = [change + dt.timedelta(minutes=m) for m in range(-60 * 30, 60 * 30, 113)]
            days = [local_day(instant, zone, rollover) for instant in instants]
            assert days == sorted(days), (zone, change)
            for instant, day in zip(instants, days, strict=True):
                assert exists(day, known), (zone, instant, day)
                start = first_reading(dt.datetime.combine(day, rollover), known)
                following = next(d for n in (1, 2, 3) if exists(d := day + n * DAY, known))
                end = first_reading(dt.datetime.combine(following, rollover), known)
                assert start <= instant < end, (zone, instant, day)
                assert day_starts_at(day, zone, rollover) == start


@settings(max_examples=60)
@given(st.sampled_from(ZONES), st.integers(1850, 2060), st.randoms(use_true_random=False))
def test_any_zone_of_any_decade_agrees_with_the_oracle(
    zone: str, first_year: int, pick: random.Random
) -> None:
    rule = sampled_rule(zone, first_year, pick)
    start = dt.date(first_year + pick.randrange(9), pick.randrange(1, 13), 1)
    wanted = list(expected(rule, start, start + 60 * DAY, first_year))
    assert list(islice(occurrences(rule, start), len(wanted))) == wanted


@settings(max_examples=300)
@given(
    st.sampled_from(ZONES),
    INSTANTS,
    st.times(),
    st.frozensets(st.integers(0, 6), min_size=1),
)
def test_the_next_occurrence_is_the_first_one_after(
    zone: str, instant: dt.datetime, at: dt.time, days: frozenset[int]
) -> None:
    rule = WallSchedule(at.replace(second=0, microsecond=0), days, zone)
    found = next_occurrence(rule, instant)
    assert found.utc > instant
    earlier = (found.local_date - n * DAY for n in range(1, 12))
    assert all((occurrence(rule, day) or instant) <= instant for day in earlier)


@settings(max_examples=200)
@given(st.sampled_from(ZONES), INSTANTS, st.times())
def test_the_day_of_an_instant_has_begun_and_the_next_has_not(
    zone: str, instant: dt.datetime, at: dt.time
) -> None:
    rollover = at.replace(second=0, microsecond=0)
    day = local_day(instant, zone, rollover)
    assert day_starts_at(day, zone, rollover) <= instant < day_starts_at(day + DAY, zone, rollover)


def test_every_weekday_is_reached_from_any_other() -> None:
    instant = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    for weekday in EVERY_DAY:
        rule = WallSchedule(dt.time(9), frozenset({weekday}), "Europe/Berlin")
        found = next_occurrence(rule, instant)
        assert found.local_date.weekday() == weekday
        assert found.utc - instant <= 7 * DAY
