"""The settlement of a question: its points count on the boards once nobody can answer it any more."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.domain.model import Post, PostKind, PostState
from bot.domain.reasons import Ending
from bot.ports import UnitOfWork


async def settle(unit: UnitOfWork, post: Post, now: dt.datetime) -> None:
    """Count the answers to a question that closes, on the group's date of this instant."""
    group = await unit.groups.get(post.group_id)
    unit.boards.settle(post, now.astimezone(ZoneInfo(group.zone)).date())


async def close(unit: UnitOfWork, post: Post, now: dt.datetime, ending: Ending | None = None) -> None:
    """Close an open question, count its answers, and have its message say so.

    With an ``ending`` it closes before its time.
    """
    closes_at = now if ending else post.closes_at
    await unit.posts.save(replace(post, state=PostState.CLOSED, closes_at=closes_at, ending=ending))
    await settle(unit, post, now)
    await unit.posts.mark_changed(post.id)


async def settle_if_answered(unit: UnitOfWork, post: Post, now: dt.datetime) -> None:
    """Count the answers to a question that will never close: it came, and nobody wrote that down."""
    if post.kind is PostKind.QUIZ and await unit.learning.count_answers(post.id):
        await settle(unit, post, now)
