"""Days of the week as people write them."""

from __future__ import annotations

import re

from bot.domain.calendar import EVERY_DAY, WEEKDAYS, WEEKENDS, BadDays
from bot.domain.parsing.words import either, plain, quote

MOST_DAYS = 200
"""Characters of days, at most: seven written out, with words between them."""

_HOW = "Try mon-fri, mon,wed,fri, daily, weekdays or weekends."
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TITLES = tuple(name.capitalize() for name in _NAMES)
_GROUPS = {
    "daily": EVERY_DAY, "all": EVERY_DAY,
    "weekday": WEEKDAYS, "weekdays": WEEKDAYS,
    "weekend": WEEKENDS, "weekends": WEEKENDS,
}  # fmt: skip
_WHOLE = {
    **dict.fromkeys(("all week", "all days", "the whole week", "7 days a week"), EVERY_DAY),
    "mwf": frozenset({0, 2, 4}),
    **dict.fromkeys(("none", "no days", "no day", "no", "off", "never"), frozenset[int]()),
}
_SHORT = {"m": 0, "w": 2, "f": 4, "weds": 2}
_TWICE = {"t": (1, 3), "s": (5, 6)}
_PHRASES = (
    (re.compile(r"\bweek[- ]?(day|end)(s?)\b"), r"week\1\2"),
    (re.compile(r"\b(?:every|each) ?day\b"), "daily"),
    (re.compile(r"\b(?:every|each|all|on|the|from)\b (?=[a-z])"), ""),
    (re.compile(r"\.+(?=[\s,;/&+|-]|\Z)"), ""),
    (re.compile(r"\s*(?:-+|\.\.|\b(?:to|through|thru|until|till)\b)\s*"), "-"),
    (re.compile(r"\s*(?:[,;/&+|]|\b(?:and|plus)\b)\s*"), " "),
)


def parse_days(text: str) -> frozenset[int]:
    """Read "mon,wed-fri", "Monday to Friday", "M W F", "daily", "weekends" or "none". Raises BadDays.

    Names may be cut to two letters or more, stand in the plural, and be joined by commas, slashes, "&" or
    "and"; a range may pass over Sunday ("sat-mon"). Everything that ``describe_days`` writes is read.

    >>> sorted(parse_days("sat-mon, Wed"))
    [0, 2, 5, 6]
    """
    typed = plain(text) if len(text) <= MOST_DAYS else ""
    if typed in _WHOLE:
        return _WHOLE[typed]
    for pattern, plainer in _PHRASES:
        typed = pattern.sub(plainer, typed)
    parts = typed.split()
    if not parts:
        raise BadDays(f"I don't recognise {quote(text)}. {_HOW}" if text.strip() else f"Which days? {_HOW}")
    return frozenset[int]().union(*(_range(part, text) for part in parts))


def _range(part: str, text: str) -> frozenset[int]:
    if part in _GROUPS:
        return _GROUPS[part]
    first, *others = part.split("-")
    if len(others) > 1 and all(word.isalpha() for word in (first, *others)):
        raise BadDays(f"{quote(text)} could be a list or a range. Please write mon,wed,fri or mon-fri.")
    start = _day(first if len(others) < 2 else part, text)
    length = (_day(others[0], text) - start) % 7 if others else 0
    return frozenset((start + step) % 7 for step in range(length + 1))


def _day(word: str, text: str) -> int:
    """The weekday with this letter, abbreviation, name or plural. Raises BadDays."""
    if word in _SHORT:
        return _SHORT[word]
    if word in _TWICE:
        names = tuple(_TITLES[day] for day in _TWICE[word])
        raise BadDays(f"{quote(word.upper())} could be {either(names)}. Please write it out.")
    for number, name in enumerate(_NAMES):
        if len(word) >= 2 and (name.startswith(word) or word == f"{name}s"):
            return number
    # A part of what was typed is named only when it is a word: nothing else shows what is wrong.
    raise BadDays(f"I don't recognise {quote(word if word.isalpha() else text)}. {_HOW}")
