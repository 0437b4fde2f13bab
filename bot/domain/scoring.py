"""Points and the periods that leaderboards add them up in.

Taking part earns, being right earns more, being quick earns nothing: speed-only scoring hides who was
right. Practice earns nothing, so that the group's own question stays the game.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from bot.domain.model import ActivityKind, Standing

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
    """The periods that a leaderboard can cover."""

    WEEK = "week"
    MONTH = "month"
    ALL = "all"


def points_of_answer(score: float) -> int:
    """Points for an answer to the group's question: those of an attempt, and more for a score above 0.

    Only the full score of 1 earns all of them; half of it or more earns half of the rest.
    """
    return WRONG + int((RIGHT - WRONG) * score)


def period_key(period: Period, day: dt.date) -> str:
    """Return the key of the week (ISO 8601), month or eternity that holds the day.

    >>> period_key(Period.WEEK, dt.date(2027, 1, 1))
    '2026-W53'
    """
    if period is Period.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{day:%Y-%m}" if period is Period.MONTH else "all"


@lru_cache(maxsize=64)
def period_keys(day: dt.date) -> tuple[str, ...]:
    """The keys of all periods that hold the day."""
    return tuple(period_key(period, day) for period in Period)


LOT_SIZE = 1_000_003
"""Number of lots that break ties on a board: a prime."""

NAMED_TOO = 3
"""Equals beyond the limit of a board that are named rather than counted."""


def salt_of(text: str) -> int:
    """A number from 1 to LOT_SIZE - 1 made from a text, so that each board draws lots of its own."""
    return zlib.crc32(text.encode()) % (LOT_SIZE - 1) + 1


def lot(member_id: int, salt: int) -> int:
    """Return the place of a member among equals: not by who joined first."""
    return member_id * salt % LOT_SIZE


def cut(best: Sequence[Standing], limit: int, tied: int) -> tuple[Sequence[Standing], int]:
    """The rows of a board to name, and how many more have as many points as the last of them.

    ``best`` has up to ``limit + NAMED_TOO`` rows, ``tied`` members have as many points as row ``limit``.
    """
    if len(best) <= limit:
        return best, 0
    points = best[limit - 1].points
    more = tied - sum(standing.points == points for standing in best[:limit])
    return (best[:limit], more) if more > NAMED_TOO else (best[: limit + more], 0)
