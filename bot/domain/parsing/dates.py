"""Dates as people write them, relative to the day that it is for the group.

Everything that may be misread is refused before dateutil sees it: it would take "3/4" for March, "9" for
the ninth and "2026" for today. It is left the names of months, and imported only when one is typed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.domain.dates import MOST_SKIPPED, BadDates, in_words
from bot.domain.parsing.words import plain, quote

MOST_DATES = 1000
"""Characters of a list of dates, at most."""

_ONE = "Try 27 December, 2026-12-27 or tomorrow."
_PAST = "Try 27 December, 2026-12-27 or yesterday."
_SEVERAL = "Try 24 Dec - 2 Jan, or 2026-12-25, 2026-12-31."
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORTEST_YEAR = 1000
_LEAP = 9
"""Years among which there always is a 29 February."""

_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_MONTH = r"[^\W\d_]{3,12}\.?"
_PLAINER = (
    (re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", re.ASCII), r"\1/\2/\3"),
    (re.compile(r"\b(\d{1,2})-(\d{1,2}|[a-z]{3,9})-(\d{4})(?!\d)", re.ASCII), r"\1/\2/\3"),
    (re.compile(r"(?<=\d) (?=\d{4}[/.]\d)", re.ASCII), ","),
    (re.compile(rf"\b({_WEEKDAY}),? (?=\d|[a-z]{{3,9}}\.? \d)", re.ASCII), r"\1 "),
    (re.compile(rf"({_DAY}|[a-z]{{3,9}}\.?) ?, ?(\d{{4}})(?![/.\d])", re.ASCII), r"\1 \2"),
    (re.compile(r"\bthe (?=\d)"), ""),
)
_LIST = re.compile(r"[,;&+]+|\band\b")
_RANGE = re.compile(r"\.\.+|-|\b(?:to|until|till|through|thru)\b")
_YEAR_FIRST = re.compile(r"(\d{4})([/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})([/.])(\d{1,2})(?:\2(\d{4})|\.)?", re.ASCII)
_DAY_FIRST = re.compile(rf"({_DAY})[ /]?(?:of )?({_MONTH})(?:[ /](\d{{4}}))?", re.ASCII)
_MONTH_FIRST = re.compile(rf"({_MONTH}) ?(?:the )?({_DAY})(?: (\d{{4}}))?", re.ASCII)
_BARE = re.compile(_DAY, re.ASCII)
_NAMED = re.compile(rf"(?:(next|this|coming|on) )?({_WEEKDAY})", re.ASCII)
_IN = re.compile(r"in (\d{1,3}|an?|one) (day|week)s?", re.ASCII)
_NEAR = {"today": 0, "tomorrow": 1, "day after tomorrow": 2, "the day after tomorrow": 2}


@dataclass(frozen=True, slots=True)
class _Part:
    """One date of a list, as far as it was typed; ``day_first`` tells how its month was written."""

    text: str
    day: int
    month: int = 0
    year: int = 0
    weekday: int | None = None
    day_first: bool | None = None


class _Unreadable(ValueError):
    """Text in none of the forms that are read."""


def parse_date(text: str, today: dt.date) -> dt.date:
    """Read "27 December", "Dec 27, 2026", "27.12.2026", "2026-12-27", "tomorrow" or "next monday".

    A date without a year is the next such date. Raises BadDates, also for text that may mean two dates.

    >>> parse_date("2 Jan", dt.date(2026, 11, 29))
    datetime.date(2027, 1, 2)
    """
    return _one(text, today, _ONE)


def parse_past_date(text: str, today: dt.date) -> dt.date:
    """Read a date as :func:`parse_date` does, but without a year as the last such date; also "yesterday".

    Raises BadDates, also for a date that is still to come.
    """
    typed = _plainer(text[:MOST_DATES])
    if typed == "yesterday":
        return today - dt.timedelta(days=1)
    named = _NAMED.fullmatch(typed)
    if named and named[1] in (None, "on"):
        back = (today.weekday() - _weekday(named[2])) % 7
        if not back:
            raise _could_be(text, today - dt.timedelta(days=7), today)
        return today - dt.timedelta(days=back)
    if _relative(typed, today) is not None:
        found = _one(text, today, _PAST)
    else:
        years = range(today.year, max(today.year - _LEAP, 0), -1)
        readings = (_one(text, dt.date(year, 1, 1), _PAST) for year in years)
        found = next((date for date in readings if date <= today), dt.date.max)
    if found > today:
        raise BadDates(f"{quote(text)} is still to come. {_PAST}")
    return found


def parse_dates(text: str, today: dt.date) -> frozenset[dt.date]:
    """Read "24 Dec - 2 Jan, 2027-04-02"; ranges include both ends. Raises BadDates.

    A range without years that is under way counts from today on.
    """
    dates: set[dt.date] = set()
    for first, last in _read(text, today, _SEVERAL, "dates"):
        dates |= _between(first, last)
    return frozenset(dates)


def _one(text: str, today: dt.date, how: str) -> dt.date:
    ranges = _read(text, today, how, "a date")
    if len(ranges) > 1 or ranges[0][0] != ranges[0][1]:
        raise BadDates(f"Please give one date, not several. {how}")
    return ranges[0][0]


def _read(text: str, today: dt.date, how: str, what: str) -> list[tuple[dt.date, dt.date]]:
    try:
        typed = _plainer(text) if len(text) <= MOST_DATES else ""
        return list(_ranges(_parts(typed, today), today))
    except BadDates:
        raise
    except _Unreadable:
        why = f"I can't read {quote(text)} as {what}." if text.strip() else "No date was given."
        raise BadDates(f"{why} {how}") from None
    except (ValueError, OverflowError):
        raise BadDates(f"I can't read {quote(text)}: there is no such date. {how}") from None


def _plainer(text: str) -> str:
    typed = plain(text.replace("\n", ","))
    for pattern, plainer in _PLAINER:
        typed = pattern.sub(plainer, typed)
    return typed


def _parts(typed: str, today: dt.date) -> list[list[_Part]]:
    """The parts of a list: one date, or both ends of a range. Raises _Unreadable."""
    pieces = [piece.strip() for piece in _LIST.split(typed)]
    found = []
    for piece in filter(None, pieces):
        ends = [end.strip() for end in _RANGE.split(piece.removeprefix("from "))]
        if len(ends) > 2 or (piece.startswith("from ") and len(ends) == 1):
            raise _Unreadable
        parts = [_part(ends[0], today)]
        if len(ends) > 1:
            parts.append(_weekday_after(parts[0], ends[1], today) or _part(ends[1], today))
        found.append(parts)
    if not found:
        raise _Unreadable
    return found


def _weekday_after(first: _Part, text: str, today: dt.date) -> _Part | None:
    """Return the end of a range that is a weekday: the first such day after its beginning."""
    named = _NAMED.fullmatch(text)
    if named is None or named[1] not in (None, "on") or not first.month:
        return None
    start = _date(first, today)
    end = start + dt.timedelta(days=(_weekday(named[2]) - start.weekday()) % 7 or 7)
    return _Part(text, end.day, end.month, end.year)


def _part(text: str, today: dt.date) -> _Part:
    """Read one date of a list. Raises _Unreadable or, for numbers that are no date, ValueError."""
    near = _relative(text, today)
    if near is not None:
        return _Part(text, near.day, near.month, near.year)
    named = re.match(rf"(?:on )?({_WEEKDAY}) (?=.)", text, re.ASCII)
    part = _dated(text[named.end() :] if named else text.removeprefix("on "))
    return replace(part, text=text, weekday=_weekday(named[1])) if named else part


def _dated(text: str) -> _Part:
    if found := _YEAR_FIRST.fullmatch(text):
        month = int(found[3])
        return _Part(text, int(found[4]) if month else 0, month or 1, _year(found[1]))
    if found := _NUMBERS.fullmatch(text):
        return _of_numbers(text, int(found[1]), int(found[3]), _year(found[4] or ""))
    if found := _DAY_FIRST.fullmatch(text):
        return _with_month(text, found[1], found[2], found[3], day_first=True)
    if found := _MONTH_FIRST.fullmatch(text):
        return _with_month(text, found[2], found[1], found[3], day_first=False)
    if _BARE.fullmatch(text):
        return _Part(text, _number(text))
    raise _Unreadable


def _of_numbers(text: str, first: int, second: int, year: int) -> _Part:
    """Return day and month in an order that cannot be misread.

    Raises BadDates when either may be the day.
    """
    if first > 12 >= second:
        return _Part(text, first, second, year)
    if second > 12 >= first:
        return _Part(text, second, first, year)
    if first == second and first:
        return _Part(text, first, second, year)
    if not (first and second and first <= 12 and second <= 12):
        raise ValueError(text)
    dates = dt.date(year or 2000, second, first), dt.date(year or 2000, first, second)
    raise _could_be(text, *dates, year=bool(year))


def _with_month(text: str, day: str, word: str, year: str | None, *, day_first: bool) -> _Part:
    return _Part(text, _number(day), _month(word), _year(year or ""), None, day_first)


def _month(word: str) -> int:
    """The month that a word names, by dateutil. Raises _Unreadable where it names none."""
    from dateutil.parser import parserinfo  # noqa: PLC0415 - 25 ms that only this needs

    month: int | None = parserinfo().month(word.rstrip("."))
    if month is None:
        raise _Unreadable
    return month


def _relative(text: str, today: dt.date) -> dt.date | None:
    """Return a date that is told by its distance. Raises BadDates for a weekday that may mean two dates."""
    if text in _NEAR:
        return today + dt.timedelta(days=_NEAR[text])
    if found := _IN.fullmatch(text):
        number = int(found[1]) if found[1].isdigit() else 1
        return today + dt.timedelta(days=number * (7 if found[2] == "week" else 1))
    found = _NAMED.fullmatch(text)
    return _coming(text, found[1], _weekday(found[2]), today) if found else None


def _coming(text: str, which: str | None, weekday: int, today: dt.date) -> dt.date:
    """Return a coming weekday, in weeks from Monday to Sunday, as far as all readings agree on the date."""
    ahead = (weekday - today.weekday()) % 7
    this_week = ahead > 0 and weekday > today.weekday()
    coming = today + dt.timedelta(days=ahead or 7)
    if which == "next" and this_week:
        raise _could_be(text, coming, coming + dt.timedelta(days=7))
    if which != "next" and ahead == 0:
        raise _could_be(text, today, coming)
    if which == "this" and not this_week:
        raise _could_be(text, coming - dt.timedelta(days=7), coming)
    return coming


def _could_be(text: str, one: dt.date, other: dt.date, *, year: bool = False) -> BadDates:
    dates = f"{in_words(one, year=year)} or {in_words(other, year=year)}"
    return BadDates(f"{quote(text)} could be {dates}. Please write one of these.")


def _ranges(found: list[list[_Part]], today: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    flat = [part for parts in found for part in parts]
    whole = [_with_neighbour(flat, at) for at in range(len(flat))]
    at = 0
    for parts in found:
        ends = whole[at : at + len(parts)]
        if len(ends) == 1 and not ends[0].year:
            _require_one_year(whole, at, today)
        at += len(parts)
        yield _dates_of(ends, today)


def _with_neighbour(parts: list[_Part], at: int) -> _Part:
    """A bare day with the month of its neighbour, as in "24-27 Dec" or "Dec 24, 25"."""
    part = parts[at]
    if part.month:
        return part
    after = next((other for other in parts[at + 1 :] if other.month), None)
    before = next((other for other in reversed(parts[:at]) if other.month), None)
    givers = [
        *([after] if after and after.day_first is True else []),
        *([before] if before and before.day_first is False else []),
    ]
    if len(givers) != 1:
        if len(parts) == 1:
            raise _Unreadable
        raise BadDates(f"Which month is {quote(part.text)} in? Please write the month with each date.")
    return replace(part, month=givers[0].month, year=givers[0].year)


def _require_one_year(parts: list[_Part], at: int, today: dt.date) -> None:
    """Raise BadDates where the year of a neighbour in the list may be meant for a date without one."""
    part, found = parts[at], _next(parts[at], today)
    before = next((other for other in reversed(parts[:at]) if other.year), None)
    after = next((other for other in parts[at + 1 :] if other.year), None)
    readings = {found}
    if before:
        readings.add(_next(part, dt.date(before.year, before.month, before.day)))
    if after:
        readings.add(_next(part, _newest(part, after)))
    if len(readings) > 1:
        raise BadDates(f"Which year is {quote(part.text)} in? Please write the year with each date.")


def _newest(part: _Part, last: _Part) -> dt.date:
    """The first day of the year in which the newest such date until ``last`` is."""
    return dt.date(last.year - ((part.month, part.day) > (last.month, last.day)), 1, 1)


def _dates_of(ends: list[_Part], today: dt.date) -> tuple[dt.date, dt.date]:
    first, last = ends[0], ends[-1]
    if len(ends) > 1 and not (first.year or last.year) and (now := _under_way(first, last, today)):
        return now
    if last.year and not first.year:
        first = replace(first, year=_newest(first, last).year)
    start = _date(first, today)
    end = _date(last, start) if len(ends) > 1 else start
    turned = not last.year and first.month == last.month and last.day < first.day
    if end < start or turned:
        end = dt.date(start.year, last.month, last.day) if turned else end
        raise BadDates(f"{start} to {end} ends before it begins. Please write the earlier date first.")
    return start, end


def _under_way(first: _Part, last: _Part, today: dt.date) -> tuple[dt.date, dt.date] | None:
    """Return what is left of a range without years, if it began before today and is not over."""
    end = _next(last, today)
    start = _next(first, _newest(first, replace(last, year=end.year)))
    if not start < today <= end or (end - start).days >= MOST_SKIPPED:
        return None
    _date(replace(first, year=start.year), today)
    return today, _date(replace(last, year=end.year), today)


def _date(part: _Part, first: dt.date) -> dt.date:
    """The date, or without a year the next one from ``first`` on."""
    found = dt.date(part.year, part.month, part.day) if part.year else _next(part, first)
    if part.weekday is not None and found.weekday() != part.weekday:
        said, real = (_WEEKDAYS[day].capitalize() for day in (part.weekday, found.weekday()))
        raise BadDates(f"{in_words(found, year=True)} is a {real}, not a {said}.")
    return found


def _next(part: _Part, first: dt.date) -> dt.date:
    """Return the first such date from ``first`` on.

    Raises ValueError for a day that the month never has.
    """
    dt.date(2000, part.month, part.day)
    for year in range(first.year, min(first.year + _LEAP, dt.MAXYEAR) + 1):
        if part.month == 2 and part.day == 29 and (year % 4 or (year % 100 == 0 and year % 400)):
            continue
        if (found := dt.date(year, part.month, part.day)) >= first:
            return found
    raise ValueError(part.text)


def _between(first: dt.date, last: dt.date) -> set[dt.date]:
    """Return the dates of a range, both ends included.

    Raises BadDates for more than a group may skip, before they are counted out.
    """
    days = (last - first).days
    if days >= MOST_SKIPPED:
        raise BadDates(
            f"{first} to {last} is more than {MOST_SKIPPED} dates. Use /study pause with a date."
        )
    return {first + dt.timedelta(days=step) for step in range(days + 1)}


def _weekday(word: str) -> int:
    return next(number for number, name in enumerate(_WEEKDAYS) if name.startswith(word[:3]))


def _number(text: str) -> int:
    return int(re.match(r"\d+", text, re.ASCII)[0])  # type: ignore[index]  # it starts with one


def _year(text: str) -> int:
    if text and int(text) < _SHORTEST_YEAR:
        raise ValueError(text)
    return int(text or 0)
