"""Texts that platforms keep under a key, with a revision that guards each write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.ports.platform_state import Record, Space
from storage.batch import Repository
from storage.platform_tables import platform_state
from storage.statements import Values, columns, given, query

_NOW = sa.bindparam("now", type_=platform_state.c.expires_at.type)
_EXPIRED = platform_state.c.expires_at <= _NOW
_LIVES = sa.or_(platform_state.c.expires_at.is_(None), platform_state.c.expires_at > _NOW)
_ONE = given(platform_state, "platform", "namespace", "key")
_AT_EXPECTED = platform_state.c.revision == sa.bindparam("expected")
_KEY = list(platform_state.primary_key)
_COLUMNS = columns(platform_state, "key value revision")
_PREFIX = sa.bindparam("prefix", type_=sa.Text())

_GET = query(sa.select(*_COLUMNS).where(_ONE, _LIVES))
_LIST = query(
    sa.select(*_COLUMNS).where(
        given(platform_state, "platform", "namespace"),
        sa.func.substr(platform_state.c.key, 1, sa.func.length(_PREFIX)) == _PREFIX,
        _LIVES,
    )
)
_INSERT = insert(platform_state)
_WRITTEN = {name: _INSERT.excluded[name] for name in ("value", "revision", "expires_at")}
_PUT = _INSERT.on_conflict_do_update(index_elements=_KEY, set_=_WRITTEN).returning(
    platform_state.c.revision
)
_ADD = _INSERT.on_conflict_do_update(index_elements=_KEY, set_=_WRITTEN, where=_EXPIRED).returning(
    platform_state.c.revision
)
_REPLACE = (
    sa.update(platform_state)
    .where(
        *(
            platform_state.c[name] == sa.bindparam(f"the_{name}")
            for name in ("platform", "namespace", "key")
        ),
        _AT_EXPECTED,
        _LIVES,
    )
    .values({name: sa.bindparam(f"new_{name}", type_=platform_state.c[name].type) for name in _WRITTEN})
    .returning(platform_state.c.revision)
)
_DELETE = sa.delete(platform_state).where(_ONE, _LIVES).returning(platform_state.c.key)
_DELETE_EXPECTED = (
    sa.delete(platform_state).where(_ONE, _AT_EXPECTED, _LIVES).returning(platform_state.c.key)
)
_DROP = sa.delete(platform_state).where(_EXPIRED).returning(platform_state.c.key)


class PlatformRecordRepository(Repository):
    """Implements ``bot.ports.platform_state.PlatformRecords``."""

    async def get(self, space: Space, key: str, now: dt.datetime) -> Record | None:
        """Return a record, None if it is absent."""
        row = await self._session.row(_GET, {**space._asdict(), "key": key, "now": now})
        return Record(*row) if row else None

    async def list(self, space: Space, prefix: str, now: dt.datetime) -> Sequence[Record]:
        """Return the records whose key begins with ``prefix``, sorted by key."""
        rows = await self._session.rows(_LIST, {**space._asdict(), "prefix": prefix, "now": now})
        return sorted(Record(*row) for row in rows)

    async def put(self, space: Space, record: Record, expires_at: dt.datetime | None) -> None:
        """Write a record, whatever is there."""
        await self._write(_PUT, _row(space, record, expires_at))

    async def insert(
        self, space: Space, record: Record, expires_at: dt.datetime | None, now: dt.datetime
    ) -> bool:
        """Write a record that is absent. Returns False, and changes nothing, if there is one."""
        return await self._write(_ADD, {**_row(space, record, expires_at), "now": now})

    async def replace(
        self,
        space: Space,
        record: Record,
        expires_at: dt.datetime | None,
        expected: str,
        now: dt.datetime,
    ) -> bool:
        """Write a record that is at the revision ``expected``. Returns False if it isn't."""
        new = {"new_value": record.value, "new_revision": record.revision, "new_expires_at": expires_at}
        where = {"the_platform": space.platform, "the_namespace": space.namespace, "the_key": record.key}
        values = {**where, "expected": expected, "now": now, **new}
        return await self._write(_REPLACE, values)

    async def delete(self, space: Space, key: str, expected: str | None, now: dt.datetime) -> bool:
        """Delete a record, at whatever revision if ``expected`` is None. Returns False if there is none."""
        values: Values = {**space._asdict(), "key": key, "now": now}
        if expected is None:
            return await self._write(_DELETE, values)
        return await self._write(_DELETE_EXPECTED, {**values, "expected": expected})

    async def drop_expired(self, now: dt.datetime) -> int:
        """Delete every record that has expired. Returns how many."""
        return len(await self._session.now(_DROP, platform_state, {"now": now}))

    async def _write(self, statement: sa.Insert | sa.Update | sa.Delete, values: Values) -> bool:
        return bool(await self._session.now(statement, platform_state, values))


def _row(space: Space, record: Record, expires_at: dt.datetime | None) -> Values:
    return {**space._asdict(), **record._asdict(), "expires_at": expires_at}
