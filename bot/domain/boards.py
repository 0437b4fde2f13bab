"""Points as they are counted for leaderboards and recaps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scored:
    """A member's gains in the window of a recap; ``member_id`` 0 sums up everybody who was forgotten."""

    member_id: int
    points: int
    answers: int
    correct: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Totals in the window of a recap, which lasts from ``since`` until ``until``.

    ``active`` is how many members did anything. ``questions`` are (post id, answers, right ones).
    """

    since: dt.datetime
    until: dt.datetime
    active: int
    scored: tuple[Scored, ...]
    questions: tuple[tuple[int, int, int], ...]
