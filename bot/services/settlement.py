"""The settlement of a question: its points count on the boards once nobody can answer it any more."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from bot.domain.model import Post, PostKind
from bot.ports import UnitOfWork


async def settle(unit: UnitOfWork, post: Post, now: dt.datetime) -> None:
    """Count the answers to a question that closes, on the group's date of this instant."""
    group = await unit.groups.get(post.group_id)
    unit.boards.settle(post, now.astimezone(ZoneInfo(group.zone)).date())


async def settle_if_answered(unit: UnitOfWork, post: Post, now: dt.datetime) -> None:
    """Count the answers to a question that will never close: it came, and nobody wrote that down."""
    if post.kind is PostKind.QUIZ and await unit.learning.count_answers(post.id):
        await settle(unit, post, now)
