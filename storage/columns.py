"""Column types: how a Python value lies in a STRICT table.

SQLite's STRICT tables know INTEGER and TEXT only, so instants, dates, times, weekdays and flags are
encoded here, once. The same declarations give BIGINT and TEXT on PostgreSQL.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter, methodcaller
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.domain.questions.kind import Response, from_json, to_json

T = TypeVar("T")
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)

UNREADABLE = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError)
"""Errors of reading a value that no Milepost wrote."""

SCORE: TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
"""A share from 0 to 1."""

INT: TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class WithoutNul(TypeDecorator[str]):
    """Text for PostgreSQL, which keeps no NUL character: it is left out."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: sa.Dialect) -> str | None:
        """Return what can be kept."""
        return None if value is None else value.replace("\0", "")


TEXT: TypeEngine[str] = sa.Text().with_variant(WithoutNul(), "postgresql")


class Coded(TypeDecorator[T]):
    """A value that INTEGER or TEXT stands for, as ``encode`` and ``decode`` say; None stays None."""

    impl: Any = sa.Text
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]

    def process_bind_param(self, value: T | None, _dialect: sa.Dialect) -> Any:
        """Return what lies in the table."""
        return None if value is None else self.encode(value)

    def process_result_value(self, value: Any, _dialect: sa.Dialect) -> T | None:
        """Return what it stands for. Raises one of ``UNREADABLE``."""
        return None if value is None else self.decode(value)


class Instant(Coded[dt.datetime]):
    """An aware datetime as microseconds since the epoch; read back in UTC. A naive one is refused."""

    impl = INT
    cache_ok = True

    @staticmethod
    def encode(value: dt.datetime) -> int:
        """Exact integer arithmetic: a float timestamp would lose microseconds."""
        return (value - EPOCH) // MICROSECOND

    @staticmethod
    def decode(value: int) -> dt.datetime:
        """The instant in UTC."""
        return EPOCH + dt.timedelta(microseconds=value)


class LocalDate(Coded[dt.date]):
    """A date as ISO text, which sorts as dates do."""

    cache_ok = True
    encode, decode = staticmethod(dt.date.isoformat), staticmethod(dt.date.fromisoformat)


class WallTime(Coded[dt.time]):
    """A wall time as ``HH:MM``; seconds are dropped."""

    cache_ok = True
    encode, decode = methodcaller("strftime", "%H:%M"), staticmethod(dt.time.fromisoformat)


class Weekdays(Coded[frozenset[int]]):
    """A set of weekdays as a bit mask, Monday being bit 0. None is not the empty set."""

    impl = sa.Integer
    cache_ok = True

    @staticmethod
    def encode(value: frozenset[int]) -> int:
        """The mask."""
        return sum(1 << day for day in value)

    @staticmethod
    def decode(value: int) -> frozenset[int]:
        """The set."""
        return frozenset(day for day in range(7) if value >> day & 1)


class Flag(Coded[bool]):
    """A bool as 0 or 1."""

    impl = sa.Integer
    cache_ok = True
    encode, decode = int, bool


class Named(Coded[StrEnum]):
    """A member of an enum as its text."""

    cache_ok = True
    encode = attrgetter("value")

    def __init__(self, names: type[StrEnum]) -> None:
        super().__init__()
        self.names = self.decode = names


@lru_cache(maxsize=1024)
def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split()))


class Numbers(Coded[tuple[int, ...]]):
    """Whole numbers as text with spaces between; none is the empty text."""

    cache_ok = True

    @staticmethod
    def encode(value: tuple[int, ...]) -> str:
        """The numbers in their order."""
        return " ".join(map(str, value))

    decode = staticmethod(_numbers)


class Responded(Coded[Response]):
    """A response to a question as JSON, equal responses as equal text."""

    cache_ok = True
    encode, decode = staticmethod(to_json), staticmethod(from_json)


class Data(Coded[Mapping[str, "str | int"]]):
    """Strings and numbers by name, as JSON."""

    cache_ok = True

    @staticmethod
    def encode(value: Mapping[str, str | int]) -> str:
        """JSON without NUL characters, which PostgreSQL does not keep."""
        return json.dumps(dict(value)).replace("\\u0000", "")

    @staticmethod
    def decode(value: str) -> Mapping[str, str | int]:
        """The values by name. Raises ValueError for others, such as lists."""
        found = dict(json.loads(value))
        if any(isinstance(each, dict | list) for each in found.values()):
            raise ValueError("only strings and numbers are kept")
        return found


class Dates(TypeDecorator[frozenset[dt.date]]):
    """A set of dates as ISO text with spaces between; the empty set is NULL."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: frozenset[dt.date] | None, _dialect: sa.Dialect) -> str | None:
        """The dates in order."""
        return " ".join(sorted(date.isoformat() for date in value)) if value else None

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> frozenset[dt.date]:
        """The set."""
        return _dates(value or "")


# A group is read with each of its posts.
@lru_cache(maxsize=1024)
def _dates(text: str) -> frozenset[dt.date]:
    return frozenset(map(dt.date.fromisoformat, text.split()))


def undecoded(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """The column as it lies in the table, to be read by ``decoded``: one bad value then costs one row."""
    kind = column.type
    return sa.type_coerce(column, kind.impl_instance) if isinstance(kind, TypeDecorator) else column


def decoded(column: sa.Column[Any], value: Any, dialect: sa.Dialect) -> Any:
    """The value as the column means it. Raises one of ``UNREADABLE``."""
    kind = column.type
    return kind.process_result_value(value, dialect) if isinstance(kind, TypeDecorator) else value
