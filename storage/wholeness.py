"""Is the database whole: what SQLite finds in its file, and what a server may have let through.

A server refuses rows that refer to nothing, but not while a copy is put back without its checks. Source:
PostgreSQL's documentation, "pg_stat_database". Its schema is looked at in ``storage/server_shape.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from storage.batch import Session
from storage.schema import REVISIONS, fresh_shape
from storage.shape import MOST_THINGS, differences, shape_of_file
from storage.statements import AnySelect, query
from storage.tables import metadata

_OK = "ok"

_INTEGRITY = query(sa.select(sa.column("integrity_check")).select_from(sa.table("pragma_integrity_check")))
_REFERENCES = query(
    sa.select(sa.column("table"), sa.column("rowid"), sa.column("parent")).select_from(
        sa.table("pragma_foreign_key_check")
    )
)
_SCHEMA = query(
    sa.select(*(sa.column(name, sa.Text) for name in ("type", "name", "tbl_name", "sql")))
    .select_from(sa.table("sqlite_schema"))
    .limit(MOST_THINGS)
)
_ENCODING = query(sa.select(sa.column("encoding")).select_from(sa.table("pragma_encoding")))
_REVISION = query(sa.select(sa.column("version_num")).select_from(sa.table(REVISIONS)))
_STATISTICS = sa.table("pg_stat_database", sa.column("datname"), sa.column("checksum_failures"))
_BROKEN_PAGES = query(
    sa.select(sa.func.coalesce(_STATISTICS.c.checksum_failures, 0)).where(
        _STATISTICS.c.datname == sa.func.current_database()
    )
)


async def what_is_broken(session: Session) -> tuple[str, ...]:
    """A sentence for each thing; empty when the database is whole. Changes nothing."""
    is_file = session.batch.dialect.name == "sqlite"
    return tuple(await (_in_file(session) if is_file else _on_server(session)))


async def _in_file(session: Session) -> list[str]:
    """Nothing that stands in a schema which isn't ours is run, not even to see whether it holds."""
    if odd := await _differences(session):
        return list(odd)
    damage = [row[0] for row in await session.rows(_INTEGRITY)]
    orphans = await session.rows(_REFERENCES)
    return [
        *(f"file: {problem}" for problem in damage if problem != _OK),
        *(f"{table}: row {rowid or '?'} refers to no {parent}" for table, rowid, parent in orphans),
    ]


async def _differences(session: Session) -> tuple[str, ...]:
    rows = [(row[0], row[1], row[2], row[3]) for row in await session.rows(_SCHEMA)]
    encoding = await session.row(_ENCODING)
    revision = await session.row(_REVISION)
    assert encoding is not None, "every file has one"
    assert revision is not None, "it was compared before"
    return differences(fresh_shape(revision[0]), shape_of_file(rows, encoding[0]))


async def _on_server(session: Session) -> list[str]:
    found: list[str] = []
    pages = await session.row(_BROKEN_PAGES)
    if pages and pages[0]:
        found.append(f"server: {pages[0]} damaged pages were read: restore a backup, and check the disk")
    for key in _references():
        table, parent = key.parent.table.name, key.column.table.name
        orphans = await session.rows(query(_orphans(key)))
        found += [f"{table}: row {', '.join(map(str, row))} refers to no {parent}" for row in orphans]
    return found


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
