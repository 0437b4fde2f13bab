"""Is the database whole: what SQLite finds in its file, and what a server may have let through.

A server refuses rows that refer to nothing, but not while a copy is put back without its checks; it marks
an index that could not be built, and goes on without it. Source: PostgreSQL's documentation,
"pg_constraint", "pg_index" and "pg_stat_database".
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from storage.session import Session
from storage.statements import AnySelect, query
from storage.tables import metadata

_OK = "ok"

_INTEGRITY = query(sa.select(sa.column("integrity_check")).select_from(sa.table("pragma_integrity_check")))
_REFERENCES = query(
    sa.select(sa.column("table"), sa.column("rowid"), sa.column("parent")).select_from(
        sa.table("pragma_foreign_key_check")
    )
)
_CONSTRAINT = sa.table("pg_constraint", sa.column("conname"), sa.column("convalidated"))
_INDEX = sa.table("pg_index", sa.column("indexrelid"), sa.column("indisvalid"))
_CLASS = sa.table("pg_class", sa.column("oid"), sa.column("relname"))
_STATISTICS = sa.table("pg_stat_database", sa.column("datname"), sa.column("checksum_failures"))
_CONDITIONS = query(sa.select(_CONSTRAINT.c.conname, _CONSTRAINT.c.convalidated))
_INDEXES = query(
    sa.select(_CLASS.c.relname, _INDEX.c.indisvalid).join_from(
        _INDEX, _CLASS, _CLASS.c.oid == _INDEX.c.indexrelid
    )
)
_BROKEN_PAGES = query(
    sa.select(sa.func.coalesce(_STATISTICS.c.checksum_failures, 0)).where(
        _STATISTICS.c.datname == sa.func.current_database()
    )
)


async def what_is_broken(session: Session) -> tuple[str, ...]:
    """A sentence for each thing; empty when the database is whole. Changes nothing."""
    return tuple(await (_in_file(session) if session.on_sqlite else _on_server(session)))


async def _in_file(session: Session) -> list[str]:
    damage = [row[0] for row in await session.rows(_INTEGRITY)]
    orphans = await session.rows(_REFERENCES)
    return [
        *(f"file: {problem}" for problem in damage if problem != _OK),
        *(f"{table}: row {rowid or '?'} refers to no {parent}" for table, rowid, parent in orphans),
    ]


async def _on_server(session: Session) -> list[str]:
    rules = [*await session.rows(_CONDITIONS), *await session.rows(_INDEXES)]
    # A unique key has a line in both lists, of which either may say that it does not hold.
    holding = {name for name, _ in rules} - {name for name, holds in rules if not holds}
    missing = [name for name in _rules(session) if name not in holding]
    found = [f"server: {name} is missing or does not hold" for name in missing]
    pages = await session.row(_BROKEN_PAGES)
    if pages and pages[0]:
        found.append(f"server: {pages[0]} damaged pages were read: restore a backup, and check the disk")
    for key in _references():
        table, parent = key.parent.table.name, key.column.table.name
        orphans = await session.rows(query(_orphans(key)))
        found += [f"{table}: row {', '.join(map(str, row))} refers to no {parent}" for row in orphans]
    return found


def _rules(session: Session) -> Iterator[str]:
    """The names of all keys, conditions and indexes that our tables have."""
    for table in metadata.sorted_tables:
        rules: list[sa.Constraint | sa.Index] = [*table.constraints, *table.indexes]
        for rule in rules:
            if name := session.dialect.identifier_preparer.format_constraint(rule):
                yield name


def _references() -> Iterator[sa.ForeignKey]:
    for table in metadata.sorted_tables:
        yield from sorted(table.foreign_keys, key=lambda key: key.parent.name)


def _orphans(key: sa.ForeignKey) -> AnySelect:
    """The rows whose column holds the id of no row, by their primary key."""
    parent = key.column.table.alias()
    return (
        sa.select(*key.parent.table.primary_key)
        .join_from(key.parent.table, parent, parent.c[key.column.name] == key.parent, isouter=True)
        .where(key.parent.is_not(None), parent.c[key.column.name].is_(None))
    )
