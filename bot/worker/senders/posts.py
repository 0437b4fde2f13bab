"""Shows planned posts, and records on the ledger what became of them.

Every target is alone: a channel that hangs, refuses or is gone delays and harms no other one.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.chat.adapter import DeliveryError
from bot.chat.messages import Message
from bot.domain.deliveries import Delivery
from bot.domain.model import Group, Post, PostKind, PostState
from bot.domain.reasons import Fault, PauseReason
from bot.domain.refs import MessageRef
from bot.domain.role_use import Purpose
from bot.errors import UserError
from bot.ports import UnitOfWork
from bot.services.delivery_faults import Unshowable, fault_of
from bot.services.notices import notify_failure, notify_pause
from bot.services.outdated_questions import shape_asked
from bot.services.planning import missed_meanwhile
from bot.services.post_rendering import render_new
from bot.services.scheduling import pause_group
from bot.services.settlement import settle_if_answered
from bot.worker.idempotency import post_key
from bot.worker.role_checks import denial_now, stop
from bot.worker.senders.sender import Record, Sender

log = logging.getLogger(__name__)

LATE = dt.timedelta(minutes=10)
"""A post that is later may have been sent before a backup was put back, and is looked for first."""

_PAUSES = {Fault.FORBIDDEN: PauseReason.REFUSED, Fault.GONE: PauseReason.GONE}
"""The faults that pause a group when they come too often in a row, and why it is paused then."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A post that is to be shown: in which group, as what, and under which key."""

    post: Post
    group: Group
    message: Message
    key: str


class PostSender(Sender):
    """Carries posts from the ledger to the platforms. A delivery says only that one is owed."""

    async def send(self, delivery: Delivery) -> Record | None:
        """Show the post, unless it is too late or nobody wants it any more."""
        try:
            ready = await self._database.run(lambda unit: self._load(unit, delivery))
        except UserError as error:
            raise Unshowable(error) from error
        if ready is None:
            return None
        post, group = ready.post, ready.group
        adapter = self._platforms.of(group)
        shown = self._platforms.shown(ready.message, adapter)
        if shown.mention_role and await self._may_not_mention(group, post):
            shown = replace(shown, mention_role="")
        again = delivery.attempts > 1 or self._clock.now() > post.due_at + LATE
        ref = await self._platforms.in_time(adapter.send(group.channel, shown, ready.key, again=again))
        sent_at = self._clock.now()

        async def record(unit: UnitOfWork) -> None:
            await _record_success(unit, post, ref, sent_at)

        return record

    async def on_retry(self, unit: UnitOfWork, delivery: Delivery, error: DeliveryError) -> None:
        """Say on the ledger why the post has not come yet."""
        unit.posts.note_fault(int(delivery.subject), *fault_of(error))

    async def on_give_up(self, unit: UnitOfWork, delivery: Delivery, error: DeliveryError) -> None:
        """Record the failure, tell the organiser, and pause the group when that goes on."""
        found = await unit.posts.get(int(delivery.subject))
        if found is None or found.state is not PostState.PLANNED:
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

    async def _load(self, unit: UnitOfWork, delivery: Delivery) -> _Ready | None:
        """Return what is to be shown; None for a post that isn't to come (any more).

        From then on the platform may know of the post, whether it answers or not. Raises UserError for
        content that is gone.
        """
        now = self._clock.now()
        post = await unit.posts.get(int(delivery.subject))
        if post is None or post.state is not PostState.PLANNED:
            return None
        if delivery.attempts > 1:  # whoever claimed it before may be asking for it even now
            post = replace(post, attempted_at=post.attempted_at or now)
        group = await unit.groups.get(post.group_id)
        if await missed_meanwhile(unit, group, post, now):
            return None
        asked = shape_asked(self._library, group, post)
        unit.posts.sending(post.id, post.attempted_at or now, asked)
        if post.kind is PostKind.RECAP:
            await unit.boards.seal(post, group, now)
        shown = await _with_mention(unit, group, post, now)
        message = await render_new(unit, self._library, shown)
        return _Ready(post, group, message, await post_key(unit, post))

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

    async def _once_too_often(self, unit: UnitOfWork, group: Group, post: Post) -> bool:
        """Count a refusal of the schedule; tell whether the group must be paused now."""
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


async def _record_success(unit: UnitOfWork, sent: Post, ref: MessageRef, sent_at: dt.datetime) -> None:
    """Keep the message, whatever became of the post, unless another process's message stands for it."""
    post = await unit.posts.get(sent.id) or sent
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
