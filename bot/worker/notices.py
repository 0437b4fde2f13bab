"""What an organiser must hear of: written down with the failure, told later, tried again."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Hashable
from dataclasses import replace
from functools import partial

from bot.chat.adapter import DeliveryError, Transient
from bot.chat.clock import Clock
from bot.domain.model import (
    Notice,
)
from bot.errors import StorageError
from bot.ports import Database, UnitOfWork
from bot.services.delivery_faults import Bug
from bot.settings import Settings
from bot.views.notices import notice_message
from bot.worker.idempotency import notice_key
from bot.worker.platforms import Platforms, pause_before_retry
from bot.worker.pool import PlatformPools, Work
from bot.worker.recipients import Recipient, next_recipient, rung_after

log = logging.getLogger(__name__)


class NotificationSender:
    """Tells organisers what they are owed."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        platforms: Platforms,
        clock: Clock,
        pools: PlatformPools,
    ) -> None:
        self._database = database
        self._settings = settings
        self._platforms = platforms
        self._clock = clock
        self._pools = pools
        self._heard: set[int] = set()

    async def deliver(self) -> int:
        """Tell what must be told by now; returns how many were claimed (see ``PlatformPools.fetch``)."""
        return await self._pools.fetch(self._claim)

    async def _claim(self, platform: str, most: int) -> dict[Hashable, Work]:
        lease = dt.timedelta(seconds=self._settings.lease_seconds)

        async def claim(unit: UnitOfWork) -> tuple[Notice, ...]:
            return await unit.notices.claim(self._clock.now(), lease, most, [platform])

        claimed = await self._database.run(claim)
        return {f"notice {notice.id}": partial(self._tell, notice) for notice in claimed}

    async def _tell(self, notice: Notice) -> None:
        """Tell whoever is next, see ``bot.worker.recipients``."""
        whom: Recipient | None = None
        try:
            whom = await next_recipient(self._database, self._platforms, notice)
            if whom is None:
                await self._climb(notice)
                return
            if notice.id not in self._heard:
                await self._send(notice, whom)
        except StorageError:
            raise  # it stays claimed, and is taken up again when its lease is over
        except DeliveryError as error:
            await self._failed(notice, whom, error)
            return
        except Exception as error:
            log.exception("notice %s met a fault of ours", notice.id)
            await self._failed(notice, whom, Bug(error))
            return
        # Platforms know a key for some minutes only, and the database may be away for longer.
        self._heard.add(notice.id)
        await self._database.run(lambda unit: _told(unit, notice, self._clock.now()))
        self._heard.discard(notice.id)

    async def _send(self, notice: Notice, whom: Recipient) -> None:
        key = await self._database.run(lambda unit: notice_key(unit, notice, whom.id))
        adapter = self._platforms.named(whom.channel.platform)
        letter = self._platforms.shown(notice_message(notice.kind, notice.data, notice.rung), adapter)
        sent = (
            adapter.direct(whom.user, letter, key)
            if whom.user
            else adapter.send(whom.channel, letter, key, again=notice.tries > 0)
        )
        await self._platforms.in_time(sent)

    async def _failed(self, notice: Notice, whom: Recipient | None, error: DeliveryError) -> None:
        """Try again, or go on with the next who may be told."""
        later = replace(notice, tries=notice.tries + 1)
        if isinstance(error, Transient) and later.tries < self._settings.send_attempts:
            at = self._clock.now() + pause_before_retry(error, later.tries)
            await self._database.run(lambda unit: _try_again(unit, later, at))
            return
        log.warning("a notice of group %s could not be told (%s): %s", notice.group_id, notice.rung, error)
        if whom is None:
            await self._climb(notice)
            return
        passed = replace(notice, tries=0, passed=whom.id)
        await self._database.run(lambda unit: _try_again(unit, passed, self._clock.now()))

    async def _climb(self, notice: Notice) -> None:
        """Nobody on this rung can be told: go on with the next rung, or give up after the last."""
        higher = rung_after(notice.rung)
        if higher is None:
            log.warning("nobody could be told a notice of group %s", notice.group_id)
            await self._database.run(lambda unit: _given_up(unit, notice))
            return
        climbed = replace(notice, tries=0, rung=higher, passed="")
        await self._database.run(lambda unit: _try_again(unit, climbed, self._clock.now()))


async def _told(unit: UnitOfWork, notice: Notice, at: dt.datetime) -> None:
    unit.notices.told(notice, at)


async def _try_again(unit: UnitOfWork, notice: Notice, at: dt.datetime) -> None:
    unit.notices.try_again(notice, at)


async def _given_up(unit: UnitOfWork, notice: Notice) -> None:
    unit.notices.given_up(notice)
