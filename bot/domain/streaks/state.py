"""The state of one member's streak: all that counting on needs, in one small row.

A ``State`` is a cache of the events behind it. It can always be thrown away and rebuilt from them. Its
``Book`` has the outcomes of the last days, and the ``Score`` after them.
"""

import datetime as dt
import json
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import methodcaller
from typing import Any, Self

from bot.domain.calendar import DEFAULT_ROLLOVER, ONE_DAY
from bot.domain.streaks.events import StreakSettings
from bot.toolkit.limits import BoundedDict

SHOWN_DAYS = 14
"""Days whose counts a state keeps: the lines that ``/streak`` shows."""

MARKED_DAYS = 182
"""Days whose verdicts a state keeps: the 26 weeks of the picture."""


class DayStatus(StrEnum):
    """The outcome of a day. Only ACTIVE counts, only MISSED ends a streak."""

    ACTIVE = "active"
    REST = "rest"
    FROZEN = "frozen"
    NEUTRAL = "neutral"
    MISSED = "missed"
    OPEN = "open"


class Verdict(StrEnum):
    """A status with its reason, as one letter: a state keeps half a year of them in one text.

    ``note`` is the reason in a few words, for programs; members read the words of a view.
    """

    status: DayStatus
    note: str

    def __new__(cls, letter: str, status: DayStatus = DayStatus.NEUTRAL, note: str = "") -> Self:
        """Return the verdict of a letter, which is its value: ``Verdict("a")`` is ``Verdict.ACTIVE``."""
        verdict = str.__new__(cls, letter)
        verdict._value_, verdict.status, verdict.note = letter, status, note
        return verdict

    ACTIVE = "a", DayStatus.ACTIVE
    REST = "r", DayStatus.REST, "rest day"
    FROZEN = "f", DayStatus.FROZEN, "covered by a freeze"
    NOTHING_ASKED = "n", DayStatus.NEUTRAL, "nothing was asked"
    IN_TIME = "t", DayStatus.NEUTRAL, "answered in time"
    NO_FAULT = "o", DayStatus.NEUTRAL, "day off"
    SKIPPED = "s", DayStatus.NEUTRAL, "this date was skipped"
    SHORT_FIRST = "h", DayStatus.NEUTRAL, "less than half a day"
    SHORT = "v", DayStatus.NEUTRAL, "less than half a day"
    TOO_LONG = "g", DayStatus.MISSED, "gap longer than the freezes"
    NO_FREEZE = "m", DayStatus.MISSED, "no freeze left"
    NO_STREAK = "z", DayStatus.MISSED
    OPEN = "?", DayStatus.OPEN


MISSED = frozenset(verdict for verdict in Verdict if verdict.status is DayStatus.MISSED)
ASKED = "".join((Verdict.ACTIVE, Verdict.FROZEN, *MISSED))
"""Letters of the days that counted: the active ones and the missed ones."""


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

    ``gap`` counts the missed days since the last active one that freezes cover; ``freezes`` are those that
    are left. They are paid for when an active day closes the gap; a gap that outgrows them costs none.
    """

    streak: int
    best: int
    freezes: int
    gap: int

    def after_active(self, settings: StreakSettings) -> "Score":
        """Close the gap, count the day, and earn a freeze at each multiple of ``earn_every``."""
        streak = self.streak + 1
        earned = streak % settings.earn_every == 0
        return Score(streak, max(self.best, streak), min(self.freezes + earned, settings.hold), gap=0)

    def after_missed(self) -> tuple["Score", Verdict]:
        """Widen the gap while freezes can cover all of it, else end the streak; with the kind of miss.

        A streak of 0 has nothing to protect and takes no freeze.
        """
        if self.streak and self.freezes:
            return replace(self, freezes=self.freezes - 1, gap=self.gap + 1), Verdict.FROZEN
        kind = Verdict.TOO_LONG if self.gap else Verdict.NO_FREEZE if self.streak else Verdict.NO_STREAK
        return replace(self, streak=0, freezes=self.freezes + self.gap, gap=0), kind


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

    def after(self, days: str, settings: StreakSettings) -> "Book":
        """Return the book with more days, a letter each. The score decides what kind of miss a miss is."""
        score, verdicts, counts = self.score, self.verdicts, self.counts
        for letter in days:
            verdict = Verdict(letter)
            if verdict is Verdict.ACTIVE:
                score = score.after_active(settings)
            elif verdict in MISSED:
                score, verdict = score.after_missed()
                if verdict is Verdict.TOO_LONG:
                    verdicts, counts = _given_back(verdicts, counts, score)
            verdicts, counts = verdicts + verdict, (*counts, (score.streak, score.freezes))
            if not self.whole:
                verdicts, counts = verdicts[-MARKED_DAYS:], counts[-SHOWN_DAYS:]
        return Book(score, verdicts, counts, self.whole)


def _given_back(
    verdicts: str, counts: tuple[tuple[int, int], ...], score: Score
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Rewrite the days that freezes seemed to cover before the gap outgrew them."""
    start = verdicts.rfind(Verdict.ACTIVE) + 1
    first = max(verdicts.find(Verdict.FROZEN, start), start)
    gap = verdicts[first:].replace(Verdict.FROZEN, Verdict.TOO_LONG)
    kept = max(len(counts) - len(gap), 0)
    return verdicts[:first] + gap, (*counts[:kept], *[(score.streak, score.freezes)] * (len(counts) - kept))


STATE_VERSION = 2

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_ENCODER = json.JSONEncoder(separators=(",", ":"), default=methodcaller("isoformat"))


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
                # The freezes are stored with those that cover the gap.
                "score": [score.streak, score.best, score.freezes + score.gap, score.gap],
                "verdicts": self.book.verdicts,
                "counts": self.book.counts,
                "next_zone": self.next_zone,
                "zone_since": self.zone_since,
                "rest_since": self.rest_since,
                "changed_at": self.changed_at,
                "first": self.first,
                "today": self.today and [self.today.date, self.today.began],
                "tail": self.tail,
                "began": [(instant - _EPOCH) // _MICROSECOND for instant in self.began],
                "judged_at": self.judged_at,
                "as_of": self.as_of,
                "credited": sorted(self.credited),
                "no_fault": sorted(self.no_fault),
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
    streak, best, freezes, gap = document["score"]
    score = Score(streak, best, freezes - gap, gap)
    counts = tuple((streak, freezes) for streak, freezes in document["counts"])
    return State(
        zone=document["zone"],
        rest=_rest_from_json(document["rest"]),
        next_rest=_rest_from_json(document["next_rest"]),
        book=Book(score, document["verdicts"], counts),
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
