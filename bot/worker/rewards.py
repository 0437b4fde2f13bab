"""Looks again at streaks that earn a reward, when they may have ended."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging

from bot.chat.clock import Clock
from bot.domain.model import Badge
from bot.errors import StorageError
from bot.ports import Database, UnitOfWork
from bot.services.rewards import look
from bot.settings import Settings
from bot.worker.pool import BATCH

log = logging.getLogger(__name__)

LOOK_AGAIN = dt.timedelta(days=1)
"""When a streak that could not be looked at is looked at again."""


async def look_at_streaks(database: Database, settings: Settings, clock: Clock) -> int:
    """Look at the streaks whose time has come; returns how many. What changes is then in the outbox."""
    now = clock.now()

    async def find(unit: UnitOfWork) -> tuple[Badge, ...]:
        return await unit.badges.to_look_at(now, BATCH)

    found = await database.read(find)
    await asyncio.gather(*(_look_at(database, settings, badge, now) for badge in found))
    return len(found)


async def _look_at(database: Database, settings: Settings, badge: Badge, now: dt.datetime) -> None:
    """One that cannot be looked at stands in nobody's way."""
    try:
        await database.run(lambda unit: look(unit, settings, badge, now))
    except StorageError:
        raise
    except KeyError:
        log.info("the reward of member %s is of nobody any more", badge.member_id)
    except Exception:
        log.exception("the streak of member %s could not be looked at", badge.member_id)

        async def put_off(unit: UnitOfWork) -> None:
            unit.badges.looked(badge, now, wanted=badge.wanted, look_at=now + LOOK_AGAIN)

        await database.run(put_off)
