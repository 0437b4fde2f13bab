"""Clocks that change, dates that are skipped or lived twice, and members who move between zones."""

import datetime as dt
from itertools import pairwise

import pytest

from bot.domain.calendar import day_starts_at
from bot.domain.streaks import (
    Acted,
    Event,
    Joined,
    NeedsReplay,
    RestDaysSet,
    State,
    StreakReplay,
    StreakSettings,
    ZoneChanged,
    advance,
    rebuild,
    replay,
    summary,
    zone_change_allowed,
)
from tests.support.streak_asked import asked_always

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
MILLISECOND = dt.timedelta(milliseconds=1)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def at(text: str, kind: str = "quiz") -> Acted:
    """An activity at a time written with its offset."""
    instant = dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    return Acted(instant, kind, f"{kind} {text}")


MARCH = asked_always(utc("2026-03-01T00:00"), utc("2026-03-10T00:00"))


def in_zone(zone: str, rollover: str = "03:00") -> StreakSettings:
    return StreakSettings(zone=zone, rollover=dt.time.fromisoformat(rollover))


def lines(ledger: StreakReplay) -> list[tuple[int, str]]:
    """Day of the month and status."""
    return [(day.local_date.day, day.verdict.status.value) for day in ledger.days]


# Clocks that change


@pytest.mark.parametrize("zone", ["Africa/Cairo", "Asia/Beirut", "America/Santiago"])
@pytest.mark.parametrize("rollover", ["00:00", "00:30", "03:00"])
def test_midnights_that_do_not_exist_neither_skip_nor_double_a_day(zone: str, rollover: str) -> None:
    settings = in_zone(zone, rollover)
    dates = [dt.date(2026, 1, 1) + n * DAY for n in range(365)]
    starts = [day_starts_at(day, zone, settings.rollover) for day in dates]
    lengths = {after - before for before, after in pairwise(starts)}
    assert 23 * HOUR <= min(lengths) < 24 * HOUR < max(lengths) <= 25 * HOUR
    for offset in (dt.timedelta(0), 23 * HOUR - MILLISECOND):
        events = [Acted(start + offset, "quiz", str(start)) for start in starts]
        ledger = replay(events, settings, events[-1].at)
        assert [day.local_date for day in ledger.days] == dates
        assert ledger.current == 365


@pytest.mark.parametrize(
    ("begins", "ends", "hours"),
    [("2026-03-28T02:00", "2026-03-29T01:00", 23), ("2026-10-24T01:00", "2026-10-25T02:00", 25)],
)
def test_days_of_23_and_25_hours_count_like_any_other(begins: str, ends: str, hours: int) -> None:
    first, last = utc(begins), utc(ends) - MILLISECOND
    assert utc(ends) - first == hours * HOUR
    events = [Acted(moment, "quiz", str(moment)) for moment in (first, last)]
    ledger = replay(events, in_zone("Europe/Berlin"), last)
    assert (ledger.current, ledger.counts_until) == (1, utc(ends))
    assert replay([*events, at(f"{ends}:00+00:00")], in_zone("Europe/Berlin"), utc(ends)).current == 2


def test_a_rollover_in_a_gap_is_the_first_moment_after_it() -> None:
    settings, rollover = in_zone("Europe/Berlin", "02:30"), utc("2026-03-29T01:00")
    events = [Acted(rollover + off, "quiz", str(off)) for off in (-MILLISECOND, 0 * HOUR)]
    assert lines(replay(events, settings, rollover)) == [(28, "active"), (29, "active")]


def test_a_rollover_that_comes_twice_is_the_first_one() -> None:
    settings, rollover = in_zone("Europe/Berlin", "02:30"), utc("2026-10-25T00:30")
    moments = (rollover - MILLISECOND, rollover, rollover + HOUR - MILLISECOND, rollover + HOUR)
    events = [Acted(moment, "quiz", str(moment)) for moment in moments]
    assert lines(replay(events, settings, moments[-1])) == [(24, "active"), (25, "active")]


def test_apia_without_the_30th_of_december_2011_keeps_the_streak() -> None:
    events = [at("2011-12-29T20:00:00-10:00"), at("2011-12-31T20:00:00+14:00")]
    ledger = replay(events, in_zone("Pacific/Apia"), utc("2011-12-31T07:00"))
    assert lines(ledger) == [(29, "active"), (30, "neutral"), (31, "active")]
    assert (ledger.current, ledger.freezes) == (2, 1)
    assert ledger.days[1].note == "this date was skipped"


@pytest.mark.parametrize(("zone", "offset"), [("Pacific/Kiritimati", "+14:00"), ("Etc/GMT+12", "-12:00")])
def test_the_ends_of_the_earth_count_by_their_own_dates(zone: str, offset: str) -> None:
    events = [at(f"2026-03-0{day}T{hour}{offset}") for day, hour in ((1, "03:00"), (3, "02:59"))]
    ledger = replay(events, in_zone(zone), events[-1].at)
    assert lines(ledger) == [(1, "active"), (2, "active")]


# Members who move

HONOLULU = in_zone("Pacific/Honolulu")


def test_a_zone_change_takes_effect_at_the_next_rollover() -> None:
    change = ZoneChanged(utc("2026-03-02T12:00"), "Europe/Berlin")
    before = replay([Joined(utc("2026-03-01T12:00")), change], in_zone("UTC"), change.at)
    assert before.counts_until == utc("2026-03-03T03:00")
    after = replay([Joined(utc("2026-03-01T12:00")), change], in_zone("UTC"), utc("2026-03-03T03:00"))
    assert (after.today, after.counts_until) == (dt.date(2026, 3, 3), utc("2026-03-04T02:00"))


def test_eastwards_over_the_date_line_a_skipped_date_is_neutral() -> None:
    settings = in_zone("Etc/GMT+12")
    events: list[Event] = [
        at("2026-03-02T09:00:00-12:00"),
        ZoneChanged(utc("2026-03-02T22:00"), "Pacific/Kiritimati"),
        at("2026-03-04T09:00:00+14:00"),
    ]
    ledger = replay([*MARCH, *events], settings, utc("2026-03-03T20:00"))
    assert lines(ledger) == [(2, "active"), (3, "neutral"), (4, "active")]
    assert (ledger.current, ledger.freezes) == (2, 1)


def test_eastwards_a_date_of_which_two_hours_are_left_is_neutral() -> None:
    events: list[Event] = [
        at("2026-03-02T09:00:00-10:00"),
        ZoneChanged(utc("2026-03-02T20:00"), "Pacific/Auckland"),
        at("2026-03-04T09:00:00+13:00"),
    ]
    ledger = replay([*MARCH, *events], HONOLULU, utc("2026-03-03T21:00"))
    assert lines(ledger) == [(2, "active"), (3, "neutral"), (4, "active")]
    assert ledger.days[1].note == "less than half a day"


def test_an_activity_in_the_hours_left_of_a_date_counts() -> None:
    events: list[Event] = [
        at("2026-03-02T09:00:00-10:00"),
        ZoneChanged(utc("2026-03-02T20:00"), "Pacific/Auckland"),
        at("2026-03-04T02:30:00+13:00"),
    ]
    assert lines(replay(events, HONOLULU, utc("2026-03-03T13:30")))[-1] == (3, "active")


def test_westwards_over_the_date_line_a_date_lived_twice_counts_once() -> None:
    settings = in_zone("Pacific/Kiritimati")
    change = ZoneChanged(utc("2026-03-02T00:00"), "Pacific/Honolulu")
    events: list[Event] = [
        at("2026-03-02T09:00:00+14:00"),
        change,
        at("2026-03-02T09:00:00-10:00"),
        at("2026-03-03T09:00:00-10:00"),
    ]
    assert replay(events, settings, change.at).counts_until == utc("2026-03-03T13:00")
    ledger = replay([*MARCH, *events], settings, utc("2026-03-03T20:00"))
    assert lines(ledger) == [(2, "active"), (3, "active")]
    assert ledger.current == 2


def test_zone_hopping_is_refused_within_seven_dates_and_reported() -> None:
    hops = [
        ZoneChanged(utc(f"2026-03-{day:02}T12:00"), zone)
        for day, zone in ((2, "Asia/Tokyo"), (8, "Pacific/Apia"), (9, "Etc/GMT+12"))
    ]
    ledger = replay([Joined(utc("2026-03-01T12:00")), *hops], in_zone("UTC"), utc("2026-03-11T15:00"))
    assert ledger.refused == (hops[1],)
    assert ledger.counts_until == utc("2026-03-12T15:00")


def test_whether_a_zone_change_is_allowed_is_known_beforehand() -> None:
    settings = in_zone("UTC")
    facts: list[Event] = [
        Joined(utc("2026-03-01T12:00")),
        ZoneChanged(utc("2026-03-02T12:00"), "Asia/Tokyo"),
    ]
    assert zone_change_allowed(State.new(settings), utc("2026-03-01T00:00"), settings)
    state = rebuild(facts, settings)
    assert zone_change_allowed(state, utc("2026-03-02T13:00"), settings)  # it still waits
    assert not zone_change_allowed(state, utc("2026-03-03T03:00"), settings)
    assert not zone_change_allowed(state, utc("2026-03-08T17:59"), settings)
    assert zone_change_allowed(state, utc("2026-03-08T18:00"), settings)


def test_a_zone_that_still_waits_can_be_corrected_or_taken_back() -> None:
    joined, slip, right, back = (
        Joined(utc("2026-03-01T12:00")),
        ZoneChanged(utc("2026-03-02T12:00"), "America/Chicago"),
        ZoneChanged(utc("2026-03-02T12:05"), "Asia/Tokyo"),
        ZoneChanged(utc("2026-03-02T12:05"), "UTC"),
    )
    now, settings = utc("2026-03-03T12:00"), in_zone("UTC")
    corrected = replay([joined, slip, right], settings, now)
    assert (corrected.counts_until, corrected.refused) == (utc("2026-03-03T18:00"), ())
    assert replay([joined, slip, back], settings, now) == replay([joined], settings, now)
    assert zone_change_allowed(rebuild([joined, slip, back], settings), now, settings)


def test_the_zone_known_at_joining_is_no_change() -> None:
    settings, moment = in_zone("UTC"), utc("2026-03-01T12:00")
    facts = [Joined(moment), ZoneChanged(moment, "Asia/Tokyo")]
    assert replay(facts, settings, moment).counts_until == utc("2026-03-01T18:00")
    assert zone_change_allowed(rebuild(facts, settings), moment, settings)


def test_a_late_change_of_zone_or_rest_days_needs_a_replay_if_a_later_one_is_known() -> None:
    settings = in_zone("UTC")
    state = rebuild([Joined(utc("2026-03-01T12:00")), at("2026-03-02T15:00:00+00:00")], settings)
    state = advance(state, ZoneChanged(utc("2026-03-02T14:00"), "Asia/Tokyo"), settings)
    with pytest.raises(NeedsReplay):
        advance(state, RestDaysSet(utc("2026-03-02T13:00"), frozenset({1})), settings)
    assert summary(state, utc("2026-03-02T16:00"), settings).current == 1


def test_a_late_correction_of_a_zone_that_has_taken_over_needs_a_replay() -> None:
    settings = in_zone("Pacific/Kiritimati")
    state = rebuild(
        [
            Joined(utc("2026-03-01T22:00")),
            ZoneChanged(utc("2026-03-02T00:00"), "Pacific/Honolulu"),
            at("2026-03-02T09:00:00-10:00"),  # the 2nd of March for the second time
        ],
        settings,
    )
    with pytest.raises(NeedsReplay):
        advance(state, ZoneChanged(utc("2026-03-02T01:00"), "Asia/Tokyo"), settings)


def test_a_late_click_from_before_a_date_was_skipped_needs_a_replay() -> None:
    settings = in_zone("Etc/GMT+12")
    state = rebuild(
        [
            Joined(utc("2026-03-02T18:00")),
            ZoneChanged(utc("2026-03-02T22:00"), "Pacific/Kiritimati"),
            at("2026-03-04T09:00:00+14:00"),
        ],
        settings,
    )
    # On Kiritimati the 4th had begun, but the member was still living the 2nd.
    with pytest.raises(NeedsReplay):
        advance(state, at("2026-03-03T02:00:00-12:00"), settings)


def test_freeze_rest_and_travel_overlap() -> None:
    """Missed on the 3rd (frozen), rest on the 4th, the 6th skipped, back on the 7th."""
    settings = in_zone("Etc/GMT+12")
    events: list[Event] = [
        RestDaysSet(utc("2026-03-01T00:00"), frozenset({2})),
        at("2026-03-02T09:00:00-12:00"),
        at("2026-03-05T09:00:00-12:00"),
        ZoneChanged(utc("2026-03-05T22:00"), "Pacific/Kiritimati"),
        at("2026-03-07T09:00:00+14:00"),
    ]
    ledger = replay([*MARCH, *events], settings, utc("2026-03-06T20:00"))
    assert [status for _, status in lines(ledger)] == [
        "active",
        "frozen",
        "rest",
        "active",
        "neutral",
        "active",
    ]
    assert (ledger.current, ledger.freezes) == (3, 0)
