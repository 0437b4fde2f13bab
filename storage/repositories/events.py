"""The replay guard's memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from bot.errors import Conflict
from storage.session import Session
from storage.statements import among, append, keys, query
from storage.tables import event

_SEEN = query(sa.select(event.c.event_id).select_from(among(event, event.c.event_id)))
_RECORD = append(event)
_FORGET = sa.delete(event).where(event.c.at < sa.bindparam("instant"))


class EventRepository:
    """Implements ``bot.ports.Events``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def load(self, event_ids: Sequence[str]) -> None:
        """Learn which of them have been seen."""
        known = self._session.known
        rows = await self._session.rows(_SEEN, keys(event_ids))
        found = {row[0] for row in rows}
        for event_id in event_ids:
            known.put(known.events, event_id, event_id in found)

    async def seen(self, event_id: str) -> bool:
        """Whether an interaction with this id has been served."""
        events = self._session.known.events
        if event_id not in events:
            await self.load([event_id])
        return events[event_id]

    def record(self, event_id: str, at: dt.datetime) -> None:
        """Remember that it has. Raises Conflict, now or at the commit, when it was recorded before."""
        known = self._session.known
        if known.events.get(event_id):
            raise Conflict(f"The event {event_id} has been recorded before.")
        known.put(known.events, event_id, value=True)
        self._session.stage(_RECORD, {"event_id": event_id, "at": at})

    async def forget_before(self, instant: dt.datetime) -> int:
        """Drop those recorded before ``instant``; returns how many."""
        known = self._session.known
        found = await self._session.now(_FORGET.returning(event.c.event_id), event, {"instant": instant})
        for (event_id,) in found:
            known.put(known.events, event_id, value=False)
        return len(found)
