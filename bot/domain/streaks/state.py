"""The state of one member's streak: all that counting on needs, in one small row.

A ``State`` is a cache of the events behind it. It can always be thrown away and rebuilt from them.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from bot.domain.calendar import DEFAULT_ROLLOVER, ONE_DAY
from bot.domain.streaks.days import Book, Score, Verdict
from bot.domain.streaks.events import StreakSettings
from bot.toolkit.lru import BoundedDict

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
                "rest": _rest_to_json(self.rest),
                "next_rest": _rest_to_json(self.next_rest),
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
                "credited": _dates_to_json(self.credited),
                "no_fault": _dates_to_json(self.no_fault),
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


_REMEMBERED: BoundedDict[str, State] = BoundedDict(1024)
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


def _dates_to_json(dates: frozenset[dt.date]) -> list[str]:
    return [day.isoformat() for day in sorted(dates)]


def _rest_to_json(rest: RestDays) -> list[list[int]]:
    return [sorted(rest.group), sorted(rest.member)]


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
