"""Notices: what organisers must hear of, once each."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.model import Notice
from storage.batch import Repository
from storage.outbox_tables import notice as notices
from storage.statements import ID, change, columns, given, query

_COLUMNS = columns(notices, "id group_id subject kind data created_at")
_ADD = (
    insert(notices)
    .on_conflict_do_nothing(index_elements=[notices.c.group_id, notices.c.subject])
    .returning(notices.c.id)
)
_GET = query(sa.select(*_COLUMNS).where(given(notices, "id")))
_DELIVERED = change(notices)


class NoticeRepository(Repository):
    """Implements ``bot.ports.outbox.Notices``."""

    async def add(self, notice: Notice) -> int | None:
        """Write one down and return its id; None when the group has had one on this subject."""
        values = {
            "group_id": notice.group_id,
            "subject": notice.subject,
            "kind": notice.kind,
            "data": notice.data,
            "created_at": notice.created_at,
        }
        rows = await self._session.now(_ADD, notices, values)
        return rows[0][0] if rows else None

    async def get(self, notice_id: int) -> Notice:
        """Return a notice by its id. Raises KeyError."""
        row = await self._session.row(_GET, {"id": notice_id})
        if row is None:
            raise KeyError(notice_id)
        return Notice(*row)

    def delivered(self, notice_id: int, at: dt.datetime) -> None:
        """Note that somebody has heard of it."""
        self._session.stage(_DELIVERED, {ID: notice_id, "delivered_at": at})
