"""Questions that were served for practice."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.model import PracticeQuestion
from bot.errors import Conflict
from storage.batch import Repository
from storage.statements import Values, columns, query
from storage.tables import practice_question as practices

_ADD_PRACTICE = (
    insert(practices)
    .on_conflict_do_nothing(index_elements=[practices.c.event_id])
    .returning(practices.c.id)
)
_PRACTICE_COLUMNS = columns(
    practices, "id event_id member_id pack question_id question_rev seed created_at"
)
_PRACTICE = query(sa.select(*_PRACTICE_COLUMNS).where(practices.c.id == sa.bindparam("practice_id")))
_PRACTICE_OF_EVENT = query(
    sa.select(*_PRACTICE_COLUMNS).where(practices.c.event_id == sa.bindparam("event_id"))
)


class PracticeRepository(Repository):
    """Implements ``bot.ports.practice.Practice``."""

    async def add(self, practice: PracticeQuestion) -> PracticeQuestion:
        """Serve a question for practice; returns it with the id that it got.

        Raises Conflict when its event was given one before; the unit may go on.
        """
        values: Values = {
            "event_id": practice.event_id,
            "member_id": practice.member_id,
            "pack": practice.pack,
            "question_id": practice.question_id,
            "question_rev": practice.question_rev,
            "seed": practice.seed,
            "created_at": practice.created_at,
        }
        added = await self._session.now(_ADD_PRACTICE, practices, values)
        if not added:
            raise Conflict(f"The event {practice.event_id} has been given a practice question before.")
        return replace(practice, id=added[0][0])

    async def of_event(self, event_id: str) -> PracticeQuestion | None:
        """Return the one that this event asked for, or None."""
        row = await self._session.row(_PRACTICE_OF_EVENT, {"event_id": event_id})
        return None if row is None else PracticeQuestion(*row)

    async def get(self, practice_id: int) -> PracticeQuestion | None:
        """Return the one with this id, or None."""
        row = await self._session.row(_PRACTICE, {"practice_id": practice_id})
        return None if row is None else PracticeQuestion(*row)
