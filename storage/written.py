"""Rows that units have written, held against reads: who must read again, and who sees their own rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.dml import OnConflictDoUpdate
from sqlalchemy.sql import visitors

from storage.statements import ID, Query, Values, Write
from storage.tables import metadata

Staged = dict[Write, list[Values]]
Pairs = tuple[tuple[str, str], ...]

NEVER: Final = None


class Written:
    """Rows by the statement that writes them, in order."""

    def __init__(self) -> None:
        self.rows: Staged = {}
        self._values: dict[tuple[Write, Pairs], tuple[int, set[tuple[Any, ...]]]] = {}

    def add(self, write: Write, rows: Sequence[Values]) -> None:
        """Take in more rows of one statement."""
        self.rows.setdefault(write, []).extend(rows)

    def touching(self, query: Query, values: Values | None) -> list[Write]:
        """Return the statements that may have changed what a query finds."""
        found = []
        for write, rows in self.rows.items():
            if write.table in query.tables:
                pairs = clash(query, write, tuple(rows[0]))
                if pairs is not NEVER and (not pairs or self._has(write, pairs, values or {})):
                    found.append(write)
        return found

    def _has(self, write: Write, pairs: Pairs, values: Values) -> bool:
        """Tell whether a row has the values that the query asks for; each row is looked at once."""
        rows = self.rows[write]
        seen, among = self._values.get((write, pairs), (0, set()))
        if seen < len(rows):
            among.update(tuple([row[name] for name, _ in pairs]) for row in rows[seen:])
            self._values[write, pairs] = len(rows), among
        return tuple([values[parameter] for _, parameter in pairs]) in among


@lru_cache(maxsize=4096)
def clash(query: Query, write: Write, names: tuple[str, ...]) -> Pairs | None:
    """How a write can change what a query finds: where values equal parameters, or NEVER.

    ``names`` are those of the values written. An empty tuple says that any row may change it.
    """
    equal = query.equal.get(write.table, {})
    if isinstance(write.statement, sa.Insert):
        overwrites = isinstance(write.statement._post_values_clause, OnConflictDoUpdate)  # noqa: SLF001
        if write.statement.select is not None:
            return ()
        if write.table in query.parents and not overwrites:
            return NEVER
        kept = write.key if overwrites else names
        return tuple((name, parameter) for name, parameter in equal.items() if name in kept)
    if isinstance(write.statement, sa.Update):
        changed = _changed(write.statement, names)
        if not changed & query.columns:
            return NEVER
        if ID in names and "id" in equal and "id" not in changed:
            return ((ID, equal["id"]),)
    return ()


def _changed(statement: sa.Update, names: tuple[str, ...]) -> frozenset[str]:
    """The columns that an UPDATE sets: those that it names, else the values that its condition leaves."""
    if statement._values:  # noqa: SLF001
        return frozenset(column if isinstance(column, str) else column.name for column in statement._values)  # noqa: SLF001
    return frozenset(names) - {each.key for each in _binds(statement.whereclause)}


def _binds(clause: Any) -> list[sa.BindParameter[Any]]:
    return [each for each in visitors.iterate(clause) if isinstance(each, sa.BindParameter)]


def can_lay(query: Query, own: Written, writes: Sequence[Write]) -> bool:
    """Tell whether rows that these statements write tell all that the query shows of them."""
    return all(_can_lay(query, write, tuple(own.rows[write][0])) for write in writes)


def laid(
    query: Query, values: Values, found: Sequence[Any], own: Written, writes: Sequence[Write]
) -> list[Any]:
    """The rows found, with the rows written on top."""
    rows = list(found)
    for write in writes:
        pairs = clash(query, write, tuple(own.rows[write][0])) or ()
        wanted = [values[parameter] for _, parameter in pairs]
        for row in own.rows[write]:
            if [row[name] for name, _ in pairs] == wanted:
                rows = _laid(query, write, row, rows)
    places = [query.plain.index(name) for name in query.order]
    return sorted(rows, key=lambda row: [row[place] for place in places]) if places else rows


@lru_cache(maxsize=1024)
def _can_lay(query: Query, write: Write, names: tuple[str, ...]) -> bool:
    if not query.plain:
        return False
    equal = set(query.equal[write.table])
    if isinstance(write.statement, sa.Insert):
        keyed = set(write.key) <= (equal | {*query.plain} if write.sums else equal)
        return (
            keyed
            and {*write.once} <= {*query.plain}
            and clash(query, write, names) != ()
            and {*query.plain, *equal} <= set(names)
        )
    if not isinstance(write.statement, sa.Update) or write.statement._values:  # noqa: SLF001
        return False
    by_id = isinstance(write.statement.whereclause, sa.BinaryExpression) and write.key == (ID,)
    return by_id and "id" in query.plain and not equal & _changed(write.statement, names)


def _laid(query: Query, write: Write, row: Values, rows: list[Any]) -> list[Any]:
    if isinstance(write.statement, sa.Update):
        place = query.plain.index("id")
        return [tuple(map(row.get, query.plain, each)) if each[place] == row[ID] else each for each in rows]
    if write.sums:
        return _counted(query, write, row, rows)
    new = tuple(row[name] for name in query.plain)
    if write.once and _part(query, write, new) in [_part(query, write, each) for each in rows]:
        return rows
    return [new] if write.key else [*rows, new]


def _counted(query: Query, write: Write, row: Values, rows: list[Any]) -> list[Any]:
    """The rows with the one of the same key counted up; it is a new one where there was none."""
    for number, each in enumerate(rows):
        old = dict(zip(query.plain, each, strict=True))
        if all(old[name] == row[name] for name in write.key if name in old):
            sums = {name: old[name] + row[name] for name in write.sums if name in old}
            grown = {name: max(old[name], row[name]) for name in write.latest if name in old}
            new = tuple({**old, **sums, **grown}.values())
            return [*rows[:number], new, *rows[number + 1 :]]
    return [*rows, tuple(row[name] for name in query.plain)]


def _part(query: Query, write: Write, row: tuple[Any, ...]) -> list[Any]:
    return [value for name, value in zip(query.plain, row, strict=True) if name in write.once]


@lru_cache(maxsize=512)
def as_write(statement: sa.Insert | sa.Update | sa.Delete, table: str) -> Write:
    """A statement that is sent at once, as one that others are held against."""
    return Write(statement, table)


ORDER = {table.name: place for place, table in enumerate(metadata.sorted_tables)}
