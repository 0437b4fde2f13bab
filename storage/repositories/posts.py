"""The post ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.deliveries import DeliveryKind
from bot.domain.model import Post, PostedContent, PostKind, PostState, posted_content
from bot.domain.reasons import Fault
from bot.domain.refs import MessageRef
from storage.batch import Repository
from storage.columns import INT
from storage.outbox_tables import delivery
from storage.repositories import outbox, rewards
from storage.repositories import post_queries as find
from storage.repositories.outbox import new_revision
from storage.repositories.post_queries import MOST, post_of, posts_with_groups
from storage.statements import ID, AnySelect, Query, Values, Write, change, columns, keys, query
from storage.tables import (
    IS_DUE,
    IS_ENDING,
    IS_OPEN,
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
_SENDING = change(posts)
_NOTE_FAULT = change(posts)
_NOTE_CLOSING = change(posts)
_NOTE_CHANNEL = change(posts)
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
_OWED = columns(delivery, "kind subject platform workspace payload due_at group_id attempts revision")


def _owed(kind: DeliveryKind, due_at: sa.Column[Any], group_id: sa.ColumnElement[Any]) -> AnySelect:
    """The delivery of a kind that is about a post; its revision is the parameter ``number``."""
    return sa.select(
        sa.literal_column(f"'{kind}'"),
        sa.cast(posts.c.id, sa.Text()),
        study_group.c.platform,
        study_group.c.workspace,
        sa.literal_column("'{}'"),
        due_at,
        group_id,
        sa.literal_column("0"),
        sa.bindparam("number", type_=delivery.c.revision.type),
    ).join_from(posts, study_group, study_group.c.id == posts.c.group_id)


# What was asked for by hand comes in a pause, too. One that is owed already keeps its time, or its lease.
_OWE = Write(
    insert(delivery)
    .from_select(
        list(_OWED),
        _owed(
            DeliveryKind.POST,
            posts.c.due_at,
            sa.case((posts.c.schedule_id.is_not(None), posts.c.group_id), else_=sa.null()),
        ).where(
            posts.c.group_id == sa.bindparam("of_group"),
            posts.c.kind == sa.bindparam("of_kind"),
            posts.c.slot == sa.bindparam("in_slot"),
            posts.c.state == sa.literal_column(f"'{PostState.PLANNED}'"),
        ),
    )
    .on_conflict_do_nothing(index_elements=[delivery.c.kind, delivery.c.subject]),
    delivery.name,
)
_edit = insert(delivery).from_select(
    list(_OWED),
    _owed(DeliveryKind.EDIT, posts.c.edit_at, sa.cast(sa.null(), INT)).where(
        posts.c.id == sa.bindparam(ID)
    ),
)
# One that is owed already keeps its time, or its lease.
_MARK_CHANGED = Write(
    _edit.on_conflict_do_update(
        index_elements=[delivery.c.kind, delivery.c.subject], set_={"revision": _edit.excluded.revision}
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
            sa.exists().where(sa.text(IS_OPEN), posts.c.closes_at <= _NOW),
            rewards.WAIT,
            outbox.WAIT,
        )
    )
)


class PostRepository(Repository):
    """Implements ``bot.ports.posts.Posts``."""

    async def get(self, post_id: int) -> Post | None:
        """By id; None when there is none."""
        return await self._one(find.BY_ID, {"id": post_id})

    async def find_slot(self, group_id: int, kind: PostKind, slot: str) -> Post | None:
        """The post of a slot; None while it is free."""
        return await self._one(find.SLOT, {"group_id": group_id, "kind": kind.value, "slot": slot})

    async def by_message(self, message: MessageRef) -> Post | None:
        """The post that a platform message is; None when it is none of ours."""
        channel = message.channel
        return await self._one(
            find.BY_MESSAGE,
            {
                "platform": channel.platform,
                "workspace": channel.workspace,
                "channel": channel.id,
                "message_id": message.id,
            },
        )

    async def open_of(self, group_id: int, kind: PostKind) -> Post | None:
        """The newest sent post of a kind that is not closed; None when there is none."""
        return await self._one(find.OPEN, {"group_id": group_id, "kind": kind.value})

    async def open_of_each(self, group_id: int, kinds: Sequence[PostKind]) -> tuple[Post | None, ...]:
        """Return what ``open_of`` finds of each of these kinds."""
        wanted: list[Values] = [{"group_id": group_id, "kind": kind.value} for kind in kinds]
        asked = [self._session.rows(find.OPEN, values) for values in wanted]
        found = [await rows for rows in asked]
        return tuple([post_of(self._session, rows[0]) if rows else None for rows in found])

    async def history(self, group_id: int, kind: PostKind, limit: int) -> tuple[Post, ...]:
        """The newest first, in any state."""
        return await self._many(find.HISTORY, {"group_id": group_id, "kind": kind.value, "most": limit})

    async def newest_of(self, group_id: int, kind: PostKind, content_id: str) -> Post | None:
        """The newest post of a kind with this content that was sent, whether it is closed or not."""
        values: Values = {"group_id": group_id, "kind": kind.value, "content_id": content_id}
        return await self._one(find.NEWEST_OF, values)

    async def on_dates(self, group_id: int, dates: Collection[dt.date]) -> tuple[Post, ...]:
        """Every post of these local dates, newest first."""
        wanted = keys(date.isoformat() for date in dates)
        return await self._many(find.ON_DATES, {"group_id": group_id, **wanted})

    async def last_date(self, group_id: int, kind: PostKind) -> dt.date | None:
        """The latest local date that a schedule has taken; None when none has.

        Not that of the newest post: one that kept its time when the zone changed may follow a later date's.
        """
        row = await self._session.row(find.LAST_DATE, {"group_id": group_id, "kind": kind.value})
        return None if row is None else row[0]

    async def was_in(self, group_id: int, channel_id: str) -> bool:
        """Tell whether the group has left a message in this channel, before it moved."""
        values: Values = {"group_id": group_id, "channel": channel_id}
        return await self._session.row(find.WAS_IN, values) is not None

    async def served(self, group_id: int, kind: PostKind) -> tuple[PostedContent, ...]:
        """Return what a group has had of a kind, the newest first: the last 500, planned ones included."""
        rows = await self._session.rows(find.SERVED, {"group_id": group_id})
        return tuple(
            posted_content(topic, content, PostState(state), *times)
            for _, of_kind, topic, content, state, *times in rows
            if of_kind == kind
        )

    async def waiting_questions(self, group_ids: Collection[int]) -> frozenset[tuple[int, str]]:
        """(group id, question id) of the groups' quizzes that are planned, or open."""
        rows = await self._session.rows(find.WAITING, keys(group_ids))
        return frozenset((group_id, question_id) for group_id, question_id in rows)

    async def asking(self, question_ids: Collection[str]) -> frozenset[int]:
        """Ids of all groups with a quiz on one of these questions that is planned, or open."""
        rows = await self._session.rows(find.ASKING, keys(question_ids))
        return frozenset(group_id for (group_id,) in rows)

    async def asked_anywhere(self) -> Mapping[str, int]:
        """By question id, the oldest group with a quiz on it that is planned, or open."""
        rows = await self._session.rows(find.ASKED_ANYWHERE)
        return dict(tuple(row) for row in rows)

    async def add(self, post: Post) -> Post | None:
        """Take a slot, and owe the post if it is planned; None when the slot is taken."""
        added = await self._session.now(_ADD, posts, _new(post))
        if not added:
            return None
        self._owe(post)
        return replace(post, id=added[0][0])

    def plan(self, post: Post) -> None:
        """Take a slot if it is free, telling nobody whether it was, and owe the post if it is planned."""
        self._session.stage(_PLAN, _new(post))
        self._owe(post)

    async def save(self, post: Post) -> None:
        """Write state, attempted_at, message, sent_at, closes_at, fault, detail and ending."""
        self._session.stage(_SAVE, {ID: post.id, **_written(post)})

    def replan(self, post: Post) -> None:
        """Write what ``save`` writes, and ``due_at``, if the post is missed; it is owed again then."""
        self._session.stage(_REPLAN, {ID: post.id, "due_at": post.due_at, **_written(post)})
        self._owe(post)

    def sending(self, post_id: int, at: dt.datetime, shape: str) -> None:
        """Record that its platform may be asked to show the post from this instant on, and its shape."""
        self._session.stage(_SENDING, {ID: post_id, "attempted_at": at, "shape": shape})

    def note_fault(self, post_id: int, fault: Fault, detail: str = "") -> None:
        """Write ``fault`` and ``detail`` alone."""
        self._session.stage(_NOTE_FAULT, {ID: post_id, "fault": fault, "detail": detail})

    def note_channel(self, post_id: int, channel_id: str) -> None:
        """The message stands in this channel, which is not the group's: it has moved meanwhile."""
        self._session.stage(_NOTE_CHANNEL, {ID: post_id, "channel": channel_id})

    def note_closing(self, post_id: int, closes_at: dt.datetime) -> None:
        """Write ``closes_at`` alone."""
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

    async def _many(self, wanted: Query, parameters: Values) -> tuple[Post, ...]:
        return tuple([post_of(self._session, row) for row in await self._session.rows(wanted, parameters)])

    async def _one(self, wanted: Query, parameters: Values) -> Post | None:
        found = await self._session.row(wanted, parameters)
        return None if found is None else post_of(self._session, found)

    def _owe(self, post: Post) -> None:
        if post.state is PostState.PLANNED:
            slot: Values = {"of_group": post.group_id, "of_kind": post.kind.value, "in_slot": post.slot}
            self._session.stage(_OWE, {**slot, "number": new_revision()})


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
        "shape": post.shape,
    }
    return values | _written(post)


def _written(post: Post) -> Values:
    """Return what ``save`` writes. Without a message there is no id; its channel is the group's."""
    return {
        "state": post.state.value,
        "attempted_at": post.attempted_at,
        "message_id": None if post.message is None else post.message.id,
        "sent_at": post.sent_at,
        "closes_at": post.closes_at,
        "fault": post.fault,
        "detail": post.detail,
        "ending": post.ending,
    }
