"""Claim what is planned, send it, record what became of it; keep what was sent up to date.

Every target is alone: a channel that hangs, refuses or is gone delays and harms no other one.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from bot.border.adapter import Adapter, DeliveryError, Forbidden, Gone, Transient
from bot.border.clock import Clock
from bot.border.degrade import fit
from bot.border.message import Message
from bot.delivery.planner import pause_group
from bot.delivery.rendering import render
from bot.domain.records import Group, Post, PostState
from bot.errors import StorageError, UserError
from bot.library import Library
from bot.ports import Database, UnitOfWork, UseCase
from bot.settings import Settings
from bot.views.common import notice

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_RETRY = 2.0
"""Seconds before the second try; doubled each time, with a random part."""

LONGEST_RETRY = 900.0
BATCH = 200
REMEMBER_EDITS = dt.timedelta(hours=1)


class Courier:
    """Carries posts from the ledger to the platforms."""

    def __init__(
        self,
        database: Database,
        library: Library,
        settings: Settings,
        adapters: Mapping[str, Adapter],
        clock: Clock,
    ) -> None:
        self._database = database
        self._library = library
        self._settings = settings
        self._adapters = adapters
        self._clock = clock
        self._edited: dict[int, dt.datetime] = {}
        self._gate = asyncio.Semaphore(settings.send_at_once)

    async def deliver(self) -> int:
        """Send every post that may be sent now; returns how many were claimed."""
        lease = dt.timedelta(seconds=self._settings.lease_seconds)

        async def claim(unit: UnitOfWork) -> tuple[Post, ...]:
            return await unit.posts.claim(self._clock.now(), lease, BATCH)

        posts = await self._database.run(claim)
        await self._each(posts, self._send)
        return len(posts)

    async def close_due(self) -> int:
        """Close every question whose time is over; its message is then out of date."""

        async def close(unit: UnitOfWork) -> int:
            over = await unit.posts.closing(self._clock.now(), BATCH)
            for post in over:
                await unit.posts.save(replace(post, state=PostState.CLOSED))
                await unit.posts.mark_changed(post.id)
            return len(over)

        return await self._database.run(close)

    async def refresh(self) -> int:
        """Edit the messages that are out of date, none more often than its platform likes."""
        self._forget_old_edits()
        posts = await self._changed()
        await self._each(posts, self._edit)
        return len(posts)

    async def _changed(self) -> list[Post]:
        """Messages to edit now: those that must wait stand in nobody's way, however many they are."""
        limit = BATCH
        while True:
            found = await self._database.run(_changed_posts(limit))
            ready = [post for post in found if self._may_edit(post)]
            if ready or len(found) < limit:
                return ready[:BATCH]
            limit *= 2

    async def _each(
        self, posts: tuple[Post, ...] | list[Post], do: Callable[[Post], Awaitable[None]]
    ) -> None:
        """Do it for each post; a fault of one is logged and kept from the others."""

        async def alone(post: Post) -> None:
            async with self._gate:
                try:
                    await do(post)
                except Exception:
                    log.exception("post %s could not be served", post.id)

        await asyncio.gather(*(alone(post) for post in posts))

    async def _send(self, post: Post) -> None:
        async def load(unit: UnitOfWork) -> tuple[Group, Message]:
            return await unit.groups.get(post.group_id), await render(unit, self._library, post)

        try:
            group, message = await self._database.run(load)
            adapter = self._adapter(group)
            shown = fit(message, adapter.capabilities)
            ref = await self._in_time(adapter.send(group.channel, shown, f"post-{post.id}"))
        except (DeliveryError, UserError) as error:
            await self._record_failure(post, error)
            return
        except StorageError:
            raise  # the post stays claimed, and is taken up again when its lease is over
        except Exception as error:
            log.exception("post %s met a fault of ours", post.id)
            await self._record_failure(post, Transient(f"a fault of ours, {type(error).__name__}"))
            return
        sent = replace(
            post,
            state=PostState.SENT,
            message=ref,
            sent_at=self._clock.now(),
            attempts=post.attempts + 1,
        )
        await self._database.run(lambda unit: _record_success(unit, sent))

    async def _record_failure(self, post: Post, error: DeliveryError | UserError) -> None:
        """Plan another try, or give the post up and, when that goes on, pause the group."""
        attempts = post.attempts + 1
        if isinstance(error, Transient) and attempts < self._settings.send_attempts:
            wait = error.retry_after if error.retry_after is not None else _backoff(attempts)
            not_before = self._clock.now() + dt.timedelta(seconds=wait)
            later = replace(post, attempts=attempts, not_before=not_before, fault=str(error))
            await self._database.run(lambda unit: unit.posts.save(later))
            return
        log.warning("post %s is given up: %s", post.id, error)
        failed = replace(post, state=PostState.FAILED, attempts=attempts, fault=str(error))
        pausing = isinstance(error, Forbidden | Gone)
        paused = await self._database.run(lambda unit: self._give_up(unit, failed, pausing=pausing))
        if paused:
            await self._tell_organiser(paused, failed)

    async def _give_up(self, unit: UnitOfWork, post: Post, *, pausing: bool) -> Group | None:
        """Returns the group when this failure has paused it."""
        await unit.posts.save(post)
        if not pausing or post.schedule_id is None:
            return None
        schedule = await unit.groups.get_schedule(post.schedule_id)
        schedule = replace(schedule, failures=schedule.failures + 1)
        await unit.groups.put_schedule(schedule)
        group = await unit.groups.get(post.group_id)
        if group.paused_at or schedule.failures < self._settings.refusals_before_pause:
            return None
        return await pause_group(unit, group, self._clock.now(), f"posting was refused: {post.fault}")

    async def _tell_organiser(self, group: Group, post: Post) -> None:
        sentence = (
            f"I paused the study group because posting was refused {self._settings.refusals_before_pause} "
            f"times: {post.fault}. Mend it and go on with /study resume."
        )
        try:
            adapter = self._adapter(group)
            await self._in_time(adapter.direct(group.organiser, notice(sentence), f"paused-{post.id}"))
        except DeliveryError as error:
            log.warning("the organiser of group %s could not be told: %s", group.id, error)

    async def _in_time(self, work: Awaitable[T]) -> T:
        """What the platform answers. Raises Transient when it takes longer than half the lease.

        So a channel that hangs keeps the others waiting no longer, and is not sent to twice at a time.
        """
        try:
            async with asyncio.timeout(self._settings.lease_seconds / 2):
                return await work
        except TimeoutError:
            raise Transient("the platform did not answer in time") from None

    async def _edit(self, post: Post) -> None:
        async def load(unit: UnitOfWork) -> tuple[Group, Message | None, int]:
            version = await unit.posts.version(post.id)
            fresh = await unit.posts.get(post.id) or post
            group = await unit.groups.get(post.group_id)
            try:
                return group, await render(unit, self._library, fresh), version
            except UserError as error:
                log.warning("the message of post %s stays as it is: %s", post.id, error)
                return group, None, version

        group, message, version = await self._database.run(load)
        adapter = self._adapter(group)
        self._edited[post.id] = self._clock.now()
        assert post.message is not None, "only posts with a message are out of date"
        try:
            if message is not None and adapter.capabilities.edit:
                await self._in_time(adapter.edit(post.message, fit(message, adapter.capabilities)))
        except Transient:
            return  # still out of date, so the next round tries again
        except DeliveryError as error:
            log.warning("the message of post %s can no longer be changed: %s", post.id, error)
        await self._database.run(lambda unit: unit.posts.mark_shown(post.id, version))

    def _may_edit(self, post: Post) -> bool:
        adapter = self._adapters.get(post.message.channel.platform) if post.message else None
        if adapter is None:
            return False
        last = self._edited.get(post.id)
        pause = dt.timedelta(seconds=adapter.capabilities.edit_every)
        return last is None or self._clock.now() - last >= pause

    def _forget_old_edits(self) -> None:
        """Keep no more than is needed to pause between two edits of one message."""
        lately = self._clock.now() - REMEMBER_EDITS
        self._edited = {post_id: at for post_id, at in self._edited.items() if at > lately}

    def _adapter(self, group: Group) -> Adapter:
        adapter = self._adapters.get(group.channel.platform)
        if adapter is None:
            raise Transient(f"the platform {group.channel.platform} is not running here")
        return adapter


def _changed_posts(limit: int) -> UseCase[tuple[Post, ...]]:
    return lambda unit: unit.posts.changed(limit)


async def _record_success(unit: UnitOfWork, post: Post) -> None:
    await unit.posts.save(post)
    if post.schedule_id is not None:
        schedule = await unit.groups.get_schedule(post.schedule_id)
        if schedule.failures:
            await unit.groups.put_schedule(replace(schedule, failures=0))


def _backoff(attempts: int) -> float:
    """Seconds until the next try: doubled each time, half of it random, so that tries spread out."""
    full: float = min(FIRST_RETRY * 2 ** (attempts - 1), LONGEST_RETRY)
    return full * (0.5 + random.random() / 2)  # noqa: S311 - spreads load, guards nothing
