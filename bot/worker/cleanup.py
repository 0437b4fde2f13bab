"""Asks platforms to do what is owed to people: delete files, and take back what a streak gave."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Hashable, Sequence
from dataclasses import replace
from functools import partial

from bot.chat.adapter import DeliveryError, Gone, Rejected, Removes, Transient
from bot.chat.clock import Clock
from bot.domain.personal import Errand, ErrandKind
from bot.domain.refs import ChannelRef
from bot.ports import Database, UnitOfWork
from bot.services.delivery_faults import Bug
from bot.settings import Settings
from bot.worker.platforms import Platforms, pause_before_retry
from bot.worker.pool import PlatformPools, Work

log = logging.getLogger(__name__)


class Errands:
    """Runs errands until they are done, or until trying again is useless."""

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

    async def deliver(self) -> int:
        """Run those that are due; returns how many were claimed (see ``PlatformPools.fetch``)."""
        return await self._pools.fetch(self._claim)

    async def _claim(self, platform: str, most: int) -> dict[Hashable, Work]:
        lease = dt.timedelta(seconds=self._settings.lease_seconds)

        async def claim(unit: UnitOfWork) -> Sequence[Errand]:
            return await unit.errands.claim(self._clock.now(), lease, most, [platform])

        claimed = await self._database.run(claim)
        return {f"errand {errand.id}": partial(self._run, errand) for errand in claimed}

    async def _run(self, errand: Errand) -> None:
        try:
            await self._platforms.in_time(self._ask(errand))
        except DeliveryError as error:
            await self._failed(errand, error)
            return
        except Exception as error:
            log.exception("errand %s met a fault of ours", errand.id)
            await self._failed(errand, Bug(error))
            return
        await self._database.run(lambda unit: _done(unit, errand))

    async def _ask(self, errand: Errand) -> None:
        adapter = self._platforms.named(errand.platform)
        if errand.kind is ErrandKind.FILE and isinstance(adapter, Removes):
            await adapter.remove(errand.workspace, errand.target)
        elif errand.kind is ErrandKind.AUDIENCE and errand.user:
            channel = ChannelRef(errand.platform, errand.workspace, errand.channel)
            await adapter.revoke_role(channel, errand.user, errand.target)

    async def _failed(self, errand: Errand, error: DeliveryError) -> None:
        """Plan another try, or give it up: what is gone needs nothing done."""
        tries = errand.tries + 1
        if isinstance(error, Transient) and tries < self._settings.send_attempts:
            again = self._clock.now() + pause_before_retry(error, tries)
            later = replace(errand, tries=tries)
            await self._database.run(lambda unit: _try_again(unit, later, again))
            return
        quiet = isinstance(error, Gone | Rejected)
        level = logging.INFO if quiet else logging.WARNING
        log.log(level, "errand %s (%s) is given up: %s", errand.id, errand.kind, error)
        await self._database.run(lambda unit: _done(unit, errand))


async def _done(unit: UnitOfWork, errand: Errand) -> None:
    unit.errands.done(errand)


async def _try_again(unit: UnitOfWork, errand: Errand, at: dt.datetime) -> None:
    unit.errands.try_again(errand, at)
