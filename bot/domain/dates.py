"""Dates that an organiser names: how far ahead they may lie, and how they are written out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

MOST_SKIPPED = 100
"""Dates that one group may skip; a longer absence is a pause."""

FURTHEST = dt.timedelta(days=731)
"""Span ahead in which a date may lie; a later one is a typing mistake."""

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
    """Return a date as prose, such as "29 November", or with its year "29 November 2026".

    >>> in_words(dt.date(2026, 11, 29), year=True)
    '29 November 2026'
    """
    return f"{date.day} {date:%B}" + (f" {date.year}" if year else "")


def describe_dates(dates: Iterable[dt.date]) -> tuple[str, ...]:
    """Return dates in order, as an organiser may type them.

    >>> describe_dates([dt.date(2026, 12, 24), dt.date(2026, 12, 25), dt.date(2027, 4, 2)])
    ('2026-12-24..2026-12-25', '2027-04-02')
    """
    return tuple(map(run_text, runs_of(dates)))


def run_text(run: tuple[dt.date, dt.date]) -> str:
    """Return a run of dates as text, such as 2026-12-24..2027-01-02; :func:`run_of` reads it back."""
    first, last = run
    return str(first) if first == last else f"{first}{_RANGE}{last}"


def run_of(text: str) -> tuple[dt.date, dt.date]:
    """Return the run of dates that a text of :func:`run_text` names."""
    first, _, last = text.partition(_RANGE)
    return dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)


def runs_of(dates: Iterable[dt.date]) -> tuple[tuple[dt.date, dt.date], ...]:
    """Return the first and last of each run of dates that follow on each other, in order.

    >>> runs_of([dt.date(2026, 12, 25), dt.date(2026, 12, 24)])
    ((datetime.date(2026, 12, 24), datetime.date(2026, 12, 25)),)
    """
    runs: list[list[dt.date]] = []
    for date in sorted(dates):
        if runs and date - runs[-1][-1] == dt.timedelta(days=1):
            runs[-1].append(date)
        else:
            runs.append([date])
    return tuple((run[0], run[-1]) for run in runs)
