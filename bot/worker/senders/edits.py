"""Keeps sent messages up to date: each shows the newest state, no oftener than its platform likes."""

from __future__ import annotations

import datetime as dt
import logging

from bot.chat.adapter import DeliveryError, Transient
from bot.chat.messages import Message
from bot.domain.deliveries import LONGEST_EDIT_WAIT, Delivery
from bot.domain.model import Group, Post, PostState
from bot.errors import UserError
from bot.ports import UnitOfWork
from bot.services.post_rendering import render
from bot.worker.platforms import pause_before_retry
from bot.worker.senders.sender import Record, Sender

log = logging.getLogger(__name__)

_ON_SHOW = (PostState.SENT, PostState.CLOSED)


class EditSender(Sender):
    """Edits the message of a post that is out of date. What changes meanwhile is edited once more."""

    async def send(self, delivery: Delivery) -> Record | None:
        """Show the newest state."""
        loaded = await self._database.read(lambda unit: self._load(unit, delivery))
        if loaded is None:
            return None
        group, post, message = loaded
        adapter = self._platforms.of(group)
        if post.message is None:
            raise Transient("The message isn't recorded yet.")
        if message is not None and adapter.capabilities.edit:
            shown = self._platforms.shown(message, adapter)
            await self._platforms.in_time(adapter.edit(post.message, shown))
        again = self._again(delivery)

        async def record(unit: UnitOfWork) -> None:
            unit.posts.edited(post.id, again)

        return record

    async def on_give_up(self, unit: UnitOfWork, delivery: Delivery, _error: DeliveryError) -> None:
        """Leave the message as it is, until something else changes."""
        unit.posts.edited(int(delivery.subject), self._again(delivery))

    def retry_at(self, delivery: Delivery, error: DeliveryError) -> dt.datetime | None:
        """Return when to try again: for ever while the platform has mere trouble."""
        if not isinstance(error, Transient):
            return None
        pause = min(pause_before_retry(error, 1), LONGEST_EDIT_WAIT)
        return max(self._again(delivery), self._clock.now() + pause)

    def _again(self, delivery: Delivery) -> dt.datetime:
        """Return when the message may be edited again."""
        adapter = self._platforms.find(delivery.platform)
        every = adapter.capabilities.edit_every if adapter else 0
        return self._clock.now() + dt.timedelta(seconds=every)

    async def _load(
        self, unit: UnitOfWork, delivery: Delivery
    ) -> tuple[Group, Post, Message | None] | None:
        """Return None for a post that is never shown. Its message is None if it can't be made any more."""
        post = await unit.posts.get(int(delivery.subject))
        if post is None or post.state not in (*_ON_SHOW, PostState.PLANNED):
            return None
        group = await unit.groups.get(post.group_id)
        if post.message is None:
            return group, post, None
        try:
            return group, post, await render(unit, self._library, post)
        except UserError as error:
            log.warning("the message of post %s stays as it is: %s", post.id, error)
            return group, post, None
