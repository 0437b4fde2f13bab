"""Keeps sent messages up to date: each shows the newest state, no oftener than its platform likes."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Hashable
from functools import partial

from bot.chat.adapter import DeliveryError, Transient
from bot.chat.clock import Clock
from bot.chat.messages import Message
from bot.domain.model import Group, Post
from bot.errors import UserError
from bot.library import Library
from bot.ports import Database, UnitOfWork
from bot.ports.posts import LONGEST_PAUSE
from bot.services.post_rendering import render
from bot.settings import Settings
from bot.worker.platforms import Platforms, pause_before_retry
from bot.worker.pool import PlatformPools, Work

log = logging.getLogger(__name__)


class PostEditor:
    """Edits the messages that are out of date."""

    def __init__(
        self,
        database: Database,
        library: Library,
        settings: Settings,
        platforms: Platforms,
        clock: Clock,
        pools: PlatformPools,
    ) -> None:
        self._database = database
        self._library = library
        self._settings = settings
        self._platforms = platforms
        self._clock = clock
        self._pools = pools

    async def refresh(self) -> None:
        """Edit what may be edited now; what changes meanwhile is left to the next pass."""
        await self._pools.fetch(partial(self._claim, self._clock.now()))

    async def _claim(self, now: dt.datetime, platform: str, most: int) -> dict[Hashable, Work]:
        lease = min(dt.timedelta(seconds=self._settings.lease_seconds), LONGEST_PAUSE)

        async def claim(unit: UnitOfWork) -> tuple[Post, ...]:
            return await unit.posts.claim_edits(now, lease, most, [platform])

        claimed = await self._database.run(claim)
        return {f"the message of post {post.id}": partial(self._edit, post) for post in claimed}

    async def _edit(self, post: Post) -> None:
        group, message, version = await self._database.read(lambda unit: self._load(unit, post))
        adapter = self._platforms.of(group)
        again = self._clock.now() + dt.timedelta(seconds=adapter.capabilities.edit_every)
        assert post.message is not None, "only posts with a message are out of date"
        try:
            if message is not None and adapter.capabilities.edit:
                shown = self._platforms.shown(message, adapter)
                await self._platforms.in_time(adapter.edit(post.message, shown))
        except Transient as error:
            pause = min(pause_before_retry(error, 1), LONGEST_PAUSE)
            later = max(again, self._clock.now() + pause)
            await self._database.run(lambda unit: unit.posts.edit_later(post.id, later))
            return
        except DeliveryError as error:
            log.warning("the message of post %s can no longer be changed: %s", post.id, error)
        await self._database.run(lambda unit: unit.posts.mark_shown(post.id, version, again))

    async def _load(self, unit: UnitOfWork, post: Post) -> tuple[Group, Message | None, int]:
        """The message is None when it cannot be made any more."""
        version = await unit.posts.version(post.id)
        fresh = await unit.posts.get(post.id) or post
        group = await unit.groups.get(post.group_id)
        try:
            return group, await render(unit, self._library, fresh), version
        except UserError as error:
            log.warning("the message of post %s stays as it is: %s", post.id, error)
            return group, None, version
