"""Claim what is planned, send it, record what became of it; have what was sent kept up to date.

Every target is alone: a channel that hangs, refuses or is gone delays and harms no other one.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Hashable, Mapping
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from bot.chat.action_ids import Signer
from bot.chat.adapter import Adapter, DeliveryError, Transient
from bot.chat.clock import Clock
from bot.chat.messages import Message
from bot.domain.deliveries import DeliveryKind
from bot.domain.model import Group, Post, PostKind, PostState
from bot.domain.reasons import Fault, PauseReason
from bot.domain.refs import MessageRef
from bot.domain.role_use import Purpose
from bot.errors import StorageError, UserError
from bot.library import Library
from bot.ports import Database, UnitOfWork
from bot.services.delivery_faults import Bug, fault_of
from bot.services.notices import notify_failure, notify_pause
from bot.services.planning import missed_meanwhile
from bot.services.post_rendering import render_new
from bot.services.scheduling import pause_group
from bot.services.settlement import settle, settle_if_answered
from bot.settings import Settings
from bot.worker.idempotency import post_key
from bot.worker.outbox import Outbox
from bot.worker.platforms import Platforms, pause_before_retry
from bot.worker.pool import BATCH, PlatformPools, Work
from bot.worker.presence import Presence
from bot.worker.role_checks import denial_now, stop
from bot.worker.senders import all_senders
from bot.worker.senders.sender import Context

log = logging.getLogger(__name__)

LATE = dt.timedelta(minutes=10)
"""A post that is later may have been sent before a backup was put back, and is looked for first."""

_PAUSES = {Fault.FORBIDDEN: PauseReason.REFUSED, Fault.GONE: PauseReason.GONE}
"""The faults that pause a group when they come too often in a row, and why it is paused then."""


class PostSender:
    """Carries posts from the ledger to the platforms."""

    def __init__(
        self,
        database: Database,
        library: Library,
        settings: Settings,
        adapters: Mapping[str, Adapter],
        clock: Clock,
        signer: Signer,
    ) -> None:
        self._database = database
        self._library = library
        self._settings = settings
        self._clock = clock
        # Shorter than the lease, so that no other process sends what is still being sent here.
        self._platforms = Platforms(adapters, settings.lease_seconds / 2, signer)
        limits = settings.send_at_once, settings.pass_timeout_seconds
        self._pools = tuple(PlatformPools(adapters, *limits) for _ in range(2))
        self._senders, lookers = self._pools
        context = Context(database, library, settings, self._platforms, clock)
        self.outbox = Outbox(database, settings, self._platforms, clock, all_senders(context))
        self.presence = Presence(database, self._platforms, clock, lookers)

    async def deliver(self) -> int:
        """Send posts that may be sent now; returns how many were claimed (see ``PlatformPools.fetch``)."""
        return await self._senders.fetch(self._claim)

    async def close_due(self) -> int:
        """Close every question whose time is over; its message is then out of date."""

        async def close(unit: UnitOfWork) -> int:
            now = self._clock.now()
            over = await unit.posts.closing(now, BATCH)
            for post in over:
                await unit.posts.save(replace(post, state=PostState.CLOSED))
                await settle(unit, post, now)
                await unit.posts.mark_changed(post.id)
            return len(over)

        return await self._database.run(close)

    async def refresh(self) -> None:
        """Edit the messages that are out of date."""
        await self.outbox.deliver_kind(DeliveryKind.EDIT)

    async def finish(self) -> None:
        """Wait a little for what is still being sent or edited, then stop it. Its lease will end."""
        for pool in self._pools:
            await pool.finish()
        await self.outbox.finish()

    async def _claim(self, platform: str, most: int) -> dict[Hashable, Work]:
        lease = dt.timedelta(seconds=self._settings.lease_seconds)

        async def claim(unit: UnitOfWork) -> tuple[Post, ...]:
            return await unit.posts.claim(self._clock.now(), lease, most, [platform])

        posts = await self._database.run(claim)
        return {f"post {post.id}": partial(self._send, post) for post in posts}

    async def _send(self, post: Post) -> None:
        async def load(unit: UnitOfWork) -> tuple[Group, Message, str] | None:
            group = await unit.groups.get(post.group_id)
            if await missed_meanwhile(unit, group, post, self._clock.now()):
                return None
            if post.kind is PostKind.RECAP:
                await unit.boards.seal(post, group, self._clock.now())
            shown = await _with_mention(unit, group, post, self._clock.now())
            return group, await render_new(unit, self._library, shown), await post_key(unit, post)

        try:
            loaded = await self._database.run(load)
            if loaded is None:
                return
            group, message, key = loaded
            adapter = self._platforms.of(group)
            shown = self._platforms.shown(message, adapter)
            if shown.mention_role and await self._may_not_mention(group, post):
                shown = replace(shown, mention_role="")
            again = post.attempts > 1 or self._clock.now() > post.due_at + LATE
            ref = await self._platforms.in_time(adapter.send(group.channel, shown, key, again=again))
        except (DeliveryError, UserError) as error:
            await self._record_failure(post, error)
            return
        except StorageError:
            raise  # the post stays claimed, and is taken up again when its lease is over
        except Exception as error:
            log.exception("post %s met a fault of ours", post.id)
            await self._record_failure(post, Bug(error))
            return
        sent_at = self._clock.now()
        await self._database.run(lambda unit: _record_success(unit, post, ref, sent_at))

    async def _may_not_mention(self, group: Group, post: Post) -> bool:
        """Tell whether the post mentions nobody, as whoever chose the role could not mention it now.

        Raises a DeliveryError.
        """
        denial = await denial_now(self._platforms, group, Purpose.MENTION)
        if denial is None:
            return False

        async def leave(unit: UnitOfWork) -> None:
            unit.posts.take_mention_back(post.id)
            await stop(unit, group, Purpose.MENTION, denial, self._clock.now())

        await self._database.run(leave)
        return True

    async def _record_failure(self, post: Post, error: DeliveryError | UserError) -> None:
        """Plan another try, or give the post up and, when that goes on, pause the group."""
        if isinstance(error, Transient) and post.attempts < self._settings.send_attempts:
            not_before = self._clock.now() + pause_before_retry(error, post.attempts)
            await self._database.run(lambda unit: _put_off(unit, post, not_before, error))
            return
        log.warning("post %s is given up: %s", post.id, error)
        await self._database.run(lambda unit: self._give_up(unit, post, error))

    async def _give_up(self, unit: UnitOfWork, claimed: Post, error: DeliveryError | UserError) -> None:
        """Write it down, and what the organiser must be told, in one transaction."""
        found = await _still_ours(unit, claimed)
        if found is None:
            return
        fault, detail = fault_of(error)
        post = replace(found, state=PostState.FAILED, fault=fault, detail=detail)
        await unit.posts.save(post)
        if post.mentions_on is not None:
            unit.posts.take_mention_back(post.id)
        await settle_if_answered(unit, post, self._clock.now())
        group = await unit.groups.get(post.group_id)
        reason = _PAUSES.get(fault)
        if reason and await self._once_too_often(unit, group, post):
            await pause_group(unit, group, self._clock.now(), reason, detail=detail)
            await notify_pause(unit, group, post, self._settings.refusals_before_pause, self._clock.now())
        else:
            await notify_failure(unit, group, post, self._clock.now())

    async def _once_too_often(self, unit: UnitOfWork, group: Group, post: Post) -> bool:
        """Count a refusal of the schedule; whether the group must be paused now."""
        if post.schedule_id is None:
            return False
        schedule = await unit.groups.get_schedule(post.schedule_id)
        schedule = replace(schedule, failures=schedule.failures + 1)
        await unit.groups.put_schedule(schedule)
        return group.paused_at is None and schedule.failures >= self._settings.refusals_before_pause


async def _with_mention(unit: UnitOfWork, group: Group, post: Post, now: dt.datetime) -> Post:
    """The scheduled post, which mentions the group's role if it is the first one of the day to do so."""
    if (
        not group.mention_role
        or group.mention_denied
        or post.schedule_id is None
        or post.mentions_on is not None
    ):
        return post
    today = now.astimezone(ZoneInfo(group.zone)).date()
    return replace(post, mentions_on=today) if await unit.posts.mention(post, today) else post


async def _still_ours(unit: UnitOfWork, claimed: Post) -> Post | None:
    """The post as it is now; None when our lease was over and another process has claimed it since.

    What that one does or has done holds: whoever was stopped for a while must not undo it.
    """
    post = await unit.posts.get(claimed.id)
    if post and post.state is PostState.PLANNED and post.attempts == claimed.attempts:
        return post
    log.info("post %s was taken over by another process meanwhile", claimed.id)
    return None


async def _put_off(
    unit: UnitOfWork, claimed: Post, not_before: dt.datetime, error: DeliveryError | UserError
) -> None:
    post = await _still_ours(unit, claimed)
    if post:
        fault, detail = fault_of(error)
        await unit.posts.save(replace(post, not_before=not_before, fault=fault, detail=detail))


async def _record_success(unit: UnitOfWork, claimed: Post, ref: MessageRef, sent_at: dt.datetime) -> None:
    """Keep the message, whatever became of the post, unless another process's message stands for it."""
    post = await unit.posts.get(claimed.id) or claimed
    if post.message is not None:
        log.info("post %s was sent by another process meanwhile", post.id)
        return
    await unit.posts.save(
        replace(post, state=PostState.SENT, message=ref, sent_at=sent_at, fault=None, detail="")
    )
    group = await unit.groups.get(post.group_id)
    if ref.channel.id != group.channel.id:
        unit.posts.note_channel(post.id, ref.channel.id)  # the group has moved meanwhile
    if post.schedule_id is not None:
        schedule = await unit.groups.get_schedule(post.schedule_id)
        if schedule.failures:
            await unit.groups.put_schedule(replace(schedule, failures=0))
