"""Notices: what organisers must hear of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.model import Notice
from storage.columns import EPOCH
from storage.portable import KEY, KEYS
from storage.promise_tables import IS_UNTOLD
from storage.promise_tables import notice as notices
from storage.session import Session
from storage.statements import ID, AnyRow, Values, Write, columns, keys, query
from storage.tables import study_group

_COLUMNS = columns(notices, "id group_id subject kind data owed_at tries rung passed")
_OWE = (
    insert(notices)
    .on_conflict_do_nothing(index_elements=[notices.c.group_id, notices.c.subject])
    .returning(notices.c.id)
)
_NOW = sa.bindparam("now", type_=notices.c.claimable_at.type)
_IS_HERE = sa.exists().where(
    study_group.c.id == notices.c.group_id, study_group.c.platform.in_(sa.select(KEY).select_from(KEYS))
)
_DUE = (
    sa.select(notices.c.id)
    .where(sa.text(IS_UNTOLD), notices.c.claimable_at <= _NOW, _IS_HERE.correlate(notices))
    .order_by(notices.c.claimable_at, notices.c.id)
    .limit(sa.bindparam("most"))
    .correlate(None)
)
_CLAIM = (
    sa.update(notices)
    .where(notices.c.id.in_(_DUE))
    .values(claimable_at=sa.bindparam("until", type_=notices.c.claimable_at.type))
    .returning(*_COLUMNS)
)
_SETTLE = Write(
    sa.update(notices)
    .where(notices.c.id == sa.bindparam(ID), sa.text(IS_UNTOLD))
    .values(
        claimable_at=sa.bindparam("again", type_=notices.c.claimable_at.type),
        told_at=sa.bindparam("heard", type_=notices.c.told_at.type),
        tries=sa.bindparam("count"),
        rung=sa.bindparam("whom", type_=notices.c.rung.type),
        passed=sa.bindparam("last"),
    ),
    notices.name,
)

WAIT = sa.exists().where(sa.text(IS_UNTOLD), notices.c.claimable_at <= _NOW)
"""Whether a notice must be told by ``now``."""

_WAITING = query(sa.select(WAIT))


class NoticeRepository:
    """Implements ``bot.ports.outbox.Notices``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def owe(self, notice: Notice) -> bool:
        """Write it down, to be told whatever the clock says; False when the group has one on this."""
        values = {
            "group_id": notice.group_id,
            "subject": notice.subject,
            "kind": notice.kind,
            "data": notice.data,
            "owed_at": notice.owed_at,
            "tries": notice.tries,
            "claimable_at": EPOCH,
        }
        return bool(await self._session.now(_OWE, notices, values))

    async def waiting(self, now: dt.datetime) -> bool:
        """Whether one must be told by now, anywhere. Fast when there is none."""
        ((waits,),) = await self._session.rows(_WAITING, {"now": now})
        return bool(waits)

    async def claim(
        self, now: dt.datetime, lease: dt.timedelta, limit: int, platforms: Collection[str]
    ) -> tuple[Notice, ...]:
        """Those that must be told by now on these platforms, leased to the caller until settled."""
        values = {"now": now, "until": now + lease, "most": limit, **keys(platforms)}
        claimed = map(_notice, await self._session.now(_CLAIM, notices, values))
        return tuple(sorted(claimed, key=lambda each: (each.owed_at, each.id)))

    def told(self, notice: Notice, at: dt.datetime) -> None:
        """The organiser has heard of it."""
        self._settle(notice, again=None, heard=at)

    def given_up(self, notice: Notice) -> None:
        """They will not hear of it."""
        self._settle(notice, again=None, heard=None)

    def try_again(self, notice: Notice, not_before: dt.datetime) -> None:
        """Nobody has heard of it yet. Writes ``tries``, ``rung`` and ``passed``."""
        self._settle(notice, again=not_before, heard=None)

    def _settle(self, notice: Notice, *, again: dt.datetime | None, heard: dt.datetime | None) -> None:
        values: Values = {ID: notice.id, "again": again, "heard": heard, "count": notice.tries}
        values |= {"whom": notice.rung, "last": notice.passed}
        self._session.stage(_SETTLE, values)


def _notice(row: AnyRow) -> Notice:
    return Notice(*row)
