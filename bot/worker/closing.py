"""Closes questions whose time is over; their messages are then out of date, and edited."""

from __future__ import annotations

import datetime as dt

from bot.ports import Database, UnitOfWork
from bot.services import settlement
from bot.worker.pool import BATCH


async def close_due(database: Database, now: dt.datetime) -> int:
    """Close a batch of the questions whose time is over; returns how many."""

    async def close(unit: UnitOfWork) -> int:
        over = await unit.posts.closing(now, BATCH)
        for post in over:
            await settlement.close(unit, post, now)
        return len(over)

    return await database.run(close)
