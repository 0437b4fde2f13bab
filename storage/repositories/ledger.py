"""The half of the post ledger that only reads, and how a post lies in its row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from bot.domain.model import Post, PostedContent, PostKind, PostState, posted_content
from bot.domain.refs import MessageRef
from storage.batch import Session
from storage.portable import KEYS, part_as
from storage.repositories.groups import GROUP_COLUMNS, noted_group
from storage.statements import AnySelect, Query, Values, among, columns, given, keys, place_in, query
from storage.tables import HAS_MESSAGE, IS_WAITING, IS_WAITING_QUIZ, study_group
from storage.tables import post as posts

_COLUMNS = columns(
    posts,
    "id group_id schedule_id kind slot local_date topic content_id content_rev seed reason "
    "state due_at attempted_at message_id sent_at closes_at fault detail figures mentions_on "
    "channel",
)


def posts_with_groups(source: sa.FromClause = posts) -> AnySelect:
    """Each post with its group, whose channel its message is in."""
    joined = source.join(study_group, study_group.c.id == posts.c.group_id)
    return sa.select(*_COLUMNS, *GROUP_COLUMNS).select_from(joined)


REMEMBERED = 500
"""Earlier posts of a kind that the choice of the next one looks at."""

MOST: sa.BindParameter[int] = sa.bindparam("most")
_NEWEST = (posts.c.due_at.desc(), posts.c.id.desc())
_BY_ID = query(posts_with_groups().where(given(posts, "id")))
_SLOT = query(posts_with_groups().where(given(posts, "group_id", "kind", "slot")))
_BY_MESSAGE = query(
    posts_with_groups()
    .where(
        study_group.c.platform == sa.bindparam("platform"),
        study_group.c.workspace == sa.bindparam("workspace"),
        sa.func.coalesce(posts.c.channel, study_group.c.channel) == sa.bindparam("channel"),
        given(posts, "message_id"),
        sa.text(HAS_MESSAGE),
    )
    .order_by(posts.c.id.desc())
    .limit(1)
)
_WAS_IN = query(
    sa.select(posts.c.id).where(given(posts, "group_id", "channel"), sa.text(HAS_MESSAGE)).limit(1)
)
_newest = posts.alias("newest")
_GROUP, _KIND = part_as(1, posts.c.group_id.type), part_as(2, posts.c.kind.type)
_OPEN = query(
    posts_with_groups(
        KEYS.join(
            posts,
            posts.c.id
            == sa.select(_newest.c.id)
            .where(
                _newest.c.group_id == _GROUP,
                _newest.c.kind == _KIND,
                _newest.c.state == PostState.SENT.value,
            )
            .order_by(_newest.c.due_at.desc(), _newest.c.id.desc())
            .limit(1)
            .correlate(KEYS)
            .scalar_subquery(),
        )
    ).add_columns(place_in()),
    keyed=(posts.c.group_id, posts.c.kind),
)
_HISTORY = query(posts_with_groups().where(given(posts, "group_id", "kind")).order_by(*_NEWEST).limit(MOST))
_WAS_POSTED = sa.or_(*(posts.c.state == state.value for state in (PostState.SENT, PostState.CLOSED)))
_NEWEST_OF = query(
    posts_with_groups()
    .where(given(posts, "group_id", "kind", "content_id"), _WAS_POSTED)
    .order_by(*_NEWEST)
    .limit(1)
)
_ON_DATES = query(
    posts_with_groups(among(posts, posts.c.local_date)).where(given(posts, "group_id")).order_by(*_NEWEST)
)
_LAST_DATE = query(
    sa.select(posts.c.local_date)
    .where(given(posts, "group_id", "kind"), posts.c.schedule_id.is_not(None))
    .order_by(posts.c.local_date.desc())
    .limit(1)
)
_ranked = (
    sa.select(
        posts.c.group_id,
        posts.c.kind,
        posts.c.topic,
        posts.c.content_id,
        posts.c.state,
        posts.c.due_at,
        posts.c.closes_at,
        place_in(),
        sa.func.row_number()
        .over(partition_by=(posts.c.group_id, posts.c.kind), order_by=_NEWEST)
        .label("rank"),
    )
    .select_from(KEYS.join(posts, posts.c.group_id == part_as(1, posts.c.group_id.type)))
    .subquery("ranked")
)
_SERVED = query(
    sa.select(*list(_ranked.c)[:8]).where(_ranked.c.rank <= REMEMBERED).order_by(_ranked.c.rank),
    keyed=(posts.c.group_id,),
)
_WAITING = query(
    sa.select(posts.c.group_id, posts.c.content_id)
    .distinct()
    .select_from(among(posts, posts.c.group_id))
    .where(posts.c.kind == PostKind.QUIZ.value, sa.text(IS_WAITING))
)
_ASKING = query(
    sa.select(posts.c.group_id)
    .distinct()
    .select_from(among(posts, posts.c.content_id))
    .where(sa.text(IS_WAITING_QUIZ))
)
_ASKED_ANYWHERE = query(
    sa.select(posts.c.content_id, sa.func.min(posts.c.group_id))
    .where(sa.text(IS_WAITING_QUIZ))
    .group_by(posts.c.content_id)
)


class Ledger:
    """Read-only queries on posts, most of them for people's deeds."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, post_id: int) -> Post | None:
        """By id; None when there is none."""
        return await self._one(_BY_ID, {"id": post_id})

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

    async def open_of(self, group_id: int, kind: PostKind) -> Post | None:
        """The newest sent post of a kind that is not closed; None when there is none."""
        return await self._one(_OPEN, {"group_id": group_id, "kind": kind.value})

    async def history(self, group_id: int, kind: PostKind, limit: int) -> tuple[Post, ...]:
        """The newest first, in any state."""
        return await self._many(_HISTORY, {"group_id": group_id, "kind": kind.value, "most": limit})

    async def newest_of(self, group_id: int, kind: PostKind, content_id: str) -> Post | None:
        """The newest post of a kind with this content that was sent, whether it is closed or not."""
        values: Values = {"group_id": group_id, "kind": kind.value, "content_id": content_id}
        return await self._one(_NEWEST_OF, values)

    async def on_dates(self, group_id: int, dates: Collection[dt.date]) -> tuple[Post, ...]:
        """Every post of these local dates, newest first."""
        wanted = keys(date.isoformat() for date in dates)
        return await self._many(_ON_DATES, {"group_id": group_id, **wanted})

    async def last_date(self, group_id: int, kind: PostKind) -> dt.date | None:
        """The latest local date that a schedule has taken; None when none has.

        Not that of the newest post: one that kept its time when the zone changed may follow a later date's.
        """
        row = await self._session.row(_LAST_DATE, {"group_id": group_id, "kind": kind.value})
        return None if row is None else row[0]

    async def was_in(self, group_id: int, channel_id: str) -> bool:
        """Tell whether the group has left a message in this channel, before it moved."""
        values: Values = {"group_id": group_id, "channel": channel_id}
        return await self._session.row(_WAS_IN, values) is not None

    async def served(self, group_id: int, kind: PostKind) -> tuple[PostedContent, ...]:
        """Return what a group has had of a kind, the newest first: the last 500, planned ones included."""
        rows = await self._session.rows(_SERVED, {"group_id": group_id})
        return tuple(
            posted_content(topic, content, PostState(state), *times)
            for _, of_kind, topic, content, state, *times in rows
            if of_kind == kind
        )

    async def waiting_questions(self, group_ids: Collection[int]) -> frozenset[tuple[int, str]]:
        """(group id, question id) of the groups' quizzes that are planned, or open."""
        rows = await self._session.rows(_WAITING, keys(group_ids))
        return frozenset((group_id, question_id) for group_id, question_id in rows)

    async def asking(self, question_ids: Collection[str]) -> frozenset[int]:
        """Ids of all groups with a quiz on one of these questions that is planned, or open."""
        rows = await self._session.rows(_ASKING, keys(question_ids))
        return frozenset(group_id for (group_id,) in rows)

    async def asked_anywhere(self) -> Mapping[str, int]:
        """By question id, the oldest group with a quiz on it that is planned, or open."""
        rows = await self._session.rows(_ASKED_ANYWHERE)
        return dict(tuple(row) for row in rows)

    async def _many(self, wanted: Query, parameters: Values) -> tuple[Post, ...]:
        return tuple([_post(self._session, row) for row in await self._session.rows(wanted, parameters)])

    async def _one(self, wanted: Query, parameters: Values) -> Post | None:
        found = await self._session.row(wanted, parameters)
        return None if found is None else _post(self._session, found)


def _post(session: Session, row: Sequence[Any]) -> Post:
    (
        post_id, group_id, schedule_id, kind, slot, local_date, topic, content_id, content_rev,
        seed, reason, state, due_at, attempted_at, message_id, sent_at, closes_at,
        fault, detail, figures, mentions_on, own_channel,
    ) = row[: len(_COLUMNS)]  # fmt: skip
    channel = noted_group(session, row[len(_COLUMNS) :][: len(GROUP_COLUMNS)]).channel
    if own_channel is not None:
        channel = replace(channel, id=own_channel)
    return Post(
        post_id, group_id, schedule_id, PostKind(kind), slot, local_date, topic, content_id,
        content_rev, seed, reason, PostState(state), due_at, attempted_at,
        None if message_id is None else MessageRef(channel, message_id),
        sent_at, closes_at, fault, detail, figures, mentions_on,
    )  # fmt: skip
