"""Reminders: who is reminded, and when."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.deliveries import Delivery, DeliveryKind
from bot.domain.model import Reminder
from storage.batch import Repository
from storage.outbox_tables import IS_ON, reminder
from storage.repositories.outbox import OutboxRepository
from storage.statements import AnyRow, columns, given, overwrite, query

_COLUMNS = columns(
    reminder,
    "member_id platform wall_time zone due_at next_date last_date closed reminded_at unanswered",
)
_FIND = query(sa.select(*_COLUMNS).where(given(reminder, "member_id")))
_PUT = overwrite(reminder)
_AFTER = query(
    sa.select(*_COLUMNS)
    .where(sa.text(IS_ON), reminder.c.member_id > sa.bindparam("after"))
    .order_by(reminder.c.member_id)
    .limit(sa.bindparam("most"))
)


class ReminderRepository(Repository):
    """Implements ``bot.ports.outbox.Reminders``."""

    async def find(self, member_id: int) -> Reminder | None:
        """The member's; None when they never asked for one."""
        row = await self._session.row(_FIND, {"member_id": member_id})
        return None if row is None else _reminder(row)

    def put(self, reminder: Reminder) -> None:
        """Insert or overwrite; replaces the delivery."""
        self._session.stage(
            _PUT,
            {
                "member_id": reminder.member_id,
                "platform": reminder.platform,
                "wall_time": reminder.at,
                "zone": reminder.zone,
                "due_at": reminder.due_at,
                "next_date": reminder.next_date,
                "last_date": reminder.last_date,
                "closed": reminder.closed,
                "reminded_at": reminder.reminded_at,
                "unanswered": reminder.unanswered,
            },
        )
        if reminder.due_at is None or reminder.next_date is None:
            OutboxRepository(self._session).withdraw(DeliveryKind.REMINDER, str(reminder.member_id))
            return
        OutboxRepository(self._session).enqueue(
            Delivery(
                DeliveryKind.REMINDER,
                reminder.platform,
                "",
                str(reminder.member_id),
                reminder.due_at,
                {
                    "date": reminder.next_date.isoformat(),
                    "at": f"{reminder.at:%H:%M}",
                    "zone": reminder.zone,
                },
                member_id=reminder.member_id,
            )
        )

    async def due_after(self, member_id: int, limit: int) -> tuple[Reminder, ...]:
        """Return reminders that are due some day, of members with a higher id."""
        rows = await self._session.rows(_AFTER, {"after": member_id, "most": limit})
        return tuple(map(_reminder, rows))


def _reminder(row: AnyRow) -> Reminder:
    return Reminder(*row)
