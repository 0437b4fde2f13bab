"""Dates that an organiser names: read from what was typed, and told back the same way."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from bot.domain.calendar import quoted

MOST_SKIPPED = 100
"""Dates that one group may skip; a longer absence is a pause."""

FURTHEST = dt.timedelta(days=731)
"""How far ahead a date may lie. Whoever names a later one has mistyped it."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_RANGE = ".."


class BadDates(ValueError):
    """Dates that cannot be read or used; the message is a sentence for an organiser."""


def parse_date(text: str) -> dt.date:
    """Read "2026-12-25". Raises BadDates."""
    try:
        return _date(text.strip())
    except ValueError:
        raise BadDates(f"I cannot read the date {quoted(text)}: write it as 2026-12-25.") from None


def parse_dates(text: str) -> frozenset[dt.date]:
    """Read "2026-12-25, 2026-12-31..2027-01-01"; ranges include both ends. Raises BadDates."""
    words = re.sub(r"\s*(\.\.\.?|…)\s*", _RANGE, text)
    dates: set[dt.date] = set()
    try:
        for part in re.split(r"[\s,;]+", words.strip(" \t\n,;")):
            first, ranged, last = part.partition(_RANGE)
            dates |= _between(_date(first), _date(last if ranged else first))
    except BadDates:
        raise
    except ValueError:
        raise BadDates(
            f"I cannot read the dates {quoted(text)}: write 2026-12-25, or 2026-12-24..2027-01-01."
        ) from None
    return frozenset(dates)


def require_coming(dates: Iterable[dt.date], first: dt.date) -> None:
    """Raise BadDates for a date before ``first``, or too far after it to be meant."""
    for date in sorted(dates):
        if date < first:
            raise BadDates(f"{date} is too early: name dates from {first} on.")
        if date > first + FURTHEST:
            raise BadDates(f"{date} is too far ahead: name dates up to {first + FURTHEST}.")


def describe_dates(dates: Iterable[dt.date]) -> tuple[str, ...]:
    """Dates in order as ``parse_dates`` reads them: ("2026-12-24..2027-01-01", "2027-04-02")."""
    runs: list[list[dt.date]] = []
    for date in sorted(dates):
        if runs and date - runs[-1][-1] == dt.timedelta(days=1):
            runs[-1].append(date)
        else:
            runs.append([date])
    return tuple(str(run[0]) if len(run) == 1 else f"{run[0]}{_RANGE}{run[-1]}" for run in runs)


def _date(text: str) -> dt.date:
    """Raises ValueError. ``fromisoformat`` alone would take 20261225 and 2026-W52-5 too."""
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    return dt.date.fromisoformat(text)


def _between(first: dt.date, last: dt.date) -> set[dt.date]:
    """Both ends included. Raises BadDates for more than a group may skip, before they are counted out."""
    days = (last - first).days
    if days < 0:
        raise BadDates(f"{first}{_RANGE}{last} ends before it begins: write the earlier date first.")
    if days >= MOST_SKIPPED:
        raise BadDates(
            f"{first}{_RANGE}{last} has more than {MOST_SKIPPED} dates: use /study pause with a date."
        )
    return {first + dt.timedelta(days=step) for step in range(days + 1)}
