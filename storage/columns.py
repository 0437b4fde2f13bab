"""Column types: how a Python value lies in a STRICT table.

SQLite's STRICT tables know INTEGER and TEXT only, so instants, dates, times, weekdays and flags are
encoded here, once. The same declarations give BIGINT and TEXT on PostgreSQL.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.domain.questions.kind import Response, from_json, to_json

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


class Instant(TypeDecorator[dt.datetime]):
    """An aware datetime as microseconds since the epoch; read back in UTC. A naive one is refused."""

    impl = INT
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _dialect: sa.Dialect) -> int | None:
        """Exact integer arithmetic: a float timestamp would lose microseconds."""
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, _dialect: sa.Dialect) -> dt.datetime | None:
        """The instant in UTC."""
        return None if value is None else EPOCH + dt.timedelta(microseconds=value)


class LocalDate(TypeDecorator[dt.date]):
    """A date as ISO text, which sorts as dates do."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: dt.date | None, _dialect: sa.Dialect) -> str | None:
        """``YYYY-MM-DD``."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> dt.date | None:
        """The date."""
        return None if value is None else dt.date.fromisoformat(value)


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


class Numbers(TypeDecorator[tuple[int, ...]]):
    """Whole numbers as text with spaces between; none is the empty text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, _dialect: sa.Dialect) -> str | None:
        """The numbers in their order."""
        return None if value is None else " ".join(map(str, value))

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> tuple[int, ...] | None:
        """The numbers."""
        return None if value is None else _numbers(value)


class Data(TypeDecorator[Mapping[str, "str | int"]]):
    """Strings and numbers by name, as JSON."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, str | int] | None, _dialect: sa.Dialect) -> str | None:
        """JSON without NUL characters, which PostgreSQL does not keep."""
        return None if value is None else json.dumps(dict(value)).replace("\\u0000", "")

    def process_result_value(
        self, value: str | None, _dialect: sa.Dialect
    ) -> Mapping[str, str | int] | None:
        """The values by name. Raises ValueError for others, such as lists."""
        if value is None:
            return None
        found = dict(json.loads(value))
        if any(isinstance(each, dict | list) for each in found.values()):
            raise ValueError("only strings and numbers are kept")
        return found


class Responded(TypeDecorator[Response]):
    """A response to a question as JSON, equal responses as equal text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Response | None, _dialect: sa.Dialect) -> str | None:
        """The JSON."""
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> Response | None:
        """The response. Raises ValueError for text that is none."""
        return None if value is None else from_json(value)


def undecoded(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """The column as it lies in the table, to be read by ``decoded``: one bad value then costs one row."""
    kind = column.type
    return sa.type_coerce(column, kind.impl_instance) if isinstance(kind, TypeDecorator) else column


def decoded(column: sa.Column[Any], value: Any, dialect: sa.Dialect) -> Any:
    """The value as the column means it. Raises one of ``UNREADABLE``."""
    kind = column.type
    return kind.process_result_value(value, dialect) if isinstance(kind, TypeDecorator) else value


class Named(TypeDecorator[StrEnum]):
    """A member of an enum as its text; None stays None."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, names: type[StrEnum]) -> None:
        super().__init__()
        self.names = names

    def process_bind_param(self, value: StrEnum | None, _dialect: sa.Dialect) -> str | None:
        """The text."""
        return None if value is None else value.value

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> StrEnum | None:
        """The member."""
        return None if value is None else self.names(value)


class WallTime(TypeDecorator[dt.time]):
    """A wall time as ``HH:MM``; seconds are dropped."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: dt.time | None, _dialect: sa.Dialect) -> str | None:
        """``HH:MM``."""
        return None if value is None else value.strftime("%H:%M")

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> dt.time | None:
        """The time."""
        return None if value is None else dt.time.fromisoformat(value)


class Weekdays(TypeDecorator[frozenset[int]]):
    """A set of weekdays as a bit mask, Monday being bit 0. None is not the empty set."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: frozenset[int] | None, _dialect: sa.Dialect) -> int | None:
        """The mask."""
        return None if value is None else sum(1 << day for day in value)

    def process_result_value(self, value: int | None, _dialect: sa.Dialect) -> frozenset[int] | None:
        """The set."""
        return None if value is None else frozenset(day for day in range(7) if value >> day & 1)


class Flag(TypeDecorator[bool]):
    """A bool as 0 or 1; None stays None."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, _dialect: sa.Dialect) -> int | None:  # noqa: FBT001
        """0 or 1."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, _dialect: sa.Dialect) -> bool | None:
        """The bool."""
        return None if value is None else value != 0


@lru_cache(maxsize=1024)
def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split()))


# A group is read with each of its posts.
@lru_cache(maxsize=1024)
def _dates(text: str) -> frozenset[dt.date]:
    return frozenset(map(dt.date.fromisoformat, text.split()))
