"""Statements made once, at import, so that SQLAlchemy's cache always knows them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import visitors

from storage.portable import KEYS, key_as, part_as

Values = dict[str, Any]
AnyRow = sa.Row[*tuple[Any, ...]]
AnySelect = sa.Select[*tuple[Any, ...]]


def columns(table: sa.Table, names: str) -> tuple[sa.Column[Any], ...]:
    """The columns of a table by their names, divided by spaces."""
    return tuple(table.c[name] for name in names.split())


def given(table: sa.Table, *names: str) -> sa.ColumnElement[bool]:
    """These columns equal the parameters of the same names."""
    return sa.and_(*(table.c[name] == sa.bindparam(name) for name in names))


def same(one: sa.Table, other: sa.Table, *names: str) -> sa.ColumnElement[bool]:
    """These columns are equal in both tables."""
    return sa.and_(*(one.c[name] == other.c[name] for name in names))


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A SELECT and the tables that it reads, which decide what must be flushed before it."""

    statement: AnySelect
    tables: frozenset[str]


def query(statement: AnySelect) -> Query:
    """Find the tables of a SELECT."""
    return Query(statement, frozenset(tables_of(statement)))


@dataclass(frozen=True, slots=True, eq=False)
class Write:
    """A statement whose rows are collected and sent together.

    Where ``key`` is set, the rows of one key are made one first: the columns of ``sums`` are added up
    and of the others the last is taken.
    """

    statement: sa.Insert | sa.Update | sa.Delete
    table: str
    key: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()

    def folded(self, rows: list[Values]) -> list[Values]:
        """One row for each key."""
        if not self.key or len(rows) == 1:
            return rows
        kept: dict[tuple[Any, ...], Values] = {}
        for row in rows:
            key = tuple(row[name] for name in self.key)
            old = kept.get(key)
            if old is not None:
                kept[key] = row | {name: row[name] + old[name] for name in self.sums}
            else:
                kept[key] = row
        return list(kept.values())


def append(table: sa.Table) -> Write:
    """Add rows; one that is there already is a Conflict."""
    return Write(sa.insert(table), table.name)


def append_once(table: sa.Table) -> Write:
    """Add rows; one whose primary key is there already does nothing."""
    statement = insert(table).on_conflict_do_nothing(index_elements=list(table.primary_key))
    return Write(statement, table.name)


def overwrite(table: sa.Table) -> Write:
    """Add rows, or overwrite those with the same primary key."""
    names = tuple(column.name for column in table.primary_key)
    statement = insert(table)
    rest = {column.name: statement.excluded[column.name] for column in table.c if column.name not in names}
    changed = statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=rest)
    return Write(changed, table.name, key=names)


def count_up(table: sa.Table, sums: Sequence[str], latest: Sequence[str] = ()) -> Write:
    """Add ``sums`` to the counters of a row, made when absent; ``latest`` columns only ever grow."""
    names = tuple(column.name for column in table.primary_key)
    statement = insert(table)
    new = statement.excluded
    grown = {name: table.c[name] + new[name] for name in sums} | {
        name: sa.case((new[name] > table.c[name], new[name]), else_=table.c[name]) for name in latest
    }
    changed = statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=grown)
    return Write(changed, table.name, key=names, sums=tuple(sums))


def change(table: sa.Table) -> Write:
    """Update the row whose id is ``ID`` in the other columns given, which must always be the same ones.

    The last change of a row counts.
    """
    return Write(sa.update(table).where(table.c.id == sa.bindparam(ID)), table.name, key=(ID,))


ID = "row_id"


def among(table: sa.Table, *columns: sa.ColumnElement[Any]) -> sa.Join:
    """``table`` where ``columns`` are one of ``keys`` (see ``keys``).

    Not ``(a, b) IN (VALUES …)``: SQLite scans the whole table for it. One JSON parameter also keeps
    the statement's text the same for any number of keys, so it is prepared once.
    """
    if len(columns) == 1:
        return KEYS.join(table, columns[0] == key_as(columns[0].type))
    parts = (column == part_as(place, column.type) for place, column in enumerate(columns))
    return KEYS.join(table, sa.and_(*parts))


def keys(wanted: Iterable[object]) -> Values:
    """The parameter of ``among``: a list of values, or of tuples when it has several columns."""
    return {"keys": json.dumps(list(wanted))}


def tables_of(statement: sa.ClauseElement) -> list[str]:
    """The names of the tables in a statement, in order."""
    return sorted({item.name for item in visitors.iterate(statement) if isinstance(item, sa.Table)})
