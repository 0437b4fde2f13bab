"""The post ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.deliveries import DeliveryKind
from bot.domain.model import (
    Post,
    PostState,
)
from bot.domain.reasons import Fault
from storage.outbox_tables import delivery
from storage.portable import KEY, KEYS
from storage.repositories import outbox, rewards
from storage.repositories.ledger import BY_IDS, MOST, Ledger, posts_with_groups
from storage.repositories.outbox import new_revision
from storage.statements import (
    ID,
    Values,
    Write,
    change,
    columns,
    keys,
    query,
)
from storage.tables import (
    IS_DUE,
    IS_ENDING,
    IS_OPEN,
    IS_PLANNED,
    schedule,
    study_group,
)
from storage.tables import post as posts

_ADD = (
    insert(posts)
    .on_conflict_do_nothing(index_elements=[posts.c.group_id, posts.c.kind, posts.c.slot])
    .returning(posts.c.id)
)
_PLAN = Write(
    insert(posts).on_conflict_do_nothing(index_elements=[posts.c.group_id, posts.c.kind, posts.c.slot]),
    posts.name,
)
_SAVE = change(posts)
# On the condition again, so that a post that came since it was looked at does not come twice.
_REPLAN = Write(
    sa.update(posts).where(
        posts.c.id == sa.bindparam(ID), posts.c.state == sa.literal_column(f"'{PostState.MISSED}'")
    ),
    posts.name,
    key=(ID,),
)
_NOTE_FAULT = change(posts)
_NOTE_CLOSING = change(posts)
_NOTE_CHANNEL = change(posts)
# A correlated EXISTS, not a join: SQLite walks the index of planned posts in order and stops early.
_IS_WANTED = sa.and_(
    study_group.c.id == posts.c.group_id,
    sa.or_(posts.c.schedule_id.is_(None), study_group.c.paused_at.is_(None)),
)
_IS_HERE = study_group.c.platform.in_(sa.select(KEY).select_from(KEYS))
_CLAIM = (
    sa.update(posts)
    .where(
        posts.c.id.in_(
            sa.select(posts.c.id)
            .where(
                sa.text(IS_PLANNED),
                posts.c.claimable_at <= sa.bindparam("now"),
                sa.exists().where(_IS_WANTED, _IS_HERE).correlate(posts),
            )
            .order_by(posts.c.claimable_at, posts.c.id)
            .limit(MOST)
            .correlate(None)
        )
    )
    .values(
        claimable_at=sa.bindparam("until", type_=posts.c.claimable_at.type), attempts=posts.c.attempts + 1
    )
    .returning(posts.c.id)
)
_of_that_day = posts.alias("of_that_day")
_MENTION = (
    sa.update(posts)
    .where(
        posts.c.id == sa.bindparam(ID),
        ~sa.exists().where(
            _of_that_day.c.group_id == sa.bindparam("of_group"),
            _of_that_day.c.mentions_on == sa.bindparam("on", type_=posts.c.mentions_on.type),
        ),
    )
    .values(mentions_on=sa.bindparam("on", type_=posts.c.mentions_on.type))
    .returning(posts.c.id)
)
_TAKE_BACK = change(posts)
_DELIVERY = columns(delivery, "kind subject platform workspace payload due_at attempts revision")
_owed = insert(delivery).from_select(
    list(_DELIVERY),
    sa.select(
        sa.literal_column(f"'{DeliveryKind.EDIT}'"),
        sa.cast(posts.c.id, sa.Text()),
        study_group.c.platform,
        study_group.c.workspace,
        sa.literal_column("'{}'"),
        posts.c.edit_at,
        sa.literal_column("0"),
        sa.bindparam("number", type_=delivery.c.revision.type),
    )
    .join_from(posts, study_group, study_group.c.id == posts.c.group_id)
    .where(posts.c.id == sa.bindparam(ID)),
)
# One that is owed already keeps its time, or its lease.
_MARK_CHANGED = Write(
    _owed.on_conflict_do_update(
        index_elements=[delivery.c.kind, delivery.c.subject], set_={"revision": _owed.excluded.revision}
    ),
    delivery.name,
    key=(ID,),
)
_EDITED = change(posts)
_EDIT_AGAIN = Write(
    sa.update(delivery)
    .where(
        delivery.c.kind == sa.literal_column(f"'{DeliveryKind.EDIT}'"),
        delivery.c.subject == sa.bindparam("about"),
    )
    .values(due_at=sa.bindparam("again_at", type_=delivery.c.due_at.type)),
    delivery.name,
    key=("about",),
)
_NOW = sa.bindparam("now", type_=posts.c.due_at.type)
_CLOSING = query(
    posts_with_groups()
    .where(sa.text(IS_OPEN), posts.c.closes_at <= sa.bindparam("now"))
    .order_by(posts.c.closes_at)
    .limit(MOST)
)
_WORK_WAITS = query(
    sa.select(
        sa.or_(
            sa.exists().where(sa.text(IS_DUE), schedule.c.next_due_at <= _NOW),
            sa.exists().where(sa.text(IS_ENDING), study_group.c.resume_at <= _NOW),
            sa.exists().where(
                sa.text(IS_PLANNED),
                posts.c.claimable_at <= _NOW,
                sa.exists().where(_IS_WANTED).correlate(posts),
            ),
            sa.exists().where(sa.text(IS_OPEN), posts.c.closes_at <= _NOW),
            rewards.WAIT,
            outbox.WAIT,
        )
    )
)


class PostRepository(Ledger):
    """Implements ``bot.ports.posts.Posts``."""

    async def add(self, post: Post) -> Post | None:
        """Take a slot; None when it is taken."""
        added = await self._session.now(_ADD, posts, _new(post))
        if not added:
            return None
        return replace(post, id=added[0][0])

    def plan(self, post: Post) -> None:
        """Take a slot if it is free; nobody is told whether it was."""
        self._session.stage(_PLAN, _new(post))

    async def claim(
        self, now: dt.datetime, lease: dt.timedelta, limit: int, platforms: Collection[str]
    ) -> tuple[Post, ...]:
        """Planned posts whose ``not_before`` (``due_at`` when None) has come, due first.

        Only of groups on these platforms, and of a paused group only those asked for by hand. Each is
        the caller's until it is saved or ``lease`` has passed.
        """
        values: Values = {"now": now, "until": now + lease, "most": limit, **keys(platforms)}
        claimed = await self._session.now(_CLAIM, posts, values)
        if not claimed:
            return ()
        found = await self._many(BY_IDS, keys(row[0] for row in claimed))
        return tuple(sorted(found, key=lambda post: (post.due_at, post.id)))

    async def save(self, post: Post) -> None:
        """Write state, attempts, not_before, message, sent_at, closes_at, fault, detail; ends the lease."""
        self._session.stage(_SAVE, {ID: post.id, **_written(post)})

    def replan(self, post: Post) -> None:
        """Write what ``save`` writes, and ``due_at``, if the post is missed."""
        self._session.stage(_REPLAN, {ID: post.id, "due_at": post.due_at, **_written(post)})

    def note_fault(self, post_id: int, fault: Fault) -> None:
        """Write ``fault`` alone, with no detail; a lease goes on."""
        self._session.stage(_NOTE_FAULT, {ID: post_id, "fault": fault, "detail": ""})

    def note_channel(self, post_id: int, channel_id: str) -> None:
        """The message stands in this channel, which is not the group's: it has moved meanwhile."""
        self._session.stage(_NOTE_CHANNEL, {ID: post_id, "channel": channel_id})

    def note_closing(self, post_id: int, closes_at: dt.datetime) -> None:
        """Write ``closes_at`` alone; a lease goes on."""
        self._session.stage(_NOTE_CLOSING, {ID: post_id, "closes_at": closes_at})

    async def mention(self, post: Post, on: dt.date) -> bool:
        """Let the post mention its group's role on a local date; False when another one does.

        Raises Conflict when another process lets another one do so at the same moment.
        """
        values: Values = {ID: post.id, "of_group": post.group_id, "on": on}
        return bool(await self._session.now(_MENTION, posts, values))

    def take_mention_back(self, post_id: int) -> None:
        """The post was not shown: another one may mention the role on that date."""
        self._session.stage(_TAKE_BACK, {ID: post_id, "mentions_on": None})

    async def mark_changed(self, post_id: int) -> None:
        """Note that what its message shows is out of date from now on (an answer, a reply, its closing)."""
        self._session.stage(_MARK_CHANGED, {ID: post_id, "number": new_revision()})

    def edited(self, post_id: int, again_at: dt.datetime) -> None:
        """Record when its message may be edited again, also for an edit that is owed already."""
        self._session.stage(_EDITED, {ID: post_id, "edit_at": again_at})
        self._session.stage(_EDIT_AGAIN, {"about": str(post_id), "again_at": again_at})

    async def closing(self, now: dt.datetime, limit: int) -> tuple[Post, ...]:
        """Sent posts whose ``closes_at`` is not after now, longest overdue first."""
        return await self._many(_CLOSING, {"now": now, "most": limit})

    async def work_waits(self, now: dt.datetime) -> bool:
        """Tell if a schedule or reminder is due, a post must close or shows an old state, and the like.

        On whatever platform, so there may be nothing to do here.
        """
        ((waits,),) = await self._session.rows(_WORK_WAITS, outbox.when(now))
        return bool(waits)


def _new(post: Post) -> Values:
    """A whole row."""
    values: Values = {
        "group_id": post.group_id,
        "schedule_id": post.schedule_id,
        "kind": post.kind.value,
        "slot": post.slot,
        "local_date": post.local_date,
        "topic": post.topic,
        "content_id": post.content_id,
        "content_rev": post.content_rev,
        "seed": post.seed,
        "reason": post.reason,
        "figures": post.figures,
        "due_at": post.due_at,
    }
    return values | _written(post)


def _written(post: Post) -> Values:
    """Return what ``save`` writes. Without a message there is no id; its channel is the group's."""
    return {
        "state": post.state.value,
        "attempts": post.attempts,
        "not_before": post.not_before,
        "claimable_at": post.due_at if post.not_before is None else post.not_before,
        "message_id": None if post.message is None else post.message.id,
        "sent_at": post.sent_at,
        "closes_at": post.closes_at,
        "fault": post.fault,
        "detail": post.detail,
    }
