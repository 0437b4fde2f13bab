"""The schema of a database on PostgreSQL, held against the one that Milepost's migrations make there.

The right one is made in a schema of its own, in a transaction that is never committed, so that the same
server tells both. Source: PostgreSQL's documentation, "System Catalogs".
"""

from __future__ import annotations

import re
import secrets
from collections import defaultdict

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import place, plain_errors
from storage.schema import migrate
from storage.shape import Shape, Thing, differences

_MAY_NOT = "42501"

_MAY_NOT_COMPARE = (
    "schema: it can't be compared, because this user may not create a schema: run this as the owner"
)
_OURS = "SELECT oid FROM pg_namespace WHERE nspname = :schema"
_OWN = "NOT EXISTS (SELECT FROM pg_depend WHERE objid = {oid} AND deptype = 'e')"
"""Not of an extension, which an administrator chose for the whole database."""

_KINDS = {
    "r": "table",
    "p": "table",
    "v": "view",
    "m": "view",
    "f": "foreign table",
    "S": "sequence",
    "i": "index",
    "I": "index",
}
_RELATIONS = sa.text(f"""
    SELECT relkind::text, relname::text, relpersistence::text, relrowsecurity, relforcerowsecurity
    FROM pg_class WHERE relnamespace = ({_OURS}) AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    AND {_OWN.format(oid="pg_class.oid")}""")  # noqa: S608 - texts of ours
_PARTS = sa.text(f"""
    SELECT relname::text, 'the column ' || attname || ' ' || format_type(atttypid, atttypmod)
        || CASE WHEN attnotnull THEN ' not null' ELSE '' END
        || CASE WHEN attidentity <> '' THEN ' identity' ELSE '' END
        || CASE WHEN attgenerated <> '' THEN ' generated' ELSE '' END
        || coalesce(' default ' || pg_get_expr(adbin, adrelid), '')
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relnamespace = ({_OURS}) AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT relname::text, 'the condition ' || conname || ' ' || pg_get_constraintdef(pg_constraint.oid)
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid WHERE relnamespace = ({_OURS})
    UNION ALL
    SELECT tables.relname::text, 'the index ' || pg_get_indexdef(indexrelid)
        || CASE WHEN indisvalid THEN '' ELSE ' that could not be built' END
    FROM pg_index JOIN pg_class AS tables ON tables.oid = indrelid WHERE relnamespace = ({_OURS})
    UNION ALL
    SELECT relname::text, CASE WHEN tgisinternal THEN 'its keys switched off'
        ELSE 'the trigger ' || tgname END
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = ({_OURS}) AND (NOT tgisinternal OR tgenabled <> 'O')
    UNION ALL
    SELECT relname::text, 'the rule ' || rulename
    FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class
    WHERE relnamespace = ({_OURS}) AND relkind IN ('r', 'p')
    UNION ALL
    SELECT relname::text, 'the policy ' || polname
    FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid WHERE relnamespace = ({_OURS})""")  # noqa: S608
_FUNCTIONS = sa.text(f"""
    SELECT proname::text FROM pg_proc
    WHERE pronamespace = ({_OURS}) AND {_OWN.format(oid="pg_proc.oid")}""")  # noqa: S608


async def what_is_foreign(engine: AsyncEngine) -> tuple[str, ...]:
    """A sentence for each thing that is missing, foreign or other than it must be. Changes nothing."""
    aside = f"milepost_aside_{secrets.token_hex(8)}"
    with plain_errors(place(engine)):
        async with engine.connect() as connection:
            transaction = await connection.begin()
            try:
                schema = str(await connection.scalar(sa.select(sa.func.current_schema())))
                found = await connection.run_sync(_shape, schema)
                await connection.exec_driver_sql(f"CREATE SCHEMA {aside}")
                await connection.exec_driver_sql(f"SET LOCAL search_path TO {aside}")
                await connection.run_sync(migrate)
                right = await connection.run_sync(_shape, aside)
            except sa.exc.DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") != _MAY_NOT:
                    raise
                return (_MAY_NOT_COMPARE,)
            finally:
                await transaction.rollback()
    return differences(right, found)


def _shape(connection: sa.Connection, schema: str) -> Shape:
    parts: dict[Thing, set[str]] = {}
    named: dict[str, set[str]] = defaultdict(set)
    for table, part in connection.execute(_PARTS, {"schema": schema}):
        named[table].add(_without(schema, part))
    for kind, name, persistence, *secured in connection.execute(_RELATIONS, {"schema": schema}):
        # What is lost in a crash is no table of ours.
        options = {f"persistence {persistence}", *(["row security"] if any(secured) else [])}
        parts[_KINDS[kind], name] = options | named[name]
    for (name,) in connection.execute(_FUNCTIONS, {"schema": schema}):
        parts["function", name] = set()
    return {thing: frozenset(each) for thing, each in parts.items()}


def _without(schema: str, part: str) -> str:
    """A part without the name of the schema, which the server writes where it is not the current one."""
    return re.sub(rf'(?<![\w.])(?:{re.escape(schema)}|"{re.escape(schema)}")\.', "", part)
