"""Wall times and days at the awkward places of real zones, and what people write for them."""

import datetime as dt
from itertools import islice
from timeit import timeit

import pytest

from bot.domain.calendar import (
    EVERY_DAY,
    WEEKDAYS,
    WEEKENDS,
    BadDays,
    BadTime,
    BadZone,
    Occurrence,
    WallSchedule,
    day_starts_at,
    describe_days,
    local_day,
    next_occurrence,
    occurrence,
    occurrences,
)

DAY = dt.timedelta(days=1)
MILLISECOND = dt.timedelta(milliseconds=1)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def daily(at: str, zone: str) -> WallSchedule:
    return WallSchedule(dt.time.fromisoformat(at), EVERY_DAY, zone)


@pytest.mark.parametrize(
    ("zone", "at", "day", "fires"),
    [
        pytest.param("Europe/Berlin", "07:30", "2026-03-28", "2026-03-28T06:30", id="winter"),
        pytest.param("Europe/Berlin", "07:30", "2026-03-29", "2026-03-29T05:30", id="summer"),
        pytest.param("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29T01:00", id="gap"),
        pytest.param("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25T00:30", id="repeated"),
        pytest.param("Africa/Cairo", "00:00", "2026-04-24", "2026-04-23T22:00", id="Cairo"),
        pytest.param("Asia/Beirut", "00:15", "2026-03-29", "2026-03-28T22:00", id="Beirut"),
        pytest.param("America/Santiago", "00:00", "2026-09-06", "2026-09-06T04:00", id="Santiago"),
        pytest.param("America/Havana", "00:59", "2026-03-08", "2026-03-08T05:00", id="Havana"),
        pytest.param("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03T15:30", id="gap-30"),
        pytest.param("Australia/Lord_Howe", "01:45", "2026-04-05", "2026-04-04T14:45", id="fold-30"),
        pytest.param("America/Nuuk", "23:30", "2024-03-30", "2024-03-31T01:00", id="gap-to-next"),
        pytest.param("Pacific/Kiritimati", "09:00", "2026-01-01", "2025-12-31T19:00", id="UTC+14"),
        pytest.param("Etc/GMT+12", "23:00", "2026-01-01", "2026-01-02T11:00", id="UTC-12"),
        pytest.param("Asia/Kathmandu", "06:00", "2024-02-29", "2024-02-29T00:15", id="29-February"),
        pytest.param(
            "Africa/Monrovia", "00:15", "1972-01-07", "1972-01-07T00:44:30", id="seconds-in-offset"
        ),
    ],
)
def test_a_wall_time_happens_when_the_clocks_first_read_it_or_later(
    zone: str, at: str, day: str, fires: str
) -> None:
    assert occurrence(daily(at, zone), dt.date.fromisoformat(day)) == utc(fires)


@pytest.mark.parametrize(
    ("zone", "missing"),
    [("Pacific/Apia", "2011-12-30"), ("Pacific/Kwajalein", "1993-08-21")],
)
def test_a_date_that_a_zone_left_out_has_no_occurrence(zone: str, missing: str) -> None:
    rule, day = daily("09:00", zone), dt.date.fromisoformat(missing)
    assert occurrence(rule, day) is None
    around = [found.local_date for found in islice(occurrences(rule, day - DAY), 2)]
    assert around == [day - DAY, day + DAY]


def test_days_that_are_not_wanted_are_left_out() -> None:
    rule = WallSchedule(dt.time(9), frozenset({0, 4}), "UTC")
    found = [one.local_date.isoformat() for one in islice(occurrences(rule, dt.date(2026, 3, 3)), 3)]
    assert found == ["2026-03-06", "2026-03-09", "2026-03-13"]


def test_the_next_occurrence_is_strictly_later() -> None:
    rule = daily("09:00", "UTC")
    at = utc("2026-03-01T09:00")
    assert next_occurrence(rule, at - MILLISECOND).utc == at
    assert next_occurrence(rule, at).utc == at + DAY


def test_the_next_occurrence_after_a_repeated_time_is_tomorrow() -> None:
    rule = daily("02:30", "Europe/Berlin")
    second_time_round = utc("2026-10-25T01:30")
    found = next_occurrence(rule, second_time_round - MILLISECOND)
    assert found == Occurrence(dt.date(2026, 10, 26), utc("2026-10-26T01:30"))


def test_the_next_occurrence_can_be_kept_from_dates_already_served() -> None:
    moved = daily("18:00", "America/Los_Angeles")
    found = next_occurrence(moved, utc("2026-03-01T12:00"), not_before=dt.date(2026, 3, 2))
    assert found.local_date == dt.date(2026, 3, 2)


def test_an_occurrence_past_midnight_keeps_the_date_that_was_wanted() -> None:
    found = next_occurrence(daily("23:30", "America/Nuuk"), utc("2024-03-30T20:00"))
    assert found == Occurrence(dt.date(2024, 3, 30), utc("2024-03-31T01:00"))


def test_a_schedule_that_cannot_be_is_refused() -> None:
    with pytest.raises(BadDays, match="at least one day"):
        WallSchedule(dt.time(9), frozenset(), "UTC")
    with pytest.raises(BadDays, match="aren't weekdays"):
        WallSchedule(dt.time(9), frozenset({7}), "UTC")
    with pytest.raises(BadTime, match="whole minute"):
        WallSchedule(dt.time(9, 0, 1), EVERY_DAY, "UTC")
    with pytest.raises(BadZone, match="Europe/Berlim"):
        WallSchedule(dt.time(9), EVERY_DAY, "Europe/Berlim")


@pytest.mark.parametrize("zone", [None, dt.timezone(dt.timedelta(hours=1))])
def test_instants_are_in_utc_or_refused(zone: dt.timezone | None) -> None:
    instant = dt.datetime(2026, 3, 1, tzinfo=zone)
    with pytest.raises(ValueError, match="not a time in UTC"):
        next_occurrence(daily("09:00", "UTC"), instant)
    with pytest.raises(ValueError, match="not a time in UTC"):
        local_day(instant, "UTC")


def test_planning_is_fast_enough_for_bulk() -> None:
    rule, after = (
        WallSchedule(dt.time(7, 30), frozenset({2}), "Europe/Berlin"),
        utc("2026-03-05T20:00"),
    )
    best = min(timeit(lambda: next_occurrence(rule, after), number=200) / 200 for _ in range(5))
    assert best < 200e-6  # measured at 6 µs: room for a slow machine, none for a slow algorithm


@pytest.mark.parametrize(("off", "day"), [(-MILLISECOND, 1), (dt.timedelta(0), 2), (MILLISECOND, 2)])
def test_the_day_turns_at_the_rollover_to_the_millisecond(off: dt.timedelta, day: int) -> None:
    rollover = utc("2026-03-02T02:00")
    assert local_day(rollover + off, "Europe/Berlin") == dt.date(2026, 3, day)


@pytest.mark.parametrize(
    ("zone", "rollover", "day", "starts"),
    [
        pytest.param("Europe/Berlin", "03:00", "2026-03-29", "2026-03-29T01:00", id="after-gap"),
        pytest.param("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29T01:00", id="in-gap"),
        pytest.param("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25T00:30", id="in-fold"),
        pytest.param("Africa/Cairo", "00:00", "2026-04-24", "2026-04-23T22:00", id="no-midnight"),
        pytest.param("Pacific/Apia", "03:00", "2011-12-30", "2011-12-30T13:00", id="no-such-date"),
        pytest.param("Pacific/Apia", "03:00", "2011-12-31", "2011-12-30T13:00", id="next-date"),
    ],
)
def test_a_day_starts_at_the_first_moment_of_its_rollover(
    zone: str, rollover: str, day: str, starts: str
) -> None:
    begun = day_starts_at(dt.date.fromisoformat(day), zone, dt.time.fromisoformat(rollover))
    assert begun == utc(starts)


def test_the_day_does_not_go_back_when_the_rollover_comes_twice() -> None:
    instants = [utc("2026-10-25T00:00") + dt.timedelta(minutes=n) for n in range(0, 121, 15)]
    days = [local_day(instant, "Europe/Berlin", dt.time(2, 30)).day for instant in instants]
    assert days == [24, 24, 25, 25, 25, 25, 25, 25, 25]


def test_the_29th_lasts_until_the_31st_in_apia() -> None:
    assert local_day(utc("2011-12-30T12:59"), "Pacific/Apia") == dt.date(2011, 12, 29)
    assert local_day(utc("2011-12-30T13:00"), "Pacific/Apia") == dt.date(2011, 12, 31)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (EVERY_DAY, "every day"),
        (WEEKDAYS, "weekdays"),
        (WEEKENDS, "weekends"),
        (frozenset({0, 2, 3, 4}), "Mon, Wed–Fri"),
        (frozenset({5, 6, 0}), "Mon, Sat, Sun"),
        (frozenset[int](), "no days"),
    ],
)
def test_days_are_described(days: frozenset[int], words: str) -> None:
    assert describe_days(days) == words


@pytest.mark.parametrize("name", ["Europe", "../../etc/passwd", "", "berlin", "a\0b"])
def test_a_schedule_takes_no_name_that_is_not_a_zone(name: str) -> None:
    with pytest.raises(BadZone):
        WallSchedule(dt.time(9), EVERY_DAY, name)
