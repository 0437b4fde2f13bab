"""Events that a streak is made of: the facts about one member, and the settings of their group.

``Event`` is a closed union. A later fact (a granted freeze, a repair, a holiday) becomes a class here and a
member of the union; mypy then asks for its place in ``order_of`` and in ``rules``, and STATE_VERSION goes
up. Until then such a fact is refused wherever it could come in: a replay that leaves out what it does not
understand would be wrong without saying so.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from bot.domain.calendar import (
    DEFAULT_ROLLOVER,
    require_weekdays,
    require_whole_minute,
    require_zone,
)

Whose: TypeAlias = Literal["group", "member"]


@dataclass(frozen=True, slots=True)
class Joined:
    """The member joined at ``at`` (UTC). Days before the day of joining do not exist."""

    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Acted:
    """A genuine attempt, right or wrong: an answer, a prompt, a shared project.

    ``at`` (UTC) is the click's own time. ``key`` identifies the fact: two activities with one key are one
    activity. ``local_date`` is the day that it was recorded under, which then stands whatever the settings
    become; None leaves it to the member's clock.
    """

    at: dt.datetime
    kind: str
    key: str
    local_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ZoneChanged:
    """The member asked at ``at`` (UTC) for the IANA zone ``zone``. Raises BadZone if unknown."""

    at: dt.datetime
    zone: str

    def __post_init__(self) -> None:
        require_zone(self.zone)


@dataclass(frozen=True, slots=True)
class RestDaysSet:
    """The group or the member chose at ``at`` (UTC) the weekdays (Monday is 0) to rest on."""

    at: dt.datetime
    days: frozenset[int]
    whose: Whose = "member"

    def __post_init__(self) -> None:
        require_weekdays(self.days)


@dataclass(frozen=True, slots=True)
class NoFaultDay:
    """A date that is off, whatever was asked: the bot was down, or everybody was away."""

    local_date: dt.date
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A task of the member: a question or a prompt, open from ``opens`` to ``closes`` (UTC).

    ``keys`` are those of the activities that answer it. ``closes`` is None while nobody knows when that is.
    """

    opens: dt.datetime
    closes: dt.datetime | None
    keys: frozenset[str]


TimedEvent: TypeAlias = Joined | Acted | ZoneChanged | RestDaysSet
StateEvent: TypeAlias = TimedEvent | NoFaultDay
Event: TypeAlias = StateEvent | Asked


@dataclass(frozen=True, slots=True)
class StreakSettings:
    """Rules by which a group counts streaks.

    ``rollover`` is the wall time at which a day begins, ``zone`` the group's, ``rest_days`` the group's
    weekdays off (Monday is 0) until a ``RestDaysSet`` says otherwise. A member starts with
    ``start_freezes``, earns one for each ``earn_every`` active days of a streak, and holds at most
    ``hold``. Raises ValueError (BadTime, BadDays and BadZone among them) for settings that cannot be.
    """

    rollover: dt.time = DEFAULT_ROLLOVER
    zone: str = "UTC"
    start_freezes: int = 1
    earn_every: int = 7
    hold: int = 2
    rest_days: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        require_whole_minute(self.rollover)
        require_zone(self.zone)
        require_weekdays(self.rest_days)
        if self.earn_every < 1:
            raise ValueError("earn_every must be at least 1.")
        if not 0 <= self.start_freezes <= self.hold:
            raise ValueError("start_freezes must lie between 0 and hold.")


def order_of(event: TimedEvent) -> tuple[dt.datetime, int, str]:
    """The key by which events are taken: their instant, and for one instant an order of its own.

    Zone and rest days come before joining, so that what is known of somebody at that moment holds
    from the first day on. No two different events share a key, so no result depends on arrival.
    """
    match event:
        case ZoneChanged():
            return event.at, 0, event.zone
        case RestDaysSet():
            return event.at, 1, f"{event.whose} {sorted(event.days)}"
        case Acted():
            return event.at, 2, f"{event.local_date or '~'} {event.key}"
        case Joined():
            return event.at, 3, ""
        case _:
            assert_never(event)
