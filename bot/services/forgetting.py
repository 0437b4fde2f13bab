"""Forgetting a person, and what platforms are asked to undo."""

from __future__ import annotations

import datetime as dt

from bot.domain.deliveries import Delivery, DeliveryKind
from bot.domain.model import PostKind
from bot.domain.refs import UserRef
from bot.ports import UnitOfWork


async def forget(unit: UnitOfWork, user: UserRef, now: dt.datetime) -> bool:
    """Forget a person in one unit of work; False if nothing was known. Posts that count them are edited."""
    member = await unit.members.find(user)
    for group_id in await unit.members.groups_of(member.id) if member else ():
        post = await unit.posts.open_of(group_id, PostKind.CHALLENGE)
        if post:
            await unit.posts.mark_changed(post.id)
    return await unit.persons.forget(user, now)


async def enqueue_removal(unit: UnitOfWork, user: UserRef, file: str, due_at: dt.datetime) -> None:
    """Have a file deleted that a platform keeps for somebody; at once if they are forgotten before."""
    unit.outbox.enqueue(
        Delivery(
            DeliveryKind.FILE_REMOVAL,
            user.platform,
            user.workspace,
            f"{user.platform}/{user.workspace}/{file}",
            due_at,
            {"file": file},
            user=user,
        )
    )
