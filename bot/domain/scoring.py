"""Points and the periods that leaderboards add them up in.

Taking part earns, being right earns more, being quick earns nothing: speed-only scoring hides who was
right. Practice earns little, so that the group's own question stays the game.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from functools import lru_cache

from bot.domain.records import ActivityKind

RIGHT = 3
"""Points for the right answer to the group's question."""

WRONG = 1
"""Points for an attempt at it."""

POINTS_OF_ACT = {
    ActivityKind.PRACTICE: 0,
    ActivityKind.PROMPT_DONE: 1,
    ActivityKind.PROMPT_REPLY: 2,
    ActivityKind.SUBMISSION: 5,
}


class Period(StrEnum):
    """What a leaderboard covers."""

    WEEK = "week"
    MONTH = "month"
    ALL = "all"


def points_of_answer(*, correct: bool) -> int:
    """Points for an answer to the group's question."""
    return RIGHT if correct else WRONG


def period_key(period: Period, day: dt.date) -> str:
    """The key of the week (ISO 8601), month or eternity that holds the day."""
    if period is Period.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{day:%Y-%m}" if period is Period.MONTH else "all"


@lru_cache(maxsize=64)
def period_keys(day: dt.date) -> tuple[str, ...]:
    """The keys of all periods that hold the day."""
    return tuple(period_key(period, day) for period in Period)
