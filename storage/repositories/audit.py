"""The audit of what organisers, and Milepost in their place, have done: rows are only ever added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from bot.domain.audit import ActorKind, AuditAction, AuditEntry, UnreadableEntry
from storage.audit_tables import audit
from storage.batch import Repository
from storage.columns import UNREADABLE, decoded, undecoded
from storage.statements import AnyRow, append, columns, given, query

_COLUMNS = columns(
    audit,
    "id at platform workspace action actor_kind actor_id actor_name group_id about_id about_name "
    "before after",
)
_APPEND = append(audit)
_UNDECODED = tuple(map(undecoded, _COLUMNS))
_LATEST = query(
    sa.select(*_UNDECODED)
    .where(
        given(audit, "platform", "workspace"),
        sa.or_(audit.c.group_id.is_(None), audit.c.group_id == sa.bindparam("of")),
        audit.c.id < sa.bindparam("below"),
    )
    .order_by(audit.c.id.desc())
    .limit(sa.bindparam("most"))
)
_SINCE = (
    sa.select(*_UNDECODED)
    .where(audit.c.id > sa.bindparam("above"), audit.c.at >= sa.bindparam("since", type_=audit.c.at.type))
    .order_by(audit.c.id)
    .limit(sa.bindparam("most"))
)
_ALL_SINCE = query(_SINCE)
_GROUPS_SINCE = query(_SINCE.where(audit.c.group_id == sa.bindparam("of")))
_NAME_OF = query(
    sa.select(audit.c.actor_name)
    .where(given(audit, "platform", "workspace", "actor_id"), audit.c.actor_name != "")
    .order_by(audit.c.id.desc())
    .limit(1)
)
_NEWEST = 2**62


class AuditRepository(Repository):
    """Implements ``bot.ports.organisers.Audit``."""

    def append(self, entry: AuditEntry) -> None:
        """Add an entry; the database gives the id."""
        self._session.stage(
            _APPEND,
            {
                "at": entry.at,
                "platform": entry.platform,
                "workspace": entry.workspace,
                "action": entry.action,
                "actor_kind": entry.actor_kind,
                "actor_id": entry.actor_id,
                "actor_name": entry.actor_name,
                "group_id": entry.group_id,
                "about_id": entry.about_id,
                "about_name": entry.about_name,
                "before": entry.before,
                "after": entry.after,
            },
        )

    async def latest(
        self, platform: str, workspace: str, group_id: int, limit: int, below: int | None = None
    ) -> tuple[AuditEntry | UnreadableEntry, ...]:
        """Return what was done to a group, and to all groups of its place, newest first."""
        values = {
            "platform": platform, "workspace": workspace, "of": group_id, "most": limit,
            "below": _NEWEST if below is None else below,
        }  # fmt: skip
        return self._entries(await self._session.rows(_LATEST, values))

    async def since(
        self, at: dt.datetime, above: int, limit: int, group_id: int | None = None
    ) -> tuple[AuditEntry | UnreadableEntry, ...]:
        """Return entries of all places, or of one group, from an instant on, oldest first."""
        values = {"since": at, "above": above, "most": limit}
        if group_id is None:
            return self._entries(await self._session.rows(_ALL_SINCE, values))
        return self._entries(await self._session.rows(_GROUPS_SINCE, {**values, "of": group_id}))

    async def name_of(self, platform: str, workspace: str, user_id: str) -> str:
        """Return the last name under which a person did anything in a place; empty for none."""
        values = {"platform": platform, "workspace": workspace, "actor_id": user_id}
        row = await self._session.row(_NAME_OF, values)
        return row[0] if row else ""

    def _entries(self, rows: Sequence[AnyRow]) -> tuple[AuditEntry | UnreadableEntry, ...]:
        return tuple(_entry(row, self._session.batch.dialect) for row in rows)


def _entry(row: AnyRow, dialect: sa.Dialect) -> AuditEntry | UnreadableEntry:
    try:
        number, at, platform, workspace, action, actor_kind, *rest = (
            decoded(column, value, dialect) for column, value in zip(_COLUMNS, row, strict=True)
        )
        return AuditEntry(
            number, at, platform, workspace, AuditAction(action), ActorKind(actor_kind), *rest
        )
    except UNREADABLE:
        return UnreadableEntry(row[0])
