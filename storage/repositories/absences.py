"""When members were away from a group."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from bot.domain.absences import is_brief
from storage.batch import Session
from storage.statements import append, query
from storage.tables import absence
from storage.tables import post as posts

_WAS_AWAY = append(absence)
_LATEST = dt.timedelta(days=7)
"""Upper bound on a post's delay after its date, with which an index finds posts by their date."""

_POSTED = query(
    sa.select(posts.c.id)
    .where(
        posts.c.group_id == sa.bindparam("group"),
        posts.c.local_date >= sa.bindparam("first", type_=posts.c.local_date.type),
        posts.c.sent_at >= sa.bindparam("left", type_=posts.c.sent_at.type),
        posts.c.sent_at < sa.bindparam("back", type_=posts.c.sent_at.type),
    )
    .limit(1)
)


async def note_absence(
    session: Session, group_id: int, member_id: int, left_at: dt.datetime, at: dt.datetime
) -> None:
    """Keep that somebody was away, unless it was brief and nothing was posted meanwhile."""
    if is_brief(left_at, at):
        first = (left_at - _LATEST).date()
        if not await session.row(_POSTED, {"group": group_id, "first": first, "left": left_at, "back": at}):
            return
    away = {"member_id": member_id, "group_id": group_id, "left_at": left_at, "back_at": at}
    session.stage(_WAS_AWAY, away)
