"""Queries that find posts, and how a post lies in its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from bot.domain.model import Post, PostKind, PostState
from bot.domain.refs import ChannelRef, MessageRef
from storage.batch import Session
from storage.portable import KEYS, part_as
from storage.repositories.groups import GROUP_COLUMNS, noted_group
from storage.statements import AnySelect, among, columns, given, place_in, query
from storage.tables import HAS_MESSAGE, IS_WAITING, IS_WAITING_QUIZ, study_group
from storage.tables import post as posts

_COLUMNS = columns(
    posts,
    "id group_id schedule_id kind slot local_date topic content_id content_rev seed reason "
    "state due_at attempted_at message_id sent_at closes_at fault detail figures mentions_on "
    "channel shape ending",
)


def posts_with_groups(source: sa.FromClause = posts) -> AnySelect:
    """Each post with its group, whose channel its message is in."""
    joined = source.join(study_group, study_group.c.id == posts.c.group_id)
    return sa.select(*_COLUMNS, *GROUP_COLUMNS).select_from(joined)


REMEMBERED = 500
"""Earlier posts of a kind that the choice of the next one looks at."""

MOST: sa.BindParameter[int] = sa.bindparam("most")
_NEWEST = (posts.c.due_at.desc(), posts.c.id.desc())
BY_ID = query(posts_with_groups().where(given(posts, "id")))
SLOT = query(posts_with_groups().where(given(posts, "group_id", "kind", "slot")))
BY_MESSAGE = query(
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
WAS_IN = query(
    sa.select(posts.c.id).where(given(posts, "group_id", "channel"), sa.text(HAS_MESSAGE)).limit(1)
)
_newest = posts.alias("newest")
_GROUP, _KIND = part_as(1, posts.c.group_id.type), part_as(2, posts.c.kind.type)
OPEN = query(
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
HISTORY = query(posts_with_groups().where(given(posts, "group_id", "kind")).order_by(*_NEWEST).limit(MOST))
_WAS_POSTED = sa.or_(*(posts.c.state == state.value for state in (PostState.SENT, PostState.CLOSED)))
NEWEST_OF = query(
    posts_with_groups()
    .where(given(posts, "group_id", "kind", "content_id"), _WAS_POSTED)
    .order_by(*_NEWEST)
    .limit(1)
)
ON_DATES = query(
    posts_with_groups(among(posts, posts.c.local_date)).where(given(posts, "group_id")).order_by(*_NEWEST)
)
LAST_DATE = query(
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
SERVED = query(
    sa.select(*list(_ranked.c)[:8]).where(_ranked.c.rank <= REMEMBERED).order_by(_ranked.c.rank),
    keyed=(posts.c.group_id,),
)
WAITING = query(
    sa.select(posts.c.group_id, posts.c.content_id)
    .distinct()
    .select_from(among(posts, posts.c.group_id))
    .where(posts.c.kind == PostKind.QUIZ.value, sa.text(IS_WAITING))
)
ASKING = query(
    sa.select(posts.c.group_id)
    .distinct()
    .select_from(among(posts, posts.c.content_id))
    .where(sa.text(IS_WAITING_QUIZ))
)
ASKED_ANYWHERE = query(
    sa.select(posts.c.content_id, sa.func.min(posts.c.group_id))
    .where(sa.text(IS_WAITING_QUIZ))
    .group_by(posts.c.content_id)
)


def post_of(session: Session, row: Sequence[Any]) -> Post:
    """The post that lies in a row. The unit finds its group again without asking."""
    group = noted_group(session, row[len(_COLUMNS) :][: len(GROUP_COLUMNS)])
    return _post_in(group.channel, row[: len(_COLUMNS)])


@lru_cache(maxsize=1024)
def _post_in(channel: ChannelRef, row: Sequence[Any]) -> Post:
    """The post of _COLUMNS. Many ask for the one that is open."""
    (
        post_id, group_id, schedule_id, kind, slot, local_date, topic, content_id, content_rev,
        seed, reason, state, due_at, attempted_at, message_id, sent_at, closes_at,
        fault, detail, figures, mentions_on, own_channel, shape, ending,
    ) = row  # fmt: skip
    if own_channel is not None:
        channel = replace(channel, id=own_channel)
    return Post(
        post_id, group_id, schedule_id, PostKind(kind), slot, local_date, topic, content_id,
        content_rev, seed, reason, PostState(state), due_at, attempted_at,
        None if message_id is None else MessageRef(channel, message_id),
        sent_at, closes_at, fault, detail, figures, mentions_on, shape, ending,
    )  # fmt: skip
