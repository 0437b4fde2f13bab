"""The replay guard's memory."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from storage.batch import Repository
from storage.statements import append, given, query
from storage.tables import event

_SEEN = query(sa.select(event.c.event_id).where(given(event, "event_id")))
_RECORD = append(event)
_FORGET = sa.delete(event).where(event.c.at < sa.bindparam("instant"))


class EventRepository(Repository):
    """Implements ``bot.ports.unit_of_work.Events``."""

    async def seen(self, event_id: str) -> bool:
        """Tell whether an interaction with this id has been served."""
        return await self._session.row(_SEEN, {"event_id": event_id}) is not None

    def record(self, event_id: str, at: dt.datetime) -> None:
        """Remember that it has. Raises Conflict at the commit when it was recorded before."""
        self._session.stage(_RECORD, {"event_id": event_id, "at": at})

    async def forget_before(self, instant: dt.datetime) -> int:
        """Drop those recorded before ``instant``; returns how many."""
        found = await self._session.now(_FORGET.returning(event.c.event_id), event, {"instant": instant})
        return len(found)
