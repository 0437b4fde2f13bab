"""The document of ``milepost streak replay FILE.json``: a member's facts in, their replayed streak out.

The format is described, with an example that the tests run, in docs/streaks.md, "The replay file".
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from bot.domain.calendar import describe_days
from bot.domain.parsing import known_zone, parse_days, parse_time, parse_zone
from bot.domain.streaks import (
    Acted,
    Asked,
    Event,
    Joined,
    NoFaultDay,
    RestDaysSet,
    StreakReplay,
    StreakSettings,
    ZoneChanged,
)

T = TypeVar("T")

_YEARS = range(1900, 2201)


class ReplayFileError(ValueError):
    """A document that cannot be replayed: the place in it, and a sentence about what is wrong."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A value of the document and the way to it, such as ``events[3].at``."""

    path: str
    value: object

    def error(self, sentence: str) -> ReplayFileError:
        return ReplayFileError(f"{self.path}: {sentence}" if self.path else sentence)

    def member(self, name: str, value: object = None) -> "_Node":
        return _Node(f"{self.path}.{name}" if self.path else name, value)

    def members(self) -> "dict[str, _Node]":
        if not isinstance(self.value, dict):
            raise self.error("an object {…} is needed.")
        return {name: self.member(name, value) for name, value in self.value.items()}

    def items(self) -> "list[_Node]":
        if not isinstance(self.value, list):
            raise self.error("a list […] is needed.")
        return [_Node(f"{self.path}[{at}]", value) for at, value in enumerate(self.value)]

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self.error("a text in quotes is needed.")
        return self.value

    def read(self, parse: Callable[[str], T]) -> T:
        try:
            return parse(self.text())
        except ReplayFileError:
            raise
        except ValueError as error:
            raise self.error(str(error)) from error


_Readers: TypeAlias = Mapping[str, Callable[[_Node], Any]]


@dataclass(frozen=True, slots=True)
class _Shape:
    """Fields that one kind of object may have, and the value that is made of them."""

    build: Callable[..., Any]
    required: _Readers
    optional: _Readers

    def read(self, node: _Node) -> Any:
        return self.make(node, node.members())

    def make(self, node: _Node, members: Mapping[str, _Node]) -> Any:
        readers = {**self.required, **self.optional}
        for name in self.required:
            if name not in members:
                raise node.member(name).error("this is missing.")
        for name, member in members.items():
            if name not in readers:
                raise member.error(f"this isn't known. Use {_known(readers)}.")
        values = {name: readers[name](member) for name, member in members.items()}
        try:
            return self.build(**values)
        except ValueError as error:
            raise node.error(str(error)) from error


def parse_replay(text: str) -> tuple[list[Event], StreakSettings, dt.datetime]:
    """The events, the settings and the instant (UTC) up to which to replay them.

    Raises ReplayFileError, which names the place in the document, for whatever cannot be read.
    """
    return _DOCUMENT.read(_Node("", _load(text)))  # type: ignore[no-any-return]


def replay_to_json(replayed: StreakReplay) -> dict[str, object]:
    """A replayed streak as plain JSON values: dates and times (UTC) are ISO 8601 texts."""
    return {
        "today": replayed.today.isoformat(),
        "today_counted": replayed.today_counted,
        "counts_until": replayed.counts_until.isoformat(),
        "current": replayed.current,
        "best": replayed.best,
        "freezes": replayed.freezes,
        "active_last_30": replayed.active_last_30,
        "asked_last_30": replayed.asked_last_30,
        "days": [
            {
                "local_date": day.local_date.isoformat(),
                "status": day.verdict.status.value,
                "note": day.note,
                "streak_after": day.streak_after,
                "freezes_after": day.freezes_after,
            }
            for day in replayed.days
        ],
        "refused": [_refused_to_json(one) for one in replayed.refused],
    }


def _refused_to_json(change: ZoneChanged | RestDaysSet) -> dict[str, str]:
    if isinstance(change, ZoneChanged):
        return {"at": change.at.isoformat(), "zone": change.zone}
    return {"at": change.at.isoformat(), "days": describe_days(change.days)}


def _load(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_without_repetition)
    except json.JSONDecodeError as error:
        raise ReplayFileError(
            f"line {error.lineno}, column {error.colno}: this is not JSON ({error.msg})."
        ) from error
    except ReplayFileError:
        raise
    except (RecursionError, ValueError) as error:  # nested too deeply; a number without end
        raise ReplayFileError("The document is too large to be read.") from error


def _without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ReplayFileError(f'"{twice}" appears twice in one object.')
    return found


def _known(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _text(node: _Node) -> str:
    return node.text()


def _count(node: _Node) -> int:
    if not isinstance(node.value, int) or isinstance(node.value, bool):
        raise node.error("a whole number is needed.")
    return node.value


def _whose(node: _Node) -> str:
    if node.value not in ("group", "member"):
        raise node.error('"group" or "member" is needed.')
    return node.text()


def _instant(node: _Node) -> dt.datetime:
    return node.read(_parse_instant)


def _optional_instant(node: _Node) -> dt.datetime | None:
    return None if node.value is None else _instant(node)


def _parse_instant(text: str) -> dt.datetime:
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("a time such as 2026-03-01T08:30:00+01:00 is needed.") from None
    if instant.tzinfo is None:
        raise ValueError("the time needs an offset, such as +01:00, or Z for UTC.")
    _check_year(instant)
    return instant.astimezone(dt.UTC)


def _date(node: _Node) -> dt.date:
    return node.read(_parse_date)


def _optional_date(node: _Node) -> dt.date | None:
    return None if node.value is None else _date(node)


def _parse_date(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError("a date such as 2026-03-01 is needed.") from None
    _check_year(day)
    return day


def _check_year(day: dt.date) -> None:
    # Every day between two events is walked: a slip such as year 0026 would take minutes.
    if day.year not in _YEARS:
        raise ValueError(f"the year must lie between {_YEARS[0]} and {_YEARS[-1]}.")


def _event(node: _Node) -> Event:
    members = node.members()
    kind = members.pop("type", None)
    if kind is None:
        raise node.member("type").error("this is missing.")
    if kind.text() not in _EVENTS:
        raise kind.error(f"this type of event isn't known. Use {_known(_EVENTS)}.")
    if kind.text() == "activity":
        members.setdefault("key", node.member("key", node.path))
    return _EVENTS[kind.text()].make(node, members)  # type: ignore[no-any-return]


def _events(node: _Node) -> list[Event]:
    return [_event(item) for item in node.items()]


def _activity(at: dt.datetime, kind: str, key: str, local_date: dt.date | None = None) -> Acted:
    return Acted(at, kind, key, local_date)


def _asked(opens: dt.datetime, closes: dt.datetime | None, keys: frozenset[str]) -> Asked:
    if closes is not None and closes < opens:
        raise ValueError("it closes before it opens.")
    return Asked(opens, closes, keys)


def _keys(node: _Node) -> frozenset[str]:
    return frozenset(item.text() for item in node.items())


def _document(
    events: list[Event], until: dt.datetime, settings: StreakSettings | None = None
) -> tuple[list[Event], StreakSettings, dt.datetime]:
    return events, settings or StreakSettings(), until


def _days(node: _Node) -> frozenset[int]:
    return node.read(parse_days)


def _zone(node: _Node) -> str:
    return node.read(lambda text: known_zone(text) or parse_zone(text))


_SETTINGS = _Shape(
    StreakSettings,
    required={},
    optional={
        "rollover": lambda node: node.read(parse_time),
        "zone": _zone,
        "start_freezes": _count,
        "earn_every": _count,
        "hold": _count,
        "rest_days": _days,
    },
)
_EVENTS = {
    "joined": _Shape(Joined, {"at": _instant}, {}),
    "activity": _Shape(
        _activity,
        required={"at": _instant, "kind": _text},
        optional={"key": _text, "local_date": _optional_date},
    ),
    "zone_changed": _Shape(ZoneChanged, {"at": _instant, "zone": _zone}, {}),
    "rest_days_set": _Shape(RestDaysSet, {"at": _instant, "days": _days}, {"whose": _whose}),
    "asked": _Shape(_asked, {"opens": _instant, "closes": _optional_instant, "keys": _keys}, {}),
    "no_fault_day": _Shape(NoFaultDay, {"local_date": _date, "reason": _text}, {}),
}
_DOCUMENT = _Shape(
    _document,
    required={"until": _instant, "events": _events},
    optional={"settings": _SETTINGS.read},
)
