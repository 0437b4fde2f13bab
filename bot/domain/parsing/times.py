"""Times of day as people write them."""

from __future__ import annotations

import datetime as dt
import re

from bot.domain.calendar import BadTime
from bot.domain.parsing.words import plain, quote

MOST_TIME = 200
"""Characters of a time, at most: far more than one needs, so that nothing is cut before it is read."""

AFTER_TIME = frozenset(
    {"am", "pm", "a.m.", "p.m.", "a", "p", "a.m", "p.m", "h", "hrs", "uhr", "noon", "midnight"}
)
"""Words that belong to the time before them, on a line of several options."""

_HOW = "Please use 24-hour time, such as 09:00 or 18:30, or add am or pm."
_OFF = {"off", "none", "never", "no"}
_NAMED = {
    "noon": dt.time(12), "midday": dt.time(12), "12 noon": dt.time(12), "12:00 noon": dt.time(12),
    "midnight": dt.time(0), "12 midnight": dt.time(0), "12:00 midnight": dt.time(0),
}  # fmt: skip
_HOURS = r"(?: ?(?:h|hrs?|uhr))"
_CLOCK = re.compile(rf"(\d{{1,2}})(?: ?[:.h] ?)(\d{{2}})(?::00)?{_HOURS}?", re.ASCII)
_DIGITS = re.compile(rf"(\d{{2}})(\d{{2}}){_HOURS}?", re.ASCII)
_WHOLE_HOUR = re.compile(rf"(\d{{1,2}}){_HOURS}()", re.ASCII)
_HALF_DAY = re.compile(r"(\d{1,2})(?:(?: ?[:.] ?)?(\d{2}))?(?::00)? ?([ap])(?:\.|\.? ?m\.?)?", re.ASCII)
_BARE = re.compile(r"\d{1,2}", re.ASCII)


def is_off(text: str) -> bool:
    """Tell whether "off", "none", "never" or "no" stands where a time may."""
    return plain(text) in _OFF


def parse_time(text: str) -> dt.time:
    """Read "07:30", "19.05", "0900", "18h30", "9am", "9:30 p.m.", "noon" or "midnight". Raises BadTime.

    Without am or pm the 24-hour clock is meant, so "6:30" is in the morning; a bare hour that may be in the
    morning or in the evening is refused. 12 am is 00:00, 12 pm is 12:00.

    >>> parse_time("9:30 p.m.")
    datetime.time(21, 30)
    """
    typed = plain(text) if len(text) <= MOST_TIME else ""
    typed = typed.removeprefix("at ").removeprefix("@").strip()
    if typed in _NAMED:
        return _NAMED[typed]
    if found := _HALF_DAY.fullmatch(typed):
        return _of_half_day(text, *found.groups())
    for pattern in (_CLOCK, _DIGITS, _WHOLE_HOUR):
        if found := pattern.fullmatch(typed):
            return _of_day(text, int(found[1]), int(found[2] or 0))
    if _BARE.fullmatch(typed):
        return _bare_hour(text, int(typed))
    raise _unreadable(text)


def _of_half_day(text: str, hour: str, minute: str | None, half: str) -> dt.time:
    if not 1 <= int(hour) <= 12 or int(minute or 0) > 59:
        raise _unreadable(text)
    return dt.time(int(hour) % 12 + (12 if half == "p" else 0), int(minute or 0))


def _of_day(text: str, hour: int, minute: int) -> dt.time:
    if (hour, minute) == (24, 0):
        raise BadTime("Please write midnight as 00:00.")
    if hour > 23 or minute > 59:
        raise _unreadable(text)
    return dt.time(hour, minute)


def _bare_hour(text: str, hour: int) -> dt.time:
    if 13 <= hour <= 23:
        return dt.time(hour)
    if 1 <= hour <= 12:
        morning, evening = f"{hour % 12:02}:00", f"{hour % 12 + 12}:00"
        raise BadTime(f"{quote(text)} could be {morning} or {evening}. Please write one of these.")
    raise _unreadable(text)


def _unreadable(text: str) -> BadTime:
    return BadTime(f"I can't read {quote(text)} as a time. {_HOW}" if text.strip() else _HOW)
