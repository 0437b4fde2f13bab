"""The gain of an act: points, days in a row, a freeze earned or spent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.chat.timestamps import short_date
from bot.domain.streaks import DayEntry, DayStatus, Summary
from bot.views.common import count

MILESTONES = frozenset({7, 30, 100, 365})
"""Days in a row that are celebrated."""

PRACTICE = "Practice counts for your streak and earns no points"


def gain(points: int, now: Summary, days: Sequence[DayEntry]) -> str:
    """Return one line such as "+3 points · 7 days in a row 🎉 · you earned a freeze ❄".

    ``days`` are the member's last days with today last. It tells of the day rather than of the click, so
    that a click that is delivered again is answered alike.
    """
    earned = f"+{count(points, 'point')}" if points else PRACTICE
    return " · ".join((earned, in_a_row(now), *_freezes(now, days)))


def in_a_row(now: Summary) -> str:
    """The streak in words; a milestone has its small celebration."""
    if now.current <= 1:
        return "day 1 of your streak"
    return f"{now.current:,} days in a row{' 🎉' if now.current in MILESTONES else ''}"


def _freezes(now: Summary, days: Sequence[DayEntry]) -> tuple[str, ...]:
    if not now.today_counted or len(days) < 2:
        return ()
    covered = _covered(days[:-1])
    earned = days[-1].freezes_after > days[-2].freezes_after
    return (
        *((f"a freeze covered {', '.join(map(short_date, covered))} ❄",) if covered else ()),
        *(("you earned a freeze ❄",) if earned else ()),
    )


def _covered(before: Sequence[DayEntry]) -> list[dt.date]:
    """The days since the last active one that a freeze covered, oldest first."""
    covered: list[dt.date] = []
    for day in reversed(before):
        if day.status in (DayStatus.ACTIVE, DayStatus.MISSED):
            break
        if day.status is DayStatus.FROZEN:
            covered.insert(0, day.local_date)
    return covered
