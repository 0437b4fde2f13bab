"""Reminders: who is reminded, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa

from bot.domain.model import Reminder
from storage.portable import KEY, KEYS
from storage.promise_tables import IS_ON, reminder
from storage.session import Session
from storage.statements import AnyRow, columns, given, keys, overwrite, query

_COLUMNS = columns(
    reminder,
    "member_id platform wall_time zone claimable_at next_date last_date tries closed "
    "reminded_at unanswered",
)
_FIND = query(sa.select(*_COLUMNS).where(given(reminder, "member_id")))
_PUT = overwrite(reminder)
_AFTER = query(
    sa.select(*_COLUMNS)
    .where(sa.text(IS_ON), reminder.c.member_id > sa.bindparam("after"))
    .order_by(reminder.c.member_id)
    .limit(sa.bindparam("most"))
)
_DUE = (
    sa.select(reminder.c.member_id)
    .where(
        sa.text(IS_ON),
        reminder.c.claimable_at <= sa.bindparam("now"),
        reminder.c.platform.in_(sa.select(KEY).select_from(KEYS)),
    )
    .order_by(reminder.c.claimable_at)
    .limit(sa.bindparam("most"))
    .correlate(None)
)
_CLAIM = (
    sa.update(reminder)
    .where(reminder.c.member_id.in_(_DUE))
    .values(claimable_at=sa.bindparam("until", type_=reminder.c.claimable_at.type))
    .returning(*_COLUMNS)
)

WAIT = sa.exists().where(
    sa.text(IS_ON), reminder.c.claimable_at <= sa.bindparam("now", type_=reminder.c.claimable_at.type)
)
"""Whether a reminder is due by ``now``."""

_WAITING = query(sa.select(WAIT))


class ReminderRepository:
    """Implements ``bot.ports.outbox.Reminders``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find(self, member_id: int) -> Reminder | None:
        """The member's; None when they never asked for one."""
        row = await self._session.row(_FIND, {"member_id": member_id})
        return None if row is None else _reminder(row)

    def put(self, reminder: Reminder) -> None:
        """Insert or overwrite; ends the lease."""
        self._session.stage(
            _PUT,
            {
                "member_id": reminder.member_id,
                "platform": reminder.platform,
                "wall_time": reminder.at,
                "zone": reminder.zone,
                "claimable_at": reminder.due_at,
                "next_date": reminder.next_date,
                "last_date": reminder.last_date,
                "tries": reminder.tries,
                "closed": reminder.closed,
                "reminded_at": reminder.reminded_at,
                "unanswered": reminder.unanswered,
            },
        )

    async def due_after(self, member_id: int, limit: int) -> tuple[Reminder, ...]:
        """Those that are due some day, of members with a higher id, in the order of their ids."""
        rows = await self._session.rows(_AFTER, {"after": member_id, "most": limit})
        return tuple(map(_reminder, rows))

    async def waiting(self, now: dt.datetime) -> bool:
        """Whether one is due by now, anywhere. Fast when there is none."""
        ((waits,),) = await self._session.rows(_WAITING, {"now": now})
        return bool(waits)

    async def claim(
        self, now: dt.datetime, lease: dt.timedelta, limit: int, platforms: Collection[str]
    ) -> tuple[Reminder, ...]:
        """Those that are due on these platforms, each leased to the caller until it is put."""
        values = {"now": now, "until": now + lease, "most": limit, **keys(platforms)}
        return tuple(map(_reminder, await self._session.now(_CLAIM, reminder, values)))


def _reminder(row: AnyRow) -> Reminder:
    return Reminder(*row)
