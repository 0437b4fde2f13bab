"""Dates as organisers type them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dates import (
    MOST_SKIPPED,
    BadDates,
    describe_dates,
    require_coming,
)
from bot.domain.parsing import parse_dates, parse_past_date

CHRISTMAS = dt.date(2026, 12, 25)
DAY = dt.timedelta(days=1)


def test_dates_must_lie_ahead_and_not_too_far():
    require_coming((CHRISTMAS,), CHRISTMAS, CHRISTMAS)
    with pytest.raises(BadDates, match=r"^That date has passed\. Choose 25 December or later\.$"):
        require_coming((CHRISTMAS, CHRISTMAS - DAY), CHRISTMAS, CHRISTMAS)
    with pytest.raises(BadDates, match=r"^That's too soon\. Choose 25 December or later\.$"):
        require_coming((CHRISTMAS - DAY,), CHRISTMAS, CHRISTMAS - DAY)
    with pytest.raises(BadDates, match=r"Choose 1 January 2027 or later\.$"):
        require_coming((CHRISTMAS,), dt.date(2027, 1, 1), dt.date(2026, 12, 31))
    with pytest.raises(BadDates, match=r"2062-12-25 is too far ahead\. Choose 25 December 2028 or earlier"):
        require_coming((dt.date(2062, 12, 25),), CHRISTMAS, CHRISTMAS)


@given(st.frozensets(st.dates(dt.date(2026, 1, 1), dt.date(2026, 4, 1)), min_size=1, max_size=MOST_SKIPPED))
def test_what_is_told_can_be_typed(dates):
    runs = describe_dates(dates)
    assert parse_dates(", ".join(runs), dt.date(2026, 1, 1)) == dates
    assert list(runs) == sorted(runs)


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("friday", "2026-11-27"),
        ("on monday", "2026-11-23"),
        ("1 November", "2026-11-01"),
        ("1 Dec", "2025-12-01"),
        ("fri 27 nov", "2026-11-27"),
        ("29 Feb", "2024-02-29"),
        ("2026-03-01", "2026-03-01"),
        ("today", "2026-11-29"),
        ("yesterday", "2026-11-28"),
    ],
)
def test_a_date_that_is_over_is_the_last_such_date(typed, date):
    assert str(parse_past_date(typed, dt.date(2026, 11, 29))) == date


@pytest.mark.parametrize("typed", ["tomorrow", "in 3 days", "2026-11-30", "9999-12-31", "next friday"])
def test_a_date_to_come_is_not_over(typed):
    with pytest.raises(BadDates, match=r"is still to come\. Try"):
        parse_past_date(typed, dt.date(2026, 11, 29))


def test_a_weekday_that_may_be_today_is_refused():
    with pytest.raises(BadDates, match="could be 22 November or 29 November"):
        parse_past_date("sunday", dt.date(2026, 11, 29))
