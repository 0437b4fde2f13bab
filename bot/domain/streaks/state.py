"""The state of one member's streak: all that counting on needs, in one small row.

A ``State`` is a cache of the events behind it. It can always be thrown away and rebuilt from them. Its
``Book`` has the outcomes of the last days, and the ``Score`` after them.
"""

import datetime as dt
import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.domain.calendar import DEFAULT_ROLLOVER, ONE_DAY
from bot.domain.streaks.events import StreakSettings
from bot.toolkit.limits import BoundedDict

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
    """One line of a replay: a date, its outcome and the reason, and the count after it.

    ``reason`` is what a ``NoFaultDay`` said of the date, empty where there was none.
    """

    local_date: dt.date
    verdict: Verdict
    streak_after: int
    freezes_after: int
    reason: str = ""

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


STATE_VERSION = 2

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_ENCODER = json.JSONEncoder(separators=(",", ":"))


class NeedsReplay(Exception):
    """Signal that a state cannot take the event, or cannot be read: rebuild it from the facts."""


@dataclass(frozen=True, slots=True)
class RestDays:
    """The weekdays (Monday is 0) that the group and the member rest on: either is enough."""

    group: frozenset[int]
    member: frozenset[int]

    def cover(self, day: dt.date) -> bool:
        """Tell whether ``day`` is a rest day."""
        return day.weekday() in self.group or day.weekday() in self.member


@dataclass(frozen=True, slots=True)
class OpenDay:
    """The day that a member is in: its date, and when (UTC) it began for them."""

    date: dt.date
    began: dt.datetime


@dataclass(frozen=True, slots=True)
class State:
    """One member's streak between two events.

    ``next_zone`` and ``next_rest`` wait for the next rollover; ``zone_since`` and ``rest_since`` are the
    last days whose rollover brought another zone and other rest days of the member; ``changed_at`` (UTC) is
    the last fact about zone or rest days, granted or not, and an older one needs a replay. ``first`` and
    ``today`` are None until the member has joined. ``credited`` and ``no_fault`` hold dates from today on.

    ``book`` has the days whose status is final up to the first that is not; ``tail`` has a letter for each
    day from that one to yesterday, and ``began`` the instants at which these days began, after those of the
    few days before them. ``judged_at`` is the last closing (UTC) that made a day missed: an older answer
    needs a replay. ``as_of`` (UTC) is the instant up to which all of this is known. ``rollover`` is the one
    that the days were counted with: under another one a state is of no use.
    """

    zone: str
    rest: RestDays
    next_rest: RestDays
    book: Book
    next_zone: str | None = None
    zone_since: dt.date | None = None
    rest_since: dt.date | None = None
    changed_at: dt.datetime | None = None
    first: dt.date | None = None
    today: OpenDay | None = None
    tail: str = ""
    began: tuple[dt.datetime, ...] = ()
    judged_at: dt.datetime | None = None
    as_of: dt.datetime | None = None
    credited: frozenset[dt.date] = frozenset()
    no_fault: frozenset[dt.date] = frozenset()
    rollover: dt.time = DEFAULT_ROLLOVER

    @classmethod
    def new(cls, settings: StreakSettings) -> "State":
        """The state of somebody of whom nothing is known yet."""
        rest = RestDays(settings.rest_days, frozenset())
        score = Score(0, 0, settings.start_freezes, 0)
        return cls(settings.zone, rest, rest, Book(score), rollover=settings.rollover)

    @property
    def coming_zone(self) -> str:
        """The zone that holds after the next rollover."""
        return self.next_zone or self.zone

    @property
    def today_counted(self) -> bool:
        """Tell whether the open day is an active one already."""
        return self.today is not None and self.today.date in self.credited

    @property
    def blank_since(self) -> dt.datetime | None:
        """Beginning of the first day of which nobody has said whether it is missed; None without one."""
        place = self.tail.find(Verdict.OPEN)
        return self.began[place - len(self.tail)] if place >= 0 else None

    @property
    def tail_starts(self) -> dt.date | None:
        """The date of the first letter of ``tail``; today where that is empty, None before joining."""
        return None if self.today is None else self.today.date - len(self.tail) * ONE_DAY

    def to_json(self) -> str:
        """One line of JSON, under 1 kB for an ordinary member."""
        score = self.book.score
        text = _ENCODER.encode(
            {
                "version": STATE_VERSION,
                "zone": self.zone,
                "rest": [sorted(self.rest.group), sorted(self.rest.member)],
                "next_rest": [sorted(self.next_rest.group), sorted(self.next_rest.member)],
                "score": [score.streak, score.best, score.freezes, score.gap],
                "verdicts": self.book.verdicts,
                "counts": self.book.counts,
                "next_zone": self.next_zone,
                "zone_since": _to_iso(self.zone_since),
                "rest_since": _to_iso(self.rest_since),
                "changed_at": _to_iso(self.changed_at),
                "first": _to_iso(self.first),
                "today": self.today and [self.today.date.isoformat(), self.today.began.isoformat()],
                "tail": self.tail,
                "began": [(instant - _EPOCH) // _MICROSECOND for instant in self.began],
                "judged_at": _to_iso(self.judged_at),
                "as_of": _to_iso(self.as_of),
                "credited": sorted(map(dt.date.isoformat, self.credited)),
                "no_fault": sorted(map(dt.date.isoformat, self.no_fault)),
                "rollover": self.rollover.isoformat("minutes"),
            }
        )
        _REMEMBERED[text] = self
        return text

    @classmethod
    def from_json(cls, text: str) -> "State":
        """Read what ``to_json`` wrote. Raises NeedsReplay for another version or what cannot be read."""
        known = _REMEMBERED.get(text)
        if known is None:
            known = _REMEMBERED[text] = _read(text)
        return known


_REMEMBERED: BoundedDict[str, State] = BoundedDict(2048)
"""States by their text: who acts once soon acts again, on the state that was written then."""


def _read(text: str) -> State:
    try:
        document = json.loads(text)
        if document["version"] != STATE_VERSION:
            raise NeedsReplay(f"The state has version {document['version']}.")
        return _from_document(document)
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
        raise NeedsReplay("The state cannot be read.") from error


def _from_document(document: dict[str, Any]) -> State:
    counts = tuple((streak, freezes) for streak, freezes in document["counts"])
    return State(
        zone=document["zone"],
        rest=_rest_from_json(document["rest"]),
        next_rest=_rest_from_json(document["next_rest"]),
        book=Book(Score(*document["score"]), document["verdicts"], counts),
        next_zone=document["next_zone"],
        zone_since=_date_from_json(document["zone_since"]),
        rest_since=_date_from_json(document["rest_since"]),
        changed_at=_instant_from_json(document["changed_at"]),
        first=_date_from_json(document["first"]),
        today=_open_day_from_json(document["today"]),
        tail=document["tail"],
        began=tuple(_EPOCH + count * _MICROSECOND for count in document["began"]),
        judged_at=_instant_from_json(document["judged_at"]),
        as_of=_instant_from_json(document["as_of"]),
        credited=frozenset(map(dt.date.fromisoformat, document["credited"])),
        no_fault=frozenset(map(dt.date.fromisoformat, document["no_fault"])),
        rollover=dt.time.fromisoformat(document["rollover"]),
    )


def _to_iso(value: dt.date | None) -> str | None:
    return value.isoformat() if value is not None else None


def _rest_from_json(value: list[list[int]]) -> RestDays:
    group, member = map(frozenset, value)
    return RestDays(group, member)


def _date_from_json(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value is not None else None


def _instant_from_json(value: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if value is not None else None


def _open_day_from_json(value: list[str] | None) -> OpenDay | None:
    if value is None:
        return None
    day, began = value
    return OpenDay(dt.date.fromisoformat(day), dt.datetime.fromisoformat(began))
