"""Rewards: who should have the role that rewards a streak."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.deliveries import DeliveryKind
from bot.domain.model import Group, Reward
from storage.batch import Repository
from storage.outbox_tables import HAS_REVIEW, delivery, reward
from storage.repositories.outbox import new_revision
from storage.statements import AnyRow, Values, Write, columns, query
from storage.tables import membership, study_group

IN_DOUBT = 2
"""``granted`` while the platform may or may not know: then it is told, whatever is wanted."""

_KEY = ("group_id", "member_id", "role")
_COLUMNS = (*columns(reward, "group_id member_id role wanted"), reward.c.wanted != reward.c.granted)
_MOST: sa.BindParameter[int] = sa.bindparam("most")
_NOW = sa.bindparam("now", type_=reward.c.changed_at.type)
_NO, _YES = (sa.literal(value, sa.Integer()) for value in (0, 1))
_insert = insert(reward)
_EARN = Write(
    _insert.on_conflict_do_update(
        index_elements=list(reward.primary_key),
        set_={name: _insert.excluded[name] for name in ("wanted", "changed_at", "review_at")},
        where=reward.c.wanted == _NO,
    ),
    reward.name,
    key=_KEY,
)
_WITHDRAW = (
    sa.update(reward)
    .where(reward.c.group_id == sa.bindparam("of"), reward.c.wanted == _YES)
    .where(reward.c.role != sa.bindparam("kept"))
    .values(wanted=False, changed_at=_NOW, review_at=None)
)
_everybody = insert(reward).from_select(
    [*_KEY, "wanted", "granted", "changed_at", "review_at"],
    sa.select(
        membership.c.group_id,
        membership.c.member_id,
        sa.bindparam("kept", type_=reward.c.role.type),
        *(_NO, _NO),
        *(_NOW, _NOW),
    ).where(membership.c.group_id == sa.bindparam("of"), membership.c.left_at.is_(None)),
)
# Who has it is granted it again: it may have been taken away by hand, or never have arrived.
_REVIEW_ALL = _everybody.on_conflict_do_update(
    index_elements=list(reward.primary_key),
    set_={
        "review_at": _everybody.excluded.review_at,
        "granted": sa.case((reward.c.wanted == _YES, IN_DOUBT), else_=reward.c.granted),
    },
)
_DUE_FOR_REVIEW = query(
    sa.select(*_COLUMNS)
    .where(sa.text(HAS_REVIEW), reward.c.review_at <= sa.bindparam("now"))
    .order_by(reward.c.review_at)
    .limit(_MOST)
)
_ONE = sa.and_(*(reward.c[name] == sa.bindparam(f"the_{name}") for name in _KEY))
_THE = tuple(f"the_{name}" for name in _KEY)
_WANTED = sa.bindparam("new", type_=reward.c.wanted.type)
_AT = sa.bindparam("at", type_=reward.c.changed_at.type)
_CHANGES = reward.c.wanted != _WANTED
_REVIEWED = Write(
    sa.update(reward)
    .where(_ONE)
    .values(
        wanted=_WANTED,
        review_at=sa.bindparam("again", type_=reward.c.review_at.type),
        changed_at=sa.case((_CHANGES, _AT), else_=reward.c.changed_at),
    ),
    reward.name,
    key=_THE,
)
_GRANTED = Write(sa.update(reward).where(_ONE).values(granted=sa.bindparam("what")), reward.name, key=_THE)
_GET = query(sa.select(*_COLUMNS).where(_ONE))
WAIT = sa.exists().where(sa.text(HAS_REVIEW), reward.c.review_at <= _NOW)
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
            sa.cast(reward.c.group_id, _TEXT) + slash + sa.cast(reward.c.member_id, _TEXT) + slash
            + reward.c.role,
            study_group.c.platform,
            study_group.c.workspace,
            sa.literal_column("'{}'"),
            reward.c.group_id,
            reward.c.member_id,
            _AT,
            _NO,
            sa.bindparam("number", type_=delivery.c.revision.type),
        )
        .join_from(reward, study_group, study_group.c.id == reward.c.group_id)
        .where(reward.c.wanted != reward.c.granted, condition)
    )  # fmt: skip
    new = insert(delivery).from_select(list(_DELIVERY), owed)
    return new.on_conflict_do_update(
        index_elements=[delivery.c.kind, delivery.c.subject],
        set_={name: new.excluded[name] for name in ("due_at", "attempts", "revision")},
    )


_ENQUEUE = Write(_enqueue(sa.and_(_ONE, reward.c.changed_at == _AT)), delivery.name, key=_THE)
_ENQUEUE_ALL = _enqueue(reward.c.group_id == sa.bindparam("of"))


class RewardRepository(Repository):
    """Implements ``bot.ports.outbox.Rewards``."""

    def earn(self, group: Group, member_id: int, at: dt.datetime, review_at: dt.datetime) -> None:
        """The member has earned the reward, which is reviewed at ``review_at``. Idempotent."""
        values: Values = {
            "group_id": group.id,
            "member_id": member_id,
            "role": group.reward_role,
            "wanted": True,
            "granted": 0,
            "changed_at": at,
            "review_at": review_at,
        }
        self._session.stage(_EARN, values)
        self._owe(Reward(group.id, member_id, group.reward_role, wanted=True), at)

    async def review_all(self, group: Group, at: dt.datetime) -> None:
        """Withdraw what the group no longer rewards, and look at every member soon when it rewards some."""
        values: Values = {"of": group.id, "kept": group.reward_role, "now": at}
        await self._session.now(_WITHDRAW, reward, values)
        if group.reward_role:
            await self._session.now(_REVIEW_ALL, reward, values)
        owed: Values = {"of": group.id, "at": at, "number": new_revision()}
        await self._session.now(_ENQUEUE_ALL, delivery, owed)

    async def waiting(self, now: dt.datetime) -> bool:
        """Tell whether one must be looked at or told of by now, anywhere. Fast when there is none."""
        ((waits,),) = await self._session.rows(_WAITING, {"now": now})
        return bool(waits)

    async def due_for_review(self, now: dt.datetime, limit: int) -> tuple[Reward, ...]:
        """Return rewards due for review, longest overdue first. One probe when idle."""
        rows = await self._session.rows(_DUE_FOR_REVIEW, {"now": now, "most": limit})
        return tuple(map(_reward, rows))

    def reviewed(
        self, reward: Reward, at: dt.datetime, *, wanted: bool, review_at: dt.datetime | None
    ) -> None:
        """Write down what should be, and when to review it again; never when that is None."""
        self._session.stage(_REVIEWED, {**_key_of(reward), "new": wanted, "again": review_at, "at": at})
        self._owe(reward, at)

    async def get(self, group_id: int, member_id: int, role: str) -> Reward | None:
        """Return a reward by its key; None when there is none."""
        row = await self._session.row(_GET, _key_of(Reward(group_id, member_id, role, wanted=True)))
        return None if row is None else _reward(row)

    def sending(self, reward: Reward) -> None:
        """Record that the platform may know from now on, whether it answers or not."""
        self._session.stage(_GRANTED, {**_key_of(reward), "what": IN_DOUBT})

    def delivered(self, reward: Reward) -> None:
        """The platform knows what was wanted then, or will never want to."""
        self._session.stage(_GRANTED, {**_key_of(reward), "what": int(reward.wanted)})

    def _owe(self, reward: Reward, at: dt.datetime) -> None:
        """Enqueue it if it has changed just now, and the platform does not know."""
        self._session.stage(_ENQUEUE, {**_key_of(reward), "at": at, "number": new_revision()})


def _reward(row: AnyRow) -> Reward:
    return Reward(*row)


def _key_of(reward: Reward) -> Values:
    return {
        "the_group_id": reward.group_id,
        "the_member_id": reward.member_id,
        "the_role": reward.role,
    }
