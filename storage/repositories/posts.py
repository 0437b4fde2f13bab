"""The post ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from bot.border.interaction import MessageRef
from bot.domain.records import Post, PostKind, PostState
from storage.repositories.groups import GROUP_COLUMNS, learn_group
from storage.session import Session
from storage.statements import (
    ID,
    KEYS,
    AnyRow,
    AnySelect,
    Query,
    Values,
    Write,
    among,
    change,
    columns,
    given,
    keys,
    query,
)
from storage.tables import (
    HAS_MESSAGE,
    IS_DUE,
    IS_OPEN,
    IS_PLANNED,
    IS_STALE,
    WAS_ASKED,
    schedule,
    study_group,
)
from storage.tables import post as posts

_COLUMNS = columns(
    posts,
    "id group_id schedule_id kind slot local_date topic content_id content_rev seed reason "
    "state due_at attempts not_before message_id sent_at closes_at fault version",
)


def _posts(source: sa.FromClause = posts) -> AnySelect:
    """Each post with its group, whose channel its message is in."""
    joined = source.join(study_group, study_group.c.id == posts.c.group_id)
    return sa.select(*_COLUMNS, *GROUP_COLUMNS).select_from(joined)


_MOST: sa.BindParameter[int] = sa.bindparam("most")
_NEWEST = (posts.c.due_at.desc(), posts.c.id.desc())
_BY_ID = query(_posts(among(posts, posts.c.id)))
_SLOT = query(_posts().where(given(posts, "group_id", "kind", "slot")))
_BY_MESSAGE = query(
    _posts()
    .where(
        study_group.c.platform == sa.bindparam("platform"),
        study_group.c.workspace == sa.bindparam("workspace"),
        study_group.c.channel == sa.bindparam("channel"),
        given(posts, "message_id"),
        sa.text(HAS_MESSAGE),
    )
    .order_by(posts.c.id.desc())
    .limit(1)
)
_ADD = (
    insert(posts)
    .on_conflict_do_nothing(index_elements=[posts.c.group_id, posts.c.kind, posts.c.slot])
    .returning(posts.c.id)
)
_SAVE = change(posts)
_CLAIM = (
    sa.update(posts)
    .where(
        posts.c.id.in_(
            sa.select(posts.c.id)
            .where(sa.text(IS_PLANNED), posts.c.claimable_at <= sa.bindparam("now"))
            .order_by(posts.c.claimable_at, posts.c.id)
            .limit(_MOST)
            .correlate(None)
        )
    )
    .values(claimable_at=sa.bindparam("until", type_=posts.c.claimable_at.type))
    .returning(posts.c.id)
)
_other = posts.alias("other")
_LAST_RANK = (
    sa.select(sa.func.coalesce(sa.func.max(_other.c.stale_rank), 0) + 1)
    .select_from(_other)
    .where(sa.text(IS_STALE))
    .scalar_subquery()
)
_MARK_CHANGED = Write(
    sa.update(posts)
    .where(posts.c.id == sa.bindparam(ID))
    .values(
        version=posts.c.version + sa.bindparam("times"),
        stale_rank=sa.case((posts.c.version > posts.c.shown_version, posts.c.stale_rank), else_=_LAST_RANK),
    ),
    posts.name,
    key=(ID,),
    sums=("times",),
)
_SHOWN = sa.bindparam("shown", type_=posts.c.version.type)
_MARK_SHOWN = Write(
    sa.update(posts)
    .where(posts.c.id == sa.bindparam(ID), posts.c.shown_version < _SHOWN)
    .values(
        shown_version=_SHOWN,
        # What changed meanwhile goes to the end of the line, so that one busy post starves no other.
        stale_rank=sa.case((posts.c.version > _SHOWN, _LAST_RANK), else_=posts.c.stale_rank),
    ),
    posts.name,
)
_CHANGED = query(_posts().where(sa.text(IS_STALE)).order_by(posts.c.stale_rank).limit(_MOST))
_CLOSING = query(
    _posts()
    .where(sa.text(IS_OPEN), posts.c.closes_at <= sa.bindparam("now"))
    .order_by(posts.c.closes_at)
    .limit(_MOST)
)
_newest = posts.alias("newest")
_OPEN = query(
    _posts(
        KEYS.join(
            posts,
            posts.c.id
            == sa.select(_newest.c.id)
            .where(
                _newest.c.group_id == KEYS.c.value,
                _newest.c.kind == sa.bindparam("kind"),
                _newest.c.state == PostState.SENT.value,
            )
            .order_by(_newest.c.due_at.desc(), _newest.c.id.desc())
            .limit(1)
            .correlate(KEYS)
            .scalar_subquery(),
        )
    )
)
_HISTORY = query(_posts().where(given(posts, "group_id", "kind")).order_by(*_NEWEST).limit(_MOST))
_NOW = sa.bindparam("now", type_=posts.c.due_at.type)
_WORK_WAITS = query(
    sa.select(
        sa.or_(
            sa.exists().where(sa.text(IS_DUE), schedule.c.next_due_at <= _NOW),
            sa.exists().where(sa.text(IS_PLANNED), posts.c.claimable_at <= _NOW),
            sa.exists().where(sa.text(IS_OPEN), posts.c.closes_at <= _NOW),
            sa.exists(sa.select(sa.literal(1)).select_from(posts).where(sa.text(IS_STALE))),
        )
    )
)
_ASKED = query(
    sa.select(posts.c.local_date)
    .distinct()
    .select_from(among(posts, posts.c.group_id))
    .where(
        posts.c.local_date.between(
            sa.bindparam("first", type_=posts.c.local_date.type),
            sa.bindparam("last", type_=posts.c.local_date.type),
        ),
        sa.text(WAS_ASKED),
    )
)


class PostRepository:
    """Implements ``bot.ports.Posts``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def load(self, post_ids: Sequence[int]) -> None:
        """Learn these posts, None where there is none, and their groups."""
        known = self._session.known
        rows = await self._session.rows(_BY_ID, keys(post_ids))
        for post_id in post_ids:
            known.put(known.posts, post_id, None)
        self._learn(rows)

    async def load_open(self, group_ids: Sequence[int], kind: PostKind) -> None:
        """Learn the newest sent post of a kind in each of these groups, None where there is none."""
        known = self._session.known
        found = await self._many(_OPEN, {**keys(group_ids), "kind": kind.value})
        for group_id in group_ids:
            known.put(known.open_posts, (group_id, kind), None)
        for post in found:
            known.put(known.open_posts, (post.group_id, kind), post.id)

    async def get(self, post_id: int) -> Post | None:
        """By id; None when there is none."""
        posts = self._session.known.posts
        if post_id not in posts:
            await self.load([post_id])
        return posts[post_id]

    async def find_slot(self, group_id: int, kind: PostKind, slot: str) -> Post | None:
        """The post of a slot; None while it is free."""
        return await self._one(_SLOT, {"group_id": group_id, "kind": kind.value, "slot": slot})

    async def by_message(self, message: MessageRef) -> Post | None:
        """The post that a platform message is; None when it is none of ours."""
        channel = message.channel
        return await self._one(
            _BY_MESSAGE,
            {
                "platform": channel.platform,
                "workspace": channel.workspace,
                "channel": channel.id,
                "message_id": message.id,
            },
        )

    async def add(self, post: Post) -> Post | None:
        """Take a slot; None when it is taken."""
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
            "due_at": post.due_at,
            "version": 0,
            "shown_version": 0,
            "stale_rank": 0,
        }
        added = await self._session.now(_ADD, posts, values | _written(post))
        if not added:
            return None
        new = replace(post, id=added[0][0])
        known = self._session.known
        known.put(known.posts, new.id, new)
        known.put(known.versions, new.id, 0)
        known.forget(known.open_posts, (new.group_id, new.kind))
        return new

    async def claim(self, now: dt.datetime, lease: dt.timedelta, limit: int) -> tuple[Post, ...]:
        """Planned posts whose ``not_before`` (``due_at`` when None) has come, due first.

        Each is the caller's until it is saved or ``lease`` has passed.
        """
        claimed = await self._session.now(_CLAIM, posts, {"now": now, "until": now + lease, "most": limit})
        if not claimed:
            return ()
        found = await self._many(_BY_ID, keys(row[0] for row in claimed))
        return tuple(sorted(found, key=lambda post: (post.due_at, post.id)))

    async def save(self, post: Post) -> None:
        """Write state, attempts, not_before, message, sent_at, closes_at, fault; ends the lease."""
        self._session.stage(_SAVE, {ID: post.id, **_written(post)})
        known = self._session.known
        known.forget(known.open_posts, (post.group_id, post.kind))
        old = known.posts.get(post.id)
        if old is not None:
            changed = replace(
                old,
                state=post.state,
                attempts=post.attempts,
                not_before=post.not_before,
                message=post.message,
                sent_at=post.sent_at,
                closes_at=post.closes_at,
                fault=post.fault,
            )
            known.put(known.posts, post.id, changed)

    async def mark_changed(self, post_id: int) -> None:
        """What its message shows is out of date from now on (an answer, a reply, its closing)."""
        self._session.stage(_MARK_CHANGED, {ID: post_id, "times": 1})
        known = self._session.known
        if post_id in known.versions:
            known.put(known.versions, post_id, known.versions[post_id] + 1)

    async def changed(self, limit: int) -> tuple[Post, ...]:
        """Sent and closed posts whose message is out of date, longest first."""
        return await self._many(_CHANGED, {"most": limit})

    async def mark_shown(self, post_id: int, version: int) -> None:
        """Its message shows the state of this version. An older one than was shown does nothing."""
        self._session.stage(_MARK_SHOWN, {ID: post_id, "shown": version})

    async def version(self, post_id: int) -> int:
        """Counts ``mark_changed``. Raises KeyError."""
        versions = self._session.known.versions
        if post_id not in versions:
            await self.load([post_id])
        return versions[post_id]

    async def closing(self, now: dt.datetime, limit: int) -> tuple[Post, ...]:
        """Sent posts whose ``closes_at`` is not after now, longest overdue first."""
        return await self._many(_CLOSING, {"now": now, "most": limit})

    async def work_waits(self, now: dt.datetime) -> bool:
        """Whether a schedule is due, or a post can be claimed, must close or shows an old state."""
        ((waits,),) = await self._session.rows(_WORK_WAITS, {"now": now})
        return bool(waits)

    async def open_of(self, group_id: int, kind: PostKind) -> Post | None:
        """The newest sent post of a kind that is not closed; None when there is none."""
        known = self._session.known
        if (group_id, kind) not in known.open_posts:
            await self.load_open([group_id], kind)
        post_id = known.open_posts[group_id, kind]
        return None if post_id is None else await self.get(post_id)

    async def history(self, group_id: int, kind: PostKind, limit: int) -> tuple[Post, ...]:
        """The newest first, in any state."""
        return await self._many(_HISTORY, {"group_id": group_id, "kind": kind.value, "most": limit})

    async def asked_dates(
        self, group_ids: Collection[int], first: dt.date, last: dt.date
    ) -> frozenset[dt.date]:
        """Local dates in [first, last] on which any of the groups got a prompt, quiz or challenge."""
        rows = await self._session.rows(_ASKED, {**keys(group_ids), "first": first, "last": last})
        return frozenset(date for (date,) in rows)

    async def _many(self, wanted: Query, parameters: Values) -> tuple[Post, ...]:
        return self._learn(await self._session.rows(wanted, parameters))

    async def _one(self, wanted: Query, parameters: Values) -> Post | None:
        found = await self._many(wanted, parameters)
        return found[0] if found else None

    def _learn(self, rows: Sequence[AnyRow]) -> tuple[Post, ...]:
        known = self._session.known
        found = []
        for row in rows:
            (
                post_id, group_id, schedule_id, kind, slot, local_date, topic, content_id, content_rev,
                seed, reason, state, due_at, attempts, not_before, message_id, sent_at, closes_at,
                fault, version,
            ) = row[: len(_COLUMNS)]  # fmt: skip
            channel = learn_group(known, row[len(_COLUMNS) :]).channel
            post = Post(
                post_id, group_id, schedule_id, PostKind(kind), slot, local_date, topic, content_id,
                content_rev, seed, reason, PostState(state), due_at, attempts, not_before,
                None if message_id is None else MessageRef(channel, message_id),
                sent_at, closes_at, fault,
            )  # fmt: skip
            known.put(known.posts, post_id, post)
            known.put(known.versions, post_id, version)
            found.append(post)
        return tuple(found)


def _written(post: Post) -> Values:
    """What ``save`` writes. Without a message there is no id; its channel is the group's."""
    return {
        "state": post.state.value,
        "attempts": post.attempts,
        "not_before": post.not_before,
        "claimable_at": post.due_at if post.not_before is None else post.not_before,
        "message_id": None if post.message is None else post.message.id,
        "sent_at": post.sent_at,
        "closes_at": post.closes_at,
        "fault": post.fault,
    }
