"""The outbox: what is owed to platforms, claimed by one statement whatever its kind."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection
from functools import partial

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.deliveries import LONGEST_EDIT_WAIT, Delivery, DeliveryKind
from bot.domain.refs import UserRef
from storage.batch import Repository
from storage.outbox_tables import delivery as deliveries
from storage.portable import KEY, KEYS
from storage.statements import ID, AnyRow, Values, Write, columns, keys, query
from storage.tables import study_group

_COLUMNS = columns(
    deliveries,
    "id kind platform workspace subject due_at payload group_id member_id user_workspace user_id attempts "
    "error revision",
)
_KEY = (deliveries.c.kind, deliveries.c.subject)
_NOW = sa.bindparam("now", type_=deliveries.c.due_at.type)
_AT = sa.bindparam("at", type_=deliveries.c.due_at.type)
_insert = insert(deliveries)
REPLACED = {
    column.name: _insert.excluded[column.name]
    for column in deliveries.c
    if column.name not in ("id", "kind", "subject")
}
"""The columns that are written over in a delivery of the same kind and subject: the latest counts."""

new_revision = partial(secrets.randbits, 62)
"""A random number at each call: ids of rows that were deleted are given away again, these are not."""

_ENQUEUE = Write(
    _insert.on_conflict_do_update(index_elements=_KEY, set_=REPLACED),
    deliveries.name,
    key=("kind", "subject"),
)
_WITHDRAW = Write(
    sa.delete(deliveries).where(
        deliveries.c.kind == sa.bindparam("which", type_=deliveries.c.kind.type),
        deliveries.c.subject == sa.bindparam("about"),
    ),
    deliveries.name,
)
# Correlated, so that the index is walked in order and no further than to the last one that is claimed.
_IS_AWAKE = sa.or_(
    deliveries.c.group_id.is_(None),
    ~sa.exists()
    .where(study_group.c.id == deliveries.c.group_id, study_group.c.paused_at.is_not(None))
    .correlate(deliveries),
)
_IS_HERE = deliveries.c.platform.in_(sa.select(KEY).select_from(KEYS))
_DUE = (
    sa.select(deliveries.c.id)
    .where(
        deliveries.c.kind == sa.bindparam("which", type_=deliveries.c.kind.type),
        deliveries.c.due_at <= _NOW,
        _IS_HERE,
        _IS_AWAKE,
    )
    .order_by(deliveries.c.due_at, deliveries.c.id)
    .limit(sa.bindparam("most"))
    .correlate(None)
)
_CLAIM = (
    sa.update(deliveries)
    .where(deliveries.c.id.in_(_DUE))
    .values(
        due_at=sa.bindparam("until", type_=deliveries.c.due_at.type),
        attempts=deliveries.c.attempts + sa.literal_column("1"),
    )
    .returning(*_COLUMNS)
)
_IS_THIS = sa.and_(deliveries.c.id == sa.bindparam(ID), deliveries.c.revision == sa.bindparam("known"))
# The end of a lease is an instant that no other claim has, so it says whose the delivery is.
_IS_LEASED = sa.and_(
    deliveries.c.id == sa.bindparam(ID),
    deliveries.c.attempts == sa.bindparam("claimed"),
    deliveries.c.due_at == sa.bindparam("leased", type_=deliveries.c.due_at.type),
)
_DONE = Write(sa.delete(deliveries).where(_IS_THIS), deliveries.name)
_GIVE_UP = (
    sa.delete(deliveries)
    .where(_IS_LEASED, deliveries.c.revision == sa.bindparam("known"))
    .returning(deliveries.c.id)
)
_RETRY = (
    sa.update(deliveries)
    .where(_IS_LEASED)
    .values(due_at=_AT, error=sa.bindparam("why"))
    .returning(deliveries.c.id)
)
_IS_LOST = sa.and_(
    deliveries.c.kind == sa.literal_column(f"'{DeliveryKind.EDIT}'"),
    deliveries.c.due_at > sa.bindparam("longest", type_=deliveries.c.due_at.type),
)
_FETCH_BACK = sa.update(deliveries).where(_IS_LOST).values(due_at=_NOW)


def _waits(kind: DeliveryKind) -> sa.ColumnElement[bool]:
    is_kind = deliveries.c.kind == sa.literal_column(f"'{kind}'")
    due = sa.exists().where(is_kind, deliveries.c.due_at <= _NOW, _IS_AWAKE)
    return sa.or_(due, sa.exists().where(_IS_LOST)) if kind is DeliveryKind.EDIT else due


WAIT = sa.or_(*map(_waits, DeliveryKind))
"""Condition: some delivery is due by ``now``."""

_DUE_KINDS = query(sa.select(*(_waits(kind).label(kind.value) for kind in DeliveryKind)))


class OutboxRepository(Repository):
    """Implements ``bot.ports.outbox.Outbox``."""

    def enqueue(self, delivery: Delivery) -> None:
        """Owe a delivery. It replaces one of its kind and subject, and ends the lease of that."""
        self._session.stage(_ENQUEUE, _row(delivery))

    def withdraw(self, kind: DeliveryKind, subject: str) -> None:
        """Owe it no longer; what is being sent just now may still arrive."""
        self._session.stage(_WITHDRAW, {"which": kind, "about": subject})

    async def due_kinds(self, now: dt.datetime) -> frozenset[DeliveryKind]:
        """Return the kinds of which a delivery is due by ``now`` on whatever platform."""
        row = await self._session.row(_DUE_KINDS, when(now))
        return frozenset(kind for kind, waits in zip(DeliveryKind, row or (), strict=True) if waits)

    async def claim(
        self,
        kind: DeliveryKind,
        now: dt.datetime,
        lease: dt.timedelta,
        limit: int,
        platforms: Collection[str],
    ) -> tuple[Delivery, ...]:
        """Lease what is due of a kind on these platforms, one attempt more each, longest overdue first."""
        if kind is DeliveryKind.EDIT:
            lease = min(lease, LONGEST_EDIT_WAIT)
            await self._session.now(_FETCH_BACK, deliveries, when(now))
        values: Values = {"which": kind, "now": now, "until": now + lease, "most": limit, **keys(platforms)}
        rows = await self._session.now(_CLAIM, deliveries, values)
        return tuple(sorted(map(_delivery, rows), key=lambda each: each.id))

    def done(self, delivery: Delivery) -> None:
        """Delete it, unless it was enqueued anew since it was claimed."""
        self._session.stage(_DONE, {ID: delivery.id, "known": delivery.revision})

    async def retry(self, delivery: Delivery, due_at: dt.datetime, error: str) -> bool:
        """Let it be claimed again from ``due_at`` on; False when the claim that it comes from is over."""
        values: Values = {"at": due_at, "why": error}
        return bool(await self._session.now(_RETRY, deliveries, {**_leased(delivery), **values}))

    async def give_up(self, delivery: Delivery) -> bool:
        """Delete it; False when it isn't the caller's any more: another worker has it, or it is done."""
        rows = await self._session.now(
            _GIVE_UP, deliveries, {**_leased(delivery), "known": delivery.revision}
        )
        return bool(rows)


def _row(delivery: Delivery) -> Values:
    return {
        "kind": delivery.kind,
        "platform": delivery.platform,
        "workspace": delivery.workspace,
        "subject": delivery.subject,
        "payload": delivery.payload,
        "group_id": delivery.group_id,
        "member_id": delivery.member_id,
        "user_workspace": delivery.user.workspace if delivery.user else "",
        "user_id": delivery.user.id if delivery.user else "",
        "due_at": delivery.due_at,
        "attempts": delivery.attempts,
        "revision": new_revision(),
        "error": delivery.error,
    }


def when(now: dt.datetime) -> Values:
    """Return the parameters of ``WAIT``."""
    return {"now": now, "longest": now + LONGEST_EDIT_WAIT}


def _leased(delivery: Delivery) -> Values:
    return {ID: delivery.id, "claimed": delivery.attempts, "leased": delivery.due_at}


def _delivery(row: AnyRow) -> Delivery:
    (
        number, kind, platform, workspace, subject, due_at, payload, group_id, member_id, home, user_id,
        attempts, error, revision,
    ) = row  # fmt: skip
    user = UserRef(platform, home, user_id) if user_id else None
    return Delivery(
        kind, platform, workspace, subject, due_at, payload, group_id, member_id, user, attempts, error,
        number, revision,
    )  # fmt: skip
