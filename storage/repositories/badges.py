"""Badges: who should be in the audience that rewards a streak."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.deliveries import DeliveryKind
from bot.domain.model import Badge, Group
from storage.outbox_tables import delivery
from storage.promise_tables import IS_WATCHED, badge
from storage.repositories.outbox import new_revision
from storage.session import Session
from storage.statements import AnyRow, Values, Write, columns, query
from storage.tables import membership, study_group

IN_DOUBT = 2
"""``settled`` while the platform may or may not know: then it is told, whatever is wanted."""

_KEY = ("group_id", "member_id", "audience")
_COLUMNS = (*columns(badge, "group_id member_id audience wanted"), badge.c.wanted != badge.c.settled)
_MOST: sa.BindParameter[int] = sa.bindparam("most")
_NOW = sa.bindparam("now", type_=badge.c.changed_at.type)
_NO, _YES = (sa.literal(value, sa.Integer()) for value in (0, 1))
_insert = insert(badge)
_EARN = Write(
    _insert.on_conflict_do_update(
        index_elements=list(badge.primary_key),
        set_={name: _insert.excluded[name] for name in ("wanted", "changed_at", "look_at")},
        where=badge.c.wanted == _NO,
    ),
    badge.name,
    key=_KEY,
)
_WITHDRAW = (
    sa.update(badge)
    .where(badge.c.group_id == sa.bindparam("of"), badge.c.wanted == _YES)
    .where(badge.c.audience != sa.bindparam("kept"))
    .values(wanted=False, changed_at=_NOW, look_at=None)
)
_everybody = insert(badge).from_select(
    [*_KEY, "wanted", "settled", "changed_at", "look_at"],
    sa.select(
        membership.c.group_id,
        membership.c.member_id,
        sa.bindparam("kept", type_=badge.c.audience.type),
        *(_NO, _NO),
        *(_NOW, _NOW),
    ).where(membership.c.group_id == sa.bindparam("of"), membership.c.left_at.is_(None)),
)
# Who has it is told again: it may have been taken away by hand, or never have arrived.
_WATCH = _everybody.on_conflict_do_update(
    index_elements=list(badge.primary_key),
    set_={
        "look_at": _everybody.excluded.look_at,
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
        changed_at=sa.case((_CHANGES, _AT), else_=badge.c.changed_at),
    ),
    badge.name,
    key=_THE,
)
_TOLD = Write(sa.update(badge).where(_ONE).values(settled=sa.bindparam("what")), badge.name, key=_THE)
_GET = query(sa.select(*_COLUMNS).where(_ONE))
WAIT = sa.exists().where(sa.text(IS_WATCHED), badge.c.look_at <= _NOW)
"""Condition: a streak must be looked at by ``now``."""

_WAITING = query(sa.select(WAIT))
_TEXT = sa.Text()

_DELIVERY = columns(
    delivery,
    "kind subject platform workspace payload group_id member_id due_at attempts revision",
)


def _enqueue(condition: sa.ColumnElement[bool]) -> sa.Insert:
    """Make a statement that enqueues what platforms do not know yet of the rewards that this holds for."""
    slash = sa.literal_column("'/'", _TEXT)
    owed = (
        sa.select(
            sa.literal_column(f"'{DeliveryKind.REWARD}'"),
            sa.cast(badge.c.group_id, _TEXT) + slash + sa.cast(badge.c.member_id, _TEXT) + slash
            + badge.c.audience,
            study_group.c.platform,
            study_group.c.workspace,
            sa.literal_column("'{}'"),
            badge.c.group_id,
            badge.c.member_id,
            _AT,
            _NO,
            sa.bindparam("number", type_=delivery.c.revision.type),
        )
        .join_from(badge, study_group, study_group.c.id == badge.c.group_id)
        .where(badge.c.wanted != badge.c.settled, condition)
    )  # fmt: skip
    new = insert(delivery).from_select(list(_DELIVERY), owed)
    return new.on_conflict_do_update(
        index_elements=[delivery.c.kind, delivery.c.subject],
        set_={name: new.excluded[name] for name in ("due_at", "attempts", "revision")},
    )


_ENQUEUE = Write(_enqueue(sa.and_(_ONE, badge.c.changed_at == _AT)), delivery.name, key=_THE)
_ENQUEUE_ALL = _enqueue(badge.c.group_id == sa.bindparam("of"))


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
            "changed_at": at,
            "look_at": look_at,
        }
        self._session.stage(_EARN, values)
        self._owe(Badge(group.id, member_id, group.reward, wanted=True), at)

    async def reconsider(self, group: Group, at: dt.datetime) -> None:
        """Withdraw what the group no longer rewards, and look at every member soon when it rewards some."""
        values: Values = {"of": group.id, "kept": group.reward, "now": at}
        await self._session.now(_WITHDRAW, badge, values)
        if group.reward:
            await self._session.now(_WATCH, badge, values)
        owed: Values = {"of": group.id, "at": at, "number": new_revision()}
        await self._session.now(_ENQUEUE_ALL, delivery, owed)

    async def waiting(self, now: dt.datetime) -> bool:
        """Tell whether one must be looked at or told of by now, anywhere. Fast when there is none."""
        ((waits,),) = await self._session.rows(_WAITING, {"now": now})
        return bool(waits)

    async def to_look_at(self, now: dt.datetime, limit: int) -> tuple[Badge, ...]:
        """Return rewards whose streak must be looked at, longest overdue first. One probe when idle."""
        rows = await self._session.rows(_TO_LOOK_AT, {"now": now, "most": limit})
        return tuple(map(_badge, rows))

    def looked(self, badge: Badge, at: dt.datetime, *, wanted: bool, look_at: dt.datetime | None) -> None:
        """Write down what should be, and when to look again; never when that is None."""
        self._session.stage(_LOOKED, {**_the(badge), "new": wanted, "again": look_at, "at": at})
        self._owe(badge, at)

    async def get(self, group_id: int, member_id: int, audience: str) -> Badge | None:
        """Return a reward by its key; None when there is none."""
        row = await self._session.row(_GET, _the(Badge(group_id, member_id, audience, wanted=True)))
        return None if row is None else _badge(row)

    def asked(self, badge: Badge) -> None:
        """Record that the platform may know from now on, whether it answers or not."""
        self._session.stage(_TOLD, {**_the(badge), "what": IN_DOUBT})

    def told(self, badge: Badge) -> None:
        """The platform knows what was wanted then, or will never want to."""
        self._session.stage(_TOLD, {**_the(badge), "what": int(badge.wanted)})

    def _owe(self, badge: Badge, at: dt.datetime) -> None:
        """Enqueue it if it has changed just now, and the platform does not know."""
        self._session.stage(_ENQUEUE, {**_the(badge), "at": at, "number": new_revision()})


def _badge(row: AnyRow) -> Badge:
    return Badge(*row)


def _the(badge: Badge) -> Values:
    return {
        "the_group_id": badge.group_id,
        "the_member_id": badge.member_id,
        "the_audience": badge.audience,
    }
