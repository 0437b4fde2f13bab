"""Keeps sent messages up to date: each shows the newest state, no oftener than its platform likes."""

from __future__ import annotations

import datetime as dt
import logging
from functools import partial

from bot.border.adapter import DeliveryError, Transient
from bot.border.clock import Clock
from bot.border.degrade import fit
from bot.border.message import Message
from bot.delivery.crew import Crew
from bot.delivery.platforms import Platforms
from bot.delivery.rendering import render
from bot.domain.records import Group, Post
from bot.errors import UserError
from bot.library import Library
from bot.ports import Database, UnitOfWork, UseCase

log = logging.getLogger(__name__)

BATCH = 200
"""Messages that are being edited or wait for it, at most."""

REMEMBER_EDITS = dt.timedelta(hours=1)


class Editor:
    """Edits the messages that are out of date."""

    def __init__(
        self, database: Database, library: Library, platforms: Platforms, clock: Clock, crew: Crew
    ) -> None:
        self._database = database
        self._library = library
        self._platforms = platforms
        self._clock = clock
        self._crew = crew
        self._edited: dict[int, dt.datetime] = {}

    async def refresh(self) -> int:
        """Begin the edits that may be made now; returns how many."""
        self._forget_old_edits()
        room = BATCH - self._crew.size
        posts = (await self._changed())[:room] if room > 0 else []
        await self._crew.each({_name(post): partial(self._edit, post) for post in posts})
        return len(posts)

    async def _changed(self) -> list[Post]:
        """Messages to edit now: those that must wait stand in nobody's way, however many they are."""
        limit = BATCH
        while True:
            found = await self._database.read(_changed_posts(limit))
            ready = [post for post in found if self._may_edit(post)]
            if ready or len(found) < limit:
                return ready
            limit *= 2

    async def _edit(self, post: Post) -> None:
        group, message, version = await self._database.read(lambda unit: self._load(unit, post))
        adapter = self._platforms.of(group)
        self._edited[post.id] = self._clock.now()
        assert post.message is not None, "only posts with a message are out of date"
        try:
            if message is not None and adapter.capabilities.edit:
                shown = fit(message, adapter.capabilities)
                await self._platforms.in_time(adapter.edit(post.message, shown))
        except Transient:
            return  # still out of date, so the next round tries again
        except DeliveryError as error:
            log.warning("the message of post %s can no longer be changed: %s", post.id, error)
        await self._database.run(lambda unit: unit.posts.mark_shown(post.id, version))

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

    def _may_edit(self, post: Post) -> bool:
        adapter = self._platforms.find(post.message.channel.platform) if post.message else None
        if adapter is None or self._crew.busy(_name(post)):
            return False
        last = self._edited.get(post.id)
        pause = dt.timedelta(seconds=adapter.capabilities.edit_every)
        return last is None or self._clock.now() - last >= pause

    def _forget_old_edits(self) -> None:
        """Keep no more than is needed to pause between two edits of one message."""
        lately = self._clock.now() - REMEMBER_EDITS
        self._edited = {post_id: at for post_id, at in self._edited.items() if at > lately}


def _changed_posts(limit: int) -> UseCase[tuple[Post, ...]]:
    return lambda unit: unit.posts.changed(limit)


def _name(post: Post) -> str:
    return f"the message of post {post.id}"
