"""Open questions that can't be answered any more as they were asked: their pack has changed since.

They are found after a start, and when packs were read again, and close with a sentence. Nobody loses
anything by it: answers keep their points, and who hadn't answered is asked nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
from functools import partial

from bot.domain.model import Group, Post, PostKind, PostState
from bot.domain.questions import ended, shape
from bot.domain.reasons import Ending
from bot.library import Library
from bot.ports import Database, UnitOfWork
from bot.services import settlement

log = logging.getLogger(__name__)

MOST = 10_000
"""Open posts that are looked at, at most. Those beyond close when their time is over."""

AT_ONCE = 100
"""Posts that are closed in one transaction, at most."""

_FURTHEST = dt.timedelta(days=400)
"""Time for which a question stays open, at most."""


def shape_asked(library: Library, group: Group, post: Post) -> str:
    """Return what the question of a post offers, empty for other posts. Raises PackMissing."""
    if post.kind is not PostKind.QUIZ:
        return ""
    question = library.pack(group.pack).question(post.content_id)
    return shape(question) if question else ""


async def close_outdated(database: Database, library: Library, now: dt.datetime) -> None:
    """Close each open question that was taken out of its pack, or offers something else than it did."""

    async def look(unit: UnitOfWork) -> list[int]:
        open_ones = await unit.posts.closing(now + _FURTHEST, MOST)
        return [post.id for post in open_ones if await _ends_early(unit, library, post, now)]

    outdated = await database.read(look)
    for first in range(0, len(outdated), AT_ONCE):
        await database.run(
            partial(_close, library=library, post_ids=outdated[first : first + AT_ONCE], now=now)
        )
    if outdated:
        log.warning("%s open questions were closed, since their packs have changed", len(outdated))


async def _close(unit: UnitOfWork, library: Library, post_ids: list[int], now: dt.datetime) -> None:
    for post_id in post_ids:
        post = await unit.posts.get(post_id)
        ending = await _ends_early(unit, library, post, now) if post else None
        if post and ending:
            await settlement.close(unit, post, now, ending)


async def _ends_early(unit: UnitOfWork, library: Library, post: Post, now: dt.datetime) -> Ending | None:
    """Return why an open question closes now; None where it stays open, or its time is over anyway.

    A pack that is not installed at the moment ends nothing: it may come back.
    """
    if post.state is not PostState.SENT or (post.closes_at is not None and post.closes_at <= now):
        return None
    group = await unit.groups.get(post.group_id)
    pack = library.packs.get(group.pack)
    return ended(pack.question(post.content_id), post.shape) if pack else None
