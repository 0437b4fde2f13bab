"""Statements that the two databases write in different words: lists of keys, and upserts.

Statements are made once and serve both SQLite and PostgreSQL, which say what is below when it is compiled.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Elements(FunctionElement[Any]):
    """The elements of a JSON list, a row for each, in the column ``value``."""

    name = "elements"
    inherit_cache = True


class Scalar(FunctionElement[Any]):
    """The text of an element that is no list itself."""

    name = "scalar"
    inherit_cache = True


@compiles(Elements, "sqlite")
def _elements_sqlite(element: Elements, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(Elements, "postgresql")
def _elements_postgresql(element: Elements, compiler: SQLCompiler, **options: Any) -> str:
    return f"jsonb_array_elements(CAST({compiler.process(element.clauses, **options)} AS JSONB))"


@compiles(Scalar, "sqlite")
def _scalar_sqlite(element: Scalar, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(Scalar, "postgresql")
def _scalar_postgresql(element: Scalar, compiler: SQLCompiler, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} #>> '{{}}')"


KEYS = Elements(sa.bindparam("keys", type_=sa.Text())).table_valued("value", name="wanted")
"""The parameter ``keys``: a JSON list of values, or of lists where a key has several columns."""

KEY: sa.ColumnElement[str] = sa.type_coerce(Scalar(KEYS.c.value), sa.Text())
"""A key of one column, as text."""


def key_as(kind: sa.types.TypeEngine[Any]) -> sa.ColumnElement[Any]:
    """A key of one column, to be compared with a column of this kind."""
    return sa.cast(Scalar(KEYS.c.value), kind)


def part_as(place: int, kind: sa.types.TypeEngine[Any]) -> sa.ColumnElement[Any]:
    """One part of a key of several columns, to be compared with a column of this kind."""
    return sa.cast(KEYS.c.value.op("->>")(sa.literal_column(str(place))), kind)
