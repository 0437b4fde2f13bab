"""Clocks: the present instant as an argument."""

from __future__ import annotations

import datetime as dt
from typing import Literal, Protocol


class Clock(Protocol):
    """Tells the time. Nothing in Milepost asks the system for it but SystemClock."""

    def now(self) -> dt.datetime:
        """The present instant, aware, in UTC."""


class SystemClock:
    """A clock that reads the machine's."""

    def now(self) -> dt.datetime:
        """The present instant, aware, in UTC."""
        return dt.datetime.now(dt.UTC)


class AdjustableClock(Clock, Protocol):
    """A clock that can be moved on, for demonstrations: never in a real study group."""

    async def skip(self, step: Literal["next", "day", "week"]) -> dt.datetime:
        """Move on to the next post, or by a day or a week, serving every post on the way.

        Returns the new time. With no post ahead, ``next`` moves on by a day.
        """
