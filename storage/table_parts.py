"""The parts that tables are made of: every constraint with a name, every table STRICT."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storage.columns import INT

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


def index(name: str, *columns: Any, where: str | None = None, unique: bool = False) -> sa.Index:
    """An index, of the rows that ``where`` holds for when it is given."""
    condition = None if where is None else sa.text(where)
    return sa.Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def check(name: str, condition: str) -> sa.CheckConstraint:
    """A condition that every row must meet."""
    return sa.CheckConstraint(condition, name=name)
