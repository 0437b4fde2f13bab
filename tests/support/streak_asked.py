"""Helpers of the tests of streaks: a member who is always being asked something."""

import datetime as dt

from bot.domain.streaks.events import Asked, Event
from bot.domain.streaks.rules import Window, windows_from

HALF_DAY = dt.timedelta(hours=12)
HOUR = dt.timedelta(hours=1)


def asked_always(first: dt.datetime, last: dt.datetime, every: dt.timedelta = HOUR) -> list[Event]:
    """Something open for half a day, asked each hour, so that no day of half a day is free of it."""
    hours = (last - first) // every
    return [Asked(first + n * every, first + n * every + HALF_DAY, frozenset()) for n in range(hours + 1)]


def windows_always(first: dt.datetime, last: dt.datetime) -> tuple[Window, ...]:
    """The windows of `asked_always`."""
    return windows_from(asked_always(first, last))
