"""Open posts whose question has left the pack: found after a start, and when packs were read again."""

from __future__ import annotations

import datetime as dt
import logging

from bot.library import Library
from bot.ports import Database, UnitOfWork

log = logging.getLogger(__name__)

MOST = 10_000
"""Open posts that are looked at, at most. Those beyond show their end when they close."""

_FURTHEST = dt.timedelta(days=400)
"""Time for which a question stays open, at most."""


async def close_withdrawn(database: Database, library: Library, now: dt.datetime) -> None:
    """Mark the message of each open question that is in no pack any more as changed, so that it says so."""
    packs = library.packs.values()
    known = {q.id for pack in packs for found in pack.questions.values() for q in found}

    async def mark(unit: UnitOfWork) -> int:
        gone = [p for p in await unit.posts.closing(now + _FURTHEST, MOST) if p.content_id not in known]
        for post in gone:
            await unit.posts.mark_changed(post.id)
        return len(gone)

    if packs and (marked := await database.run(mark)):
        log.warning("%s open questions have left the packs; their messages will say so", marked)
