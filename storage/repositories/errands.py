"""What platforms are still to be asked to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from bot.domain.personal import Errand, ErrandKind
from bot.domain.refs import UserRef
from storage.portable import KEY, KEYS
from storage.privacy_tables import errand
from storage.session import Session
from storage.statements import AnyRow, Write, append, columns, keys, query

_COLUMNS = columns(
    errand, "id kind platform workspace target claimable_at channel user_workspace user_id tries"
)
_NOW = sa.bindparam("now", type_=errand.c.claimable_at.type)
_ADD = append(errand)
_DUE = (
    sa.select(errand.c.id)
    .where(errand.c.claimable_at <= _NOW, errand.c.platform.in_(sa.select(KEY).select_from(KEYS)))
    .order_by(errand.c.claimable_at, errand.c.id)
    .limit(sa.bindparam("most"))
    .correlate(None)
)
_CLAIM = (
    sa.update(errand)
    .where(errand.c.id.in_(_DUE))
    .values(claimable_at=sa.bindparam("until", type_=errand.c.claimable_at.type))
    .returning(*_COLUMNS)
)
_DONE = Write(sa.delete(errand).where(errand.c.id == sa.bindparam("which")), errand.name)
_LATER = Write(
    sa.update(errand)
    .where(errand.c.id == sa.bindparam("which"))
    .values(claimable_at=sa.bindparam("at", type_=errand.c.claimable_at.type), tries=sa.bindparam("count")),
    errand.name,
    key=("which",),
)

WAIT = sa.exists().where(errand.c.claimable_at <= _NOW)
"""Whether an errand is due by ``now``."""

_WAITING = query(sa.select(WAIT))


class ErrandRepository:
    """Implements ``bot.ports.persons.Errands``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def owe(self, errand: Errand) -> None:
        """Write one down; its id is given by the database."""
        user = errand.user
        self._session.stage(
            _ADD,
            {
                "kind": errand.kind,
                "platform": errand.platform,
                "workspace": errand.workspace,
                "target": errand.target,
                "channel": errand.channel,
                "user_workspace": user.workspace if user else "",
                "user_id": user.id if user else "",
                "claimable_at": errand.due_at,
                "tries": errand.tries,
            },
        )

    async def waiting(self, now: dt.datetime) -> bool:
        """Tell whether one is due by now, anywhere. Fast when there is none."""
        ((waits,),) = await self._session.rows(_WAITING, {"now": now})
        return bool(waits)

    async def claim(
        self, now: dt.datetime, lease: dt.timedelta, limit: int, platforms: Collection[str]
    ) -> Sequence[Errand]:
        """Return those due on these platforms, the longest overdue first, leased to the caller."""
        values = {"now": now, "until": now + lease, "most": limit, **keys(platforms)}
        return [_errand(row) for row in await self._session.now(_CLAIM, errand, values)]

    def done(self, errand: Errand) -> None:
        """Delete it."""
        self._session.stage(_DONE, {"which": errand.id})

    def try_again(self, errand: Errand, due_at: dt.datetime) -> None:
        """Lease it to nobody until ``due_at``. Writes ``tries``."""
        self._session.stage(_LATER, {"which": errand.id, "at": due_at, "count": errand.tries})


def _errand(row: AnyRow) -> Errand:
    number, kind, platform, workspace, target, due_at, channel, home, user_id, tries = row
    user = UserRef(platform, home, user_id) if user_id else None
    return Errand(number, ErrandKind(kind), platform, workspace, target, due_at, channel, user, tries)
