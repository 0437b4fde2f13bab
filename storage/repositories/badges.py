"""Badges: who should be in the audience that rewards a streak."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.model import Badge, Group
from storage.portable import KEY, KEYS
from storage.promise_tables import IS_OWED, IS_WATCHED, badge
from storage.session import Session
from storage.statements import AnyRow, Values, Write, columns, keys, query
from storage.tables import membership, study_group

IN_DOUBT = 2
"""``settled`` while the platform may or may not know: then it is told, whatever is wanted."""

_KEY = ("group_id", "member_id", "audience")
_COLUMNS = columns(badge, "group_id member_id audience wanted tries")
_MOST: sa.BindParameter[int] = sa.bindparam("most")
_NOW = sa.bindparam("now", type_=badge.c.not_before.type)
_NO, _YES = (sa.literal(value, sa.Integer()) for value in (0, 1))
_insert = insert(badge)
_EARN = Write(
    _insert.on_conflict_do_update(
        index_elements=list(badge.primary_key),
        set_={
            name: _insert.excluded[name]
            for name in ("wanted", "tries", "not_before", "changed_at", "look_at")
        },
        where=badge.c.wanted == _NO,
    ),
    badge.name,
    key=_KEY,
)
_WITHDRAW = (
    sa.update(badge)
    .where(badge.c.group_id == sa.bindparam("of"), badge.c.wanted == _YES)
    .where(badge.c.audience != sa.bindparam("kept"))
    .values(wanted=False, tries=0, not_before=_NOW, changed_at=_NOW, look_at=None)
)
_everybody = insert(badge).from_select(
    [*_KEY, "wanted", "settled", "tries", "not_before", "changed_at", "look_at"],
    sa.select(
        membership.c.group_id,
        membership.c.member_id,
        sa.bindparam("kept", type_=badge.c.audience.type),
        *(_NO, _NO, _NO),
        *(_NOW, _NOW, _NOW),
    ).where(membership.c.group_id == sa.bindparam("of"), membership.c.left_at.is_(None)),
)
# Who has it is told again: it may have been taken away by hand, or never have arrived.
_WATCH = _everybody.on_conflict_do_update(
    index_elements=list(badge.primary_key),
    set_={
        "look_at": _everybody.excluded.look_at,
        "not_before": _everybody.excluded.not_before,
        "tries": 0,
        "settled": sa.case((badge.c.wanted == _YES, IN_DOUBT), else_=badge.c.settled),
    },
)
_TO_LOOK_AT = query(
    sa.select(*_COLUMNS)
    .where(sa.text(IS_WATCHED), badge.c.look_at <= sa.bindparam("now"))
    .order_by(badge.c.look_at)
    .limit(_MOST)
)
_ONE = sa.and_(*(badge.c[name] == sa.bindparam(f"the_{name}") for name in _KEY))
_THE = tuple(f"the_{name}" for name in _KEY)
_WANTED = sa.bindparam("new", type_=badge.c.wanted.type)
_AT = sa.bindparam("at", type_=badge.c.changed_at.type)
_CHANGES = badge.c.wanted != _WANTED
_LOOKED = Write(
    sa.update(badge)
    .where(_ONE)
    .values(
        wanted=_WANTED,
        look_at=sa.bindparam("again", type_=badge.c.look_at.type),
        tries=sa.case((_CHANGES, 0), else_=badge.c.tries),
        not_before=sa.case((_CHANGES, _AT), else_=badge.c.not_before),
        changed_at=sa.case((_CHANGES, _AT), else_=badge.c.changed_at),
    ),
    badge.name,
    key=_THE,
)
_TOLD = Write(
    sa.update(badge).where(_ONE).values(settled=sa.bindparam("what"), tries=0), badge.name, key=_THE
)
_LATER = Write(
    sa.update(badge).where(_ONE).values(tries=sa.bindparam("count"), not_before=_NOW), badge.name, key=_THE
)
# Correlated, as in the ledger of posts, so that the index of what is owed is walked in order.
_IS_AWAKE = sa.and_(study_group.c.id == badge.c.group_id, study_group.c.paused_at.is_(None))
_IS_HERE = study_group.c.platform.in_(sa.select(KEY).select_from(KEYS))
_OWED = (
    sa.select(*(badge.c[name] for name in _KEY))
    .where(
        sa.text(IS_OWED),
        badge.c.not_before <= _NOW,
        sa.exists().where(_IS_AWAKE, _IS_HERE).correlate(badge),
    )
    .order_by(badge.c.not_before)
    .limit(_MOST)
    .correlate(None)
)
_CLAIM = (
    sa.update(badge)
    .where(sa.tuple_(*(badge.c[name] for name in _KEY)).in_(_OWED))
    .values(not_before=sa.bindparam("until", type_=badge.c.not_before.type), settled=IN_DOUBT)
    .returning(*_COLUMNS)
)

WAIT = sa.or_(
    sa.exists().where(sa.text(IS_WATCHED), badge.c.look_at <= _NOW),
    sa.exists().where(
        sa.text(IS_OWED), badge.c.not_before <= _NOW, sa.exists().where(_IS_AWAKE).correlate(badge)
    ),
)
"""Whether a badge must be looked at, or the platform told of one, by ``now``."""

_WAITING = query(sa.select(WAIT))


class BadgeRepository:
    """Implements ``bot.ports.outbox.Badges``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def earn(self, group: Group, member_id: int, at: dt.datetime, look_at: dt.datetime) -> None:
        """The member has what the group rewards: look again at ``look_at``. A second time does nothing."""
        values: Values = {
            "group_id": group.id,
            "member_id": member_id,
            "audience": group.reward,
            "wanted": True,
            "settled": 0,
            "tries": 0,
            "not_before": at,
            "changed_at": at,
            "look_at": look_at,
        }
        self._session.stage(_EARN, values)

    async def reconsider(self, group: Group, at: dt.datetime) -> None:
        """Withdraw what the group no longer rewards, and look at every member soon when it rewards some."""
        values: Values = {"of": group.id, "kept": group.reward, "now": at}
        await self._session.now(_WITHDRAW, badge, values)
        if group.reward:
            await self._session.now(_WATCH, badge, values)

    async def waiting(self, now: dt.datetime) -> bool:
        """Whether one must be looked at or told of by now, anywhere. Fast when there is none."""
        ((waits,),) = await self._session.rows(_WAITING, {"now": now})
        return bool(waits)

    async def to_look_at(self, now: dt.datetime, limit: int) -> tuple[Badge, ...]:
        """Those whose streak must be looked at by now, longest overdue first. One probe when idle."""
        rows = await self._session.rows(_TO_LOOK_AT, {"now": now, "most": limit})
        return tuple(map(_badge, rows))

    def looked(self, badge: Badge, at: dt.datetime, *, wanted: bool, look_at: dt.datetime | None) -> None:
        """Write down what should be, and when to look again; never when that is None."""
        self._session.stage(_LOOKED, {**_the(badge), "new": wanted, "again": look_at, "at": at})

    async def claim(
        self, now: dt.datetime, lease: dt.timedelta, limit: int, platforms: Collection[str]
    ) -> tuple[Badge, ...]:
        """Those of which the platform must be told by now, each leased to the caller.

        Only of groups on these platforms that are not paused.
        """
        values: Values = {"now": now, "until": now + lease, "most": limit, **keys(platforms)}
        return tuple(map(_badge, await self._session.now(_CLAIM, badge, values)))

    def told(self, badge: Badge) -> None:
        """The platform knows what was wanted then, or will never want to."""
        self._session.stage(_TOLD, {**_the(badge), "what": int(badge.wanted)})

    def try_again(self, badge: Badge, not_before: dt.datetime) -> None:
        """It does not know yet. Writes ``tries``."""
        self._session.stage(_LATER, {**_the(badge), "count": badge.tries, "now": not_before})


def _badge(row: AnyRow) -> Badge:
    return Badge(*row)


def _the(badge: Badge) -> Values:
    return {
        "the_group_id": badge.group_id,
        "the_member_id": badge.member_id,
        "the_audience": badge.audience,
    }
