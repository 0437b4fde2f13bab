"""Keeps the audience that rewards a streak as the streaks are: look, tell the platform, record."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Hashable
from dataclasses import replace
from functools import partial

from bot.chat.adapter import DeliveryError, Gone, Transient
from bot.chat.clock import Clock
from bot.domain.model import Badge, Group
from bot.domain.refs import UserRef
from bot.domain.role_use import Purpose
from bot.errors import StorageError
from bot.ports import Database, UnitOfWork
from bot.services.delivery_faults import Bug
from bot.services.notices import notify_reward
from bot.services.rewards import look
from bot.settings import Settings
from bot.worker.platforms import Platforms, pause_before_retry
from bot.worker.pool import BATCH, PlatformPools, Work
from bot.worker.role_checks import denial_now, stop

log = logging.getLogger(__name__)

LOOK_AGAIN = dt.timedelta(days=1)
"""When a streak that could not be looked at is looked at again."""


class Badges:
    """Gives and takes back what streaks earn."""

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

    async def look(self) -> int:
        """Look at the streaks whose time has come; returns how many."""
        now = self._clock.now()

        async def find(unit: UnitOfWork) -> tuple[Badge, ...]:
            return await unit.badges.to_look_at(now, BATCH)

        found = await self._database.read(find)
        await asyncio.gather(*(self._look_at(badge, now) for badge in found))
        return len(found)

    async def deliver(self) -> int:
        """Tell platforms of what has changed; return how many (see ``PlatformPools.fetch``)."""
        return await self._pools.fetch(self._claim)

    async def _claim(self, platform: str, most: int) -> dict[Hashable, Work]:
        lease = dt.timedelta(seconds=self._settings.lease_seconds)

        async def claim(unit: UnitOfWork) -> tuple[Badge, ...]:
            return await unit.badges.claim(self._clock.now(), lease, most, [platform])

        claimed = await self._database.run(claim)
        return {f"badge {_name(badge)}": partial(self._tell, badge) for badge in claimed}

    async def _look_at(self, badge: Badge, now: dt.datetime) -> None:
        """One that cannot be looked at stands in nobody's way."""
        try:
            await self._database.run(lambda unit: look(unit, self._settings, badge, now))
        except StorageError:
            raise
        except KeyError:
            log.info("badge %s is of nobody any more", _name(badge))
        except Exception:
            log.exception("badge %s could not be looked at", _name(badge))
            await self._database.run(lambda unit: _put_off(unit, badge, now))

    async def _tell(self, badge: Badge) -> None:
        async def load(unit: UnitOfWork) -> tuple[Group, UserRef] | None:
            try:
                member = await unit.members.get(badge.member_id)
            except KeyError:
                return None  # they were forgotten since it was claimed: an errand takes it back
            return await unit.groups.get(badge.group_id), member.user

        loaded = await self._database.read(load)
        if loaded is None:
            return
        group, user = loaded
        try:
            adapter = self._platforms.of(group)
            if badge.wanted and await self._is_denied(group, badge):
                return
            change = adapter.grant_role if badge.wanted else adapter.revoke_role
            await self._platforms.in_time(change(group.channel, user, badge.audience))
        except StorageError:
            raise  # it stays claimed, and is taken up again when its lease is over
        except DeliveryError as error:
            await self._failed(group, badge, error)
            return
        except Exception as error:
            log.exception("badge %s met a fault of ours", _name(badge))
            await self._failed(group, badge, Bug(error))
            return
        await self._database.run(lambda unit: _told(unit, badge))

    async def _is_denied(self, group: Group, badge: Badge) -> bool:
        """Tell whether nothing is given, because whoever chose the reward could not give it themselves now.

        Then it is not taken away later either: a member may have it from somebody else.

        Raises a DeliveryError.
        """
        denial = None
        if badge.audience == group.reward:
            denial = await denial_now(self._platforms, group, Purpose.GIVE)
            if denial is None:
                return False
        now = self._clock.now()

        async def leave(unit: UnitOfWork) -> None:
            unit.badges.looked(badge, now, wanted=False, look_at=None)
            unit.badges.told(replace(badge, wanted=False))
            if denial:
                await stop(unit, group, Purpose.GIVE, denial, now)

        await self._database.run(leave)
        return True

    async def _failed(self, group: Group, badge: Badge, error: DeliveryError) -> None:
        """Plan another try, or give it up and tell the organiser."""
        tries = badge.tries + 1
        now = self._clock.now()
        if isinstance(error, Transient) and tries < self._settings.send_attempts:
            again = now + pause_before_retry(error, tries)
            later = replace(badge, tries=tries)
            await self._database.run(lambda unit: _try_again(unit, later, again))
            return
        # Who has left needs nothing taken back.
        quiet = isinstance(error, Gone) and not badge.wanted
        log.log(logging.INFO if quiet else logging.WARNING, "badge %s is given up: %s", _name(badge), error)

        async def give_up(unit: UnitOfWork) -> None:
            unit.badges.told(badge)
            if not quiet:
                await notify_reward(unit, group, error, now)

        await self._database.run(give_up)


def _name(badge: Badge) -> str:
    return f"of member {badge.member_id} in group {badge.group_id}, {badge.audience}"


async def _told(unit: UnitOfWork, badge: Badge) -> None:
    unit.badges.told(badge)


async def _try_again(unit: UnitOfWork, badge: Badge, at: dt.datetime) -> None:
    unit.badges.try_again(badge, at)


async def _put_off(unit: UnitOfWork, badge: Badge, now: dt.datetime) -> None:
    unit.badges.looked(badge, now, wanted=badge.wanted, look_at=now + LOOK_AGAIN)
