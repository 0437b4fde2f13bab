"""Statements made once, at import, so that SQLAlchemy's cache always knows them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.dialects.postgresql.dml import OnConflictDoUpdate
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.functions import FunctionElement

from storage.portable import KEYS, key_as, part_as

Values = dict[str, Any]
Key = tuple[Any, ...]
Pairs = tuple[tuple[str, str], ...]
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
    """A SELECT, with what tells which writes can change its rows.

    ``columns`` has every word in it that may name a column, ``equal`` those that must equal a parameter in
    every row found, by table. ``batched`` finds the rows of many sets of parameters at once, each with the
    place of its set in the last column; it is None where that cannot be said, as under a LIMIT.
    """

    statement: AnySelect
    tables: frozenset[str]
    columns: frozenset[str]
    parameters: tuple[str, ...]
    equal: Mapping[str, Mapping[str, str]]
    batched: AnySelect | None


def query(statement: AnySelect, *, keyed: Sequence[sa.Column[Any]] = ()) -> Query:
    """Look into a SELECT.

    ``keyed`` are the columns that equal the parameters of their names, where a statement is written
    for many sets of these: they are parts 1, 2, … of its keys, and its last column is ``place_in()``.
    """
    inside = list(visitors.iterate(statement))
    named = [each.name for each in inside if isinstance(each, sa.ColumnClause)]
    said = [each.text for each in inside if isinstance(each, sa.TextClause)]
    names = tuple(
        sorted(each.key for each in inside if isinstance(each, sa.BindParameter) and each.required)
    )
    nested = {
        table
        for each in inside
        if isinstance(each, sa.Select | sa.Alias) and each is not statement
        for table in tables_of(each)
    }
    equal: dict[str, dict[str, str]] = {}
    for column, bind in _equalities(statement.whereclause):
        if isinstance(column.table, sa.Table) and column.table.name not in nested:
            equal.setdefault(column.table.name, {})[column.name] = bind.key
    for column in keyed:
        equal.setdefault(column.table.name, {})[column.name] = column.name
    return Query(
        statement,
        frozenset(tables_of(statement)),
        frozenset(re.findall(r"\w+", " ".join([*named, *said]))),
        tuple(column.name for column in keyed) or names,
        equal,
        statement if keyed else _batched(statement, names, inside),
    )


def place_in() -> sa.ColumnElement[int]:
    """The place of a set of parameters among the keys of a batched statement."""
    return part_as(0, sa.Integer()).label("place")


def _equalities(clause: Any) -> Iterator[tuple[sa.Column[Any], sa.BindParameter[Any]]]:
    """Each ``column = :parameter`` that must hold for a row to be found."""
    if isinstance(clause, sa.BooleanClauseList) and clause.operator is operators.and_:
        for each in clause.clauses:
            yield from _equalities(each)
    elif isinstance(clause, sa.BinaryExpression) and clause.operator is operators.eq:
        column, value = clause.left, clause.right
        if isinstance(column, sa.Column) and isinstance(value, sa.BindParameter) and value.required:
            yield column, value


def _batched(statement: AnySelect, names: Sequence[str], inside: Sequence[Any]) -> AnySelect | None:
    """The statement for many sets of parameters; None where it cannot be said so simply."""
    cut, start = statement._limit_clause, statement._offset_clause  # noqa: SLF001
    grouped, distinct = statement._group_by_clauses, statement._distinct  # noqa: SLF001
    # Under these, rows depend on how many others there are.
    is_cut = cut is not None or start is not None or distinct
    counts = any(isinstance(each, FunctionElement) for each in inside) and not grouped
    nested = any(isinstance(each, sa.Select) and each is not statement for each in inside)
    if not names or "keys" in names or counts or nested or is_cut:
        return None

    def replaced(each: Any, **_: Any) -> Any:
        if isinstance(each, sa.BindParameter) and each.key in names:
            return part_as(1 + names.index(each.key), each.type)
        return None

    place = place_in()
    changed: AnySelect = (
        cast("Any", visitors).replacement_traverse(statement, {}, replaced).add_columns(place)
    )
    return changed.group_by(place) if grouped else changed


@dataclass(frozen=True, slots=True, eq=False)
class Write:
    """A statement whose rows are collected and sent together.

    ``key`` are columns that say which row an upsert or update is about, and that it leaves as they are.
    """

    statement: sa.Insert | sa.Update | sa.Delete
    table: str
    key: tuple[str, ...] = ()


@lru_cache(maxsize=512)
def as_write(statement: sa.Insert | sa.Update | sa.Delete, table: str) -> Write:
    """A statement that is sent at once, as one that queries are held against."""
    return Write(statement, table)


def append(table: sa.Table) -> Write:
    """Add rows; one that is there already is a Conflict."""
    return Write(sa.insert(table), table.name)


def append_once(table: sa.Table) -> Write:
    """Add rows; one whose primary key is there already does nothing."""
    statement = insert(table).on_conflict_do_nothing(index_elements=list(table.primary_key))
    return Write(statement, table.name)


def overwrite(table: sa.Table) -> Write:
    """Add rows, or overwrite those with the same primary key."""
    new = insert(table).excluded
    return _upsert(table, {each.name: new[each.name] for each in table.c if not each.primary_key})


def count_up(table: sa.Table, sums: Sequence[str], latest: Sequence[str] = ()) -> Write:
    """Add ``sums`` to the counters of a row, made when absent; ``latest`` columns only ever grow."""
    new = insert(table).excluded
    grown = {name: table.c[name] + new[name] for name in sums} | {
        name: sa.case((new[name] > table.c[name], new[name]), else_=table.c[name]) for name in latest
    }
    return _upsert(table, grown)


def _upsert(table: sa.Table, changed: Mapping[str, Any]) -> Write:
    key = list(table.primary_key)
    statement = insert(table).on_conflict_do_update(index_elements=key, set_=changed)
    return Write(statement, table.name, key=tuple(column.name for column in key))


def change(table: sa.Table, *fixed: str) -> Write:
    """Update the row whose id is ``ID`` in the other columns given, which must always be the same ones.

    Those of ``fixed`` never have another value in that row.
    """
    return Write(sa.update(table).where(table.c.id == sa.bindparam(ID)), table.name, key=(*fixed, ID))


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


@lru_cache(maxsize=4096)
def clash(query: Query, write: Write, names: tuple[str, ...]) -> Pairs | None:
    """Pairs that a write and a query's parameters share if it can change the result, or None if it can't.

    ``names`` are those of the values written. An empty tuple says that any row may change it.
    """
    equal, statement, kept = query.equal.get(write.table, {}), write.statement, write.key
    if isinstance(statement, sa.Insert):
        if statement.select is not None:
            return ()
        if not isinstance(statement._post_values_clause, OnConflictDoUpdate):  # noqa: SLF001
            kept = names
    elif isinstance(statement, sa.Update):
        if not (_changed(statement, names) - {*write.key}) & query.columns:
            return None
        if ID in names and "id" in equal:
            return ((ID, equal["id"]),)
    return tuple((name, wanted) for name, wanted in equal.items() if name in kept and name in names)


def _changed(statement: sa.Update, names: tuple[str, ...]) -> frozenset[str]:
    """The columns that an UPDATE sets: those that it names, else the values that its condition leaves."""
    if statement._values:  # noqa: SLF001
        return frozenset(column if isinstance(column, str) else column.name for column in statement._values)  # noqa: SLF001
    asked = (each for each in visitors.iterate(cast("Any", statement.whereclause)))
    return frozenset(names) - {each.key for each in asked if isinstance(each, sa.BindParameter)}
