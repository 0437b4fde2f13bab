"""Looks again at streaks that earn a reward, when they may have ended."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging

from bot.chat.clock import Clock
from bot.domain.model import Reward
from bot.errors import StorageError
from bot.ports import Database, UnitOfWork
from bot.services.rewards import review
from bot.settings import Settings
from bot.worker.pool import BATCH

log = logging.getLogger(__name__)

REVIEW_AGAIN = dt.timedelta(days=1)
"""When a streak that could not be reviewed is looked at again."""


async def review_rewards(database: Database, settings: Settings, clock: Clock) -> int:
    """Look at the streaks whose time has come; returns how many. What changes is then in the outbox."""
    now = clock.now()

    async def find(unit: UnitOfWork) -> tuple[Reward, ...]:
        return await unit.rewards.due_for_review(now, BATCH)

    found = await database.read(find)
    await asyncio.gather(*(_review(database, settings, reward, now) for reward in found))
    return len(found)


async def _review(database: Database, settings: Settings, reward: Reward, now: dt.datetime) -> None:
    """One that cannot be looked at stands in nobody's way."""
    try:
        await database.run(lambda unit: review(unit, settings, reward, now))
    except StorageError:
        raise
    except KeyError:
        log.info("the reward of member %s is of nobody any more", reward.member_id)
    except Exception:
        log.exception("the streak of member %s could not be reviewed", reward.member_id)

        async def put_off(unit: UnitOfWork) -> None:
            unit.rewards.reviewed(reward, now, wanted=reward.wanted, review_at=now + REVIEW_AGAIN)

        await database.run(put_off)
