"""Outcomes of days: the status, the reason, and the book that the streak is counted in."""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.streaks.events import StreakSettings

SHOWN_DAYS = 14
"""Days whose counts a state keeps: the lines that ``/streak`` shows."""

MARKED_DAYS = 182
"""Days whose verdicts a state keeps: the 26 weeks of the picture."""

WINDOW_DAYS = 30


class DayStatus(StrEnum):
    """The outcome of a day. Only ACTIVE counts, only MISSED ends a streak."""

    ACTIVE = "active"
    REST = "rest"
    FROZEN = "frozen"
    NEUTRAL = "neutral"
    MISSED = "missed"
    OPEN = "open"


class Verdict(StrEnum):
    """A status with its reason, as one letter: a state keeps half a year of them in one text."""

    ACTIVE = "a"
    REST = "r"
    FROZEN = "f"
    NOTHING_ASKED = "n"
    IN_TIME = "t"
    NO_FAULT = "o"
    SKIPPED = "s"
    SHORT_FIRST = "h"
    SHORT = "v"
    TOO_LONG = "g"
    NO_FREEZE = "m"
    NO_STREAK = "z"
    OPEN = "?"

    @property
    def status(self) -> DayStatus:
        """Return the status without the reason."""
        return _STATUSES[self]

    @property
    def note(self) -> str:
        """Return the reason in a few words, for programs; members read the words of a view."""
        return _NOTES.get(self, "")


_STATUSES = {
    Verdict.ACTIVE: DayStatus.ACTIVE,
    Verdict.REST: DayStatus.REST,
    Verdict.FROZEN: DayStatus.FROZEN,
    Verdict.NOTHING_ASKED: DayStatus.NEUTRAL,
    Verdict.IN_TIME: DayStatus.NEUTRAL,
    Verdict.NO_FAULT: DayStatus.NEUTRAL,
    Verdict.SKIPPED: DayStatus.NEUTRAL,
    Verdict.SHORT_FIRST: DayStatus.NEUTRAL,
    Verdict.SHORT: DayStatus.NEUTRAL,
    Verdict.TOO_LONG: DayStatus.MISSED,
    Verdict.NO_FREEZE: DayStatus.MISSED,
    Verdict.NO_STREAK: DayStatus.MISSED,
    Verdict.OPEN: DayStatus.OPEN,
}
_NOTES = {
    Verdict.REST: "rest day",
    Verdict.FROZEN: "covered by a freeze",
    Verdict.NOTHING_ASKED: "nothing was asked",
    Verdict.IN_TIME: "answered in time",
    Verdict.NO_FAULT: "day off",
    Verdict.SKIPPED: "this date was skipped",
    Verdict.SHORT_FIRST: "less than half a day",
    Verdict.SHORT: "less than half a day",
    Verdict.TOO_LONG: "gap longer than the freezes",
    Verdict.NO_FREEZE: "no freeze left",
}
MISSED = frozenset(verdict for verdict in Verdict if verdict.status is DayStatus.MISSED)
_ASKED = "".join((Verdict.ACTIVE, Verdict.FROZEN, *MISSED))


@dataclass(frozen=True, slots=True)
class DayEntry:
    """One line of the ledger: a date, its outcome and the reason, and the count after it.

    ``reason`` is what a ``NoFaultDay`` said of the date, empty where there was none.
    """

    local_date: dt.date
    verdict: Verdict
    streak_after: int
    freezes_after: int
    reason: str = ""

    @property
    def status(self) -> DayStatus:
        """Return the outcome of the day."""
        return self.verdict.status

    @property
    def note(self) -> str:
        """Return the reason in a few words, for programs."""
        return self.reason or self.verdict.note


@dataclass(frozen=True, slots=True)
class Score:
    """The running count. Source: docs/streaks.md, "Freezes".

    ``gap`` counts the missed days since the last active one that freezes can still cover. They are
    paid for when an active day closes the gap; a gap that outgrows the freezes costs none.
    """

    streak: int
    best: int
    freezes: int
    gap: int

    @property
    def balance(self) -> int:
        """The freezes left, with those that an open gap would take already subtracted."""
        return self.freezes - self.gap

    def after_active(self, settings: StreakSettings) -> "Score":
        """Close the gap, count the day, and earn a freeze at each multiple of ``earn_every``."""
        streak = self.streak + 1
        earned = streak % settings.earn_every == 0
        freezes = min(self.balance + earned, settings.hold)
        return Score(streak, max(self.best, streak), freezes, gap=0)

    def after_missed(self) -> "Score":
        """Widen the gap while freezes can cover all of it, else end the streak.

        A streak of 0 has nothing to protect and takes no freeze.
        """
        if self.streak and self.balance:
            return replace(self, gap=self.gap + 1)
        return replace(self, streak=0, gap=0)


@dataclass(frozen=True, slots=True)
class Book:
    """The score after a day and the days that led to it, oldest first.

    ``verdicts`` holds a letter for each of the last days, ``counts`` the streak and the freezes after each
    of the very last ones; a ``whole`` book keeps every day that there is.
    """

    score: Score
    verdicts: str = ""
    counts: tuple[tuple[int, int], ...] = ()
    whole: bool = False

    def after(self, verdict: Verdict, settings: StreakSettings) -> "Book":
        """Return the book with one more day. The score decides what kind of miss a missed one is."""
        if verdict in MISSED:
            return self._after_missed()
        score = self.score.after_active(settings) if verdict is Verdict.ACTIVE else self.score
        return _with(self, score, verdict)

    def active(self) -> int:
        """Return how many of the last 30 days were active."""
        return self.verdicts[-WINDOW_DAYS:].count(Verdict.ACTIVE)

    def asked(self) -> int:
        """Return how many of the last 30 days counted: the active ones and the missed ones."""
        return sum(letter in _ASKED for letter in self.verdicts[-WINDOW_DAYS:])

    def _after_missed(self) -> "Book":
        before, score = self.score, self.score.after_missed()
        if score.gap:
            return _with(self, score, Verdict.FROZEN)
        if before.gap:
            return _with(self._given_back(score), score, Verdict.TOO_LONG)
        return _with(self, score, Verdict.NO_FREEZE if before.streak else Verdict.NO_STREAK)

    def _given_back(self, score: Score) -> "Book":
        """Rewrite the days that freezes seemed to cover before the gap outgrew them."""
        start = self.verdicts.rfind(Verdict.ACTIVE) + 1
        first = max(self.verdicts.find(Verdict.FROZEN, start), start)
        length = len(self.verdicts) - first
        gap = self.verdicts[first:].replace(Verdict.FROZEN, Verdict.TOO_LONG)
        kept = max(len(self.counts) - length, 0)
        counts = (*self.counts[:kept], *[(score.streak, score.balance)] * (len(self.counts) - kept))
        return Book(score, self.verdicts[:first] + gap, counts, self.whole)


def _with(book: Book, score: Score, verdict: Verdict) -> Book:
    verdicts, counts = book.verdicts + verdict, (*book.counts, (score.streak, score.balance))
    if book.whole:
        return Book(score, verdicts, counts, whole=True)
    return Book(score, verdicts[-MARKED_DAYS:], counts[-SHOWN_DAYS:])
