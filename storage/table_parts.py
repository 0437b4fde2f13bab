"""The parts that tables are made of: every constraint with a name, every table STRICT."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from storage.columns import INT, TEXT, Named

METADATA = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

_Type = sa.types.TypeEngine[Any] | type[sa.types.TypeEngine[Any]]


def table(name: str, *items: sa.schema.SchemaItem, clustered: bool = False) -> sa.Table:
    """A STRICT table; ``clustered`` ones are stored in the order of their key, without a rowid."""
    return sa.Table(name, METADATA, *items, sqlite_strict=True, sqlite_with_rowid=not clustered)


def id_column() -> sa.Column[int]:
    """The number that the database gives."""
    return sa.Column("id", INT, primary_key=True)


def must(kind: _Type, *names: str) -> list[sa.Column[Any]]:
    """Columns that hold a value in every row."""
    return [sa.Column(name, kind, nullable=False) for name in names]


def may(kind: _Type, *names: str) -> list[sa.Column[Any]]:
    """Columns that may be empty."""
    return [sa.Column(name, kind, nullable=True) for name in names]


def key(kind: _Type, *names: str) -> list[sa.Column[Any]]:
    """Columns of the primary key, which the database does not count up."""
    return [sa.Column(name, kind, primary_key=True, autoincrement=False) for name in names]


def refers(column: str, to: str) -> sa.ForeignKeyConstraint:
    """The column holds the id of a row of another table."""
    return sa.ForeignKeyConstraint([column], [f"{to}.id"])


def named(of: str, column: str, names: type[StrEnum], default: StrEnum | None = None) -> sa.Column[Any]:
    """A column of the table ``of`` that holds one of an enum's names.

    It may be empty unless it has a default. Its condition stands on the column, so that SQLite can add
    both without copying the table.
    """
    listed = ", ".join(f"'{value}'" for value in names)
    condition = sa.CheckConstraint(f"{column} IN ({listed})", name=sa.schema.conv(f"ck_{of}_{column}"))
    written = None if default is None else default.value
    return sa.Column(column, Named(names), condition, nullable=default is None, server_default=written)


def text(column: str, default: str = "") -> sa.Column[Any]:
    """Text with a default, so that it can be added to a table with rows."""
    return sa.Column(column, TEXT, nullable=False, server_default=default)


def index(name: str, *columns: Any, where: str | None = None, unique: bool = False) -> sa.Index:
    """An index, of the rows that ``where`` holds for when it is given."""
    condition = None if where is None else sa.text(where)
    return sa.Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def check(name: str, condition: str) -> sa.CheckConstraint:
    """A condition that every row must meet."""
    return sa.CheckConstraint(condition, name=name)
