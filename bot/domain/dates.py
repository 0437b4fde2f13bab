"""Dates that an organiser names: how far they may lie, and how they are told back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

MOST_SKIPPED = 100
"""Dates that one group may skip; a longer absence is a pause."""

FURTHEST = dt.timedelta(days=731)
"""How far ahead a date may lie. Whoever names a later one has mistyped it."""

_RANGE = ".."


class BadDates(ValueError):
    """Dates that cannot be read or used; the message is a sentence for an organiser."""


def require_coming(dates: Iterable[dt.date], first: dt.date, today: dt.date) -> None:
    """Raise BadDates for a date before ``first``, or too far after it to be meant."""
    last = first + FURTHEST
    for date in sorted(dates):
        if date < first:
            why = "That date has passed" if date < today else "That's too soon"
            raise BadDates(f"{why}. Choose {in_words(first, year=first.year != today.year)} or later.")
        if date > last:
            raise BadDates(f"{date} is too far ahead. Choose {in_words(last, year=True)} or earlier.")


def in_words(date: dt.date, *, year: bool) -> str:
    """Return such as "29 November", or with its year "29 November 2026"."""
    return f"{date.day} {date:%B}" + (f" {date.year}" if year else "")


def describe_dates(dates: Iterable[dt.date]) -> tuple[str, ...]:
    """Dates in order as they may be typed: ("2026-12-24..2027-01-01", "2027-04-02")."""
    runs: list[list[dt.date]] = []
    for date in sorted(dates):
        if runs and date - runs[-1][-1] == dt.timedelta(days=1):
            runs[-1].append(date)
        else:
            runs.append([date])
    return tuple(str(run[0]) if len(run) == 1 else f"{run[0]}{_RANGE}{run[-1]}" for run in runs)
