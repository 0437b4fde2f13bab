"""Finds out who has left, on platforms that tell it only when asked: slowly, and each member once a day."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Hashable
from dataclasses import replace
from functools import partial

from bot.chat.adapter import DeliveryError, Transient
from bot.chat.events import Origin
from bot.domain.model import Member
from bot.domain.refs import UserRef
from bot.errors import UserError
from bot.ports import UnitOfWork
from bot.services.leaving import member_left, organiser_left
from bot.services.permissions import organised_groups
from bot.worker.pool import PlatformPools, Work
from bot.worker.senders.sender import Context

log = logging.getLogger(__name__)

ONCE_IN = dt.timedelta(days=1)
"""Nobody is looked for more often, nor before they have been a member for so long."""

AT_ONCE = 20
"""Members, at most, who are looked for in a pass, ``PAUSE`` apart: some 57,000 a day."""

NOT_KNOWN = "I can't tell right now whether you're still there. Please try again in a moment."

PAUSE = dt.timedelta(seconds=30)
WHEN_NONE = dt.timedelta(hours=1)


class Presence:
    """Asks platforms who is still there. What it needs in memory is only when to look next."""

    def __init__(self, context: Context) -> None:
        self._database = context.database
        self._platforms = context.platforms
        self._clock = context.clock
        limits = context.settings.send_at_once, context.settings.pass_timeout_seconds
        self._pools = PlatformPools(context.platforms.names, *limits)
        self._next: dict[str, dt.datetime] = {}

    async def look(self) -> int:
        """Look for some members whose turn it is; returns how many."""
        return await self._pools.fetch(self._claim)

    async def finish(self) -> None:
        """Wait a little for answers that are still to come, then for no more."""
        await self._pools.finish()

    async def _claim(self, platform: str, most: int) -> dict[Hashable, Work]:
        now = self._clock.now()
        adapter = self._platforms.find(platform)
        if adapter is None or not adapter.capabilities.knows_who_is_there:
            return {}
        if now < self._next.get(platform, now):
            return {}
        limit = min(most, AT_ONCE)

        async def claim(unit: UnitOfWork) -> dict[Hashable, Work]:
            organisers = await unit.organisers.look_for(now, now - ONCE_IN, limit, platform)
            found = await unit.members.look_for(now, now - ONCE_IN, limit, [platform])
            groups = {group_id: await unit.groups.get(group_id) for _, group_id in found}
            named: dict[Hashable, Work] = {
                f"presence of organiser {user_id} in {workspace}": partial(
                    self._look_for_organiser, UserRef(platform, workspace, user_id), workspace
                )
                for workspace, user_id in organisers
            }
            return named | {
                f"presence of {member.id} in {group_id}": partial(
                    self._look_for, member, groups[group_id].channel.workspace
                )
                for member, group_id in found
            }

        claimed = await self._database.run(claim)
        self._next[platform] = now + (PAUSE if claimed else WHEN_NONE)
        return claimed

    async def whereabouts(self, origin: Origin) -> Origin:
        """Note which places a person has left, of those that they organise from a direct conversation.

        Raises UserError while the platform does not tell.
        """
        adapter = self._platforms.find(origin.channel.platform)
        if adapter is None or not adapter.capabilities.knows_who_is_there:
            return origin
        groups = await self._database.read(lambda unit: organised_groups(unit, origin))
        left = set()
        for workspace in sorted({group.channel.workspace for group in groups}):
            try:
                there = await self._platforms.in_time(adapter.is_there(origin.user, workspace))
            except DeliveryError as error:
                log.info("whether an organiser is still in %s is not known: %s", workspace, error)
                if isinstance(error, Transient):
                    raise UserError(NOT_KNOWN) from None
                there = False  # nor is Milepost
            if not there:
                left.add(workspace)
        return replace(origin, left=frozenset(left))

    async def _look_for_organiser(self, user: UserRef, workspace: str) -> None:
        adapter = self._platforms.named(user.platform)
        try:
            there = await self._platforms.in_time(adapter.is_there(user, workspace))
        except DeliveryError as error:
            log.info("whether an organiser is still in %s is not known: %s", workspace, error)
            return
        if not there:
            now, platform = self._clock.now(), user.platform
            await self._database.run(lambda unit: organiser_left(unit, platform, workspace, user.id, now))

    async def _look_for(self, member: Member, workspace: str) -> None:
        adapter = self._platforms.named(member.user.platform)
        try:
            there = await self._platforms.in_time(adapter.is_there(member.user, workspace))
        except DeliveryError as error:
            log.info("whether member %s is still there is not known: %s", member.id, error)
            return
        if not there:
            now = self._clock.now()
            log.info("member %s has left %s", member.id, workspace)
            await self._database.run(lambda unit: member_left(unit, member.user, workspace, None, now))
