"""Dates as organisers type them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dates import (
    MOST_SKIPPED,
    BadDates,
    describe_dates,
    parse_date,
    parse_dates,
    require_coming,
)

CHRISTMAS = dt.date(2026, 12, 25)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("2026-12-25", [25]),
        (" 2026-12-25 ,2026-12-27;", [25, 27]),
        ("2026-12-25..2026-12-27", [25, 26, 27]),
        ("2026-12-25 .. 2026-12-26 2026-12-28", [25, 26, 28]),
        ("2026-12-25…2026-12-26", [25, 26]),
        ("2026-12-25...2026-12-26", [25, 26]),
        ("2026-12-25..2026-12-25", [25]),
    ],
)
def test_dates_and_ranges_are_read(typed, days):
    assert parse_dates(typed) == {dt.date(2026, 12, day) for day in days}


@pytest.mark.parametrize(
    "typed",
    [
        "",
        ",",
        "Christmas",
        "25.12.2026",
        "20261225",
        "2026-W52-5",
        "2026-02-29",
        "2026-12-25..",
        "..",
        "2026-12-25..x",
    ],
)
def test_what_is_no_date_is_named_in_one_sentence(typed):
    with pytest.raises(BadDates, match=r"I cannot read the dates .*write 2026-12-25") as caught:
        parse_dates(typed)
    assert "\n" not in str(caught.value)


def test_a_range_is_bounded_before_it_is_counted_out():
    with pytest.raises(BadDates, match="has more than 100 dates: use /study pause"):
        parse_dates("2026-01-01..9999-12-31")
    assert len(parse_dates(f"2026-01-01..{dt.date(2026, 1, 1) + (MOST_SKIPPED - 1) * DAY}")) == MOST_SKIPPED


def test_a_range_that_runs_backwards_is_refused():
    with pytest.raises(BadDates, match=r"2026-12-27\.\.2026-12-25 ends before it begins"):
        parse_dates("2026-12-27..2026-12-25")


def test_dates_must_lie_ahead_and_not_too_far():
    require_coming((CHRISTMAS,), CHRISTMAS)
    with pytest.raises(BadDates, match="2026-12-24 is too early: name dates from 2026-12-25 on"):
        require_coming((CHRISTMAS, CHRISTMAS - DAY), CHRISTMAS)
    with pytest.raises(BadDates, match="2062-12-25 is too far ahead: name dates up to 2028-12-25"):
        require_coming((dt.date(2062, 12, 25),), CHRISTMAS)


@pytest.mark.parametrize("typed", ["", "tomorrow", "2026-12-25..2026-12-26", "2026-13-01"])
def test_one_date_is_read_alone(typed):
    assert parse_date(" 2026-12-25 ") == CHRISTMAS
    with pytest.raises(BadDates, match=r"I cannot read the date .*: write it as 2026-12-25"):
        parse_date(typed)


@given(st.frozensets(st.dates(dt.date(2026, 1, 1), dt.date(2026, 4, 1)), min_size=1, max_size=MOST_SKIPPED))
def test_what_is_told_can_be_typed(dates):
    runs = describe_dates(dates)
    assert parse_dates(", ".join(runs)) == dates
    assert list(runs) == sorted(runs)
