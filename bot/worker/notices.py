"""What an organiser must hear of: written down with the failure, told later, tried again."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Hashable, Mapping
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from bot.chat.adapter import DeliveryError, Transient
from bot.chat.clock import Clock
from bot.domain.calendar import BadZone
from bot.domain.model import (
    Group,
    Notice,
    Post,
)
from bot.domain.reasons import Fault, NoticeKind
from bot.domain.role_use import Denial, Purpose
from bot.errors import StorageError
from bot.ports import Database, UnitOfWork
from bot.services.delivery_faults import Bug, fault_of
from bot.settings import Settings
from bot.views.notices import notice_message
from bot.worker.idempotency import notice_key
from bot.worker.platforms import Platforms, pause_before_retry
from bot.worker.pool import PlatformPools, Work
from bot.worker.recipients import Recipient, next_recipient, rung_after

log = logging.getLogger(__name__)


async def owe_failure(unit: UnitOfWork, group: Group, post: Post, now: dt.datetime) -> None:
    """A post is given up. Of scheduled ones the organiser hears once a group and local day."""
    by_hand = post.schedule_id is None
    kind = NoticeKind.FAILED_BY_HAND if by_hand else NoticeKind.FAILED
    subject = _about_post(post) if by_hand else _about_day(post)
    await _owe(unit, group, subject, kind, _facts_of(post), now)


async def owe_pause(unit: UnitOfWork, group: Group, post: Post, refusals: int, now: dt.datetime) -> None:
    """This failure has paused the group; nothing more needs to be told of its day."""
    data = {**_facts_of(post), "refusals": refusals}
    if not await _owe(unit, group, _about_day(post), NoticeKind.PAUSED, data, now):
        await _owe(unit, group, f"pause:{post.id}", NoticeKind.PAUSED, data, now)


async def owe_unended_pause(unit: UnitOfWork, group: Group, error: Exception, now: dt.datetime) -> None:
    """A pause could not end on its date. The organiser hears of that once, however often it is tried."""
    date = group.resume_on.isoformat() if group.resume_on else ""
    zone = error.name if isinstance(error, BadZone) else ""
    data = {"date": date, "zone": zone, "bug": "" if zone else type(error).__name__}
    await _owe(unit, group, f"end:{date}", NoticeKind.PAUSE_UNENDED, data, now)


async def owe_reward(unit: UnitOfWork, group: Group, error: DeliveryError, now: dt.datetime) -> None:
    """A badge could not be given or taken back. The organiser hears of it once a local day of the group."""
    day = now.astimezone(ZoneInfo(group.zone)).date()
    fault, detail = fault_of(error)
    data = {"fault": fault.value, "detail": detail}
    await _owe(unit, group, f"reward:{day.isoformat()}", NoticeKind.REWARD_FAILED, data, now)


async def owe_stop(
    unit: UnitOfWork, group: Group, purpose: Purpose, denial: Denial, now: dt.datetime
) -> None:
    """Enqueue a notice that a role is no longer given or mentioned: once each time that this happens."""
    giving = purpose is Purpose.GIVE
    name = group.reward_name or group.reward if giving else group.calls_name or group.calls
    kind = NoticeKind.REWARD_STOPPED if giving else NoticeKind.MENTION_STOPPED
    data = {"name": name, "denied": denial.reason.value, "detail": denial.detail}
    await _owe(unit, group, f"stop:{purpose}:{now.isoformat()}", kind, data, now)


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


async def _owe(
    unit: UnitOfWork,
    group: Group,
    subject: str,
    kind: NoticeKind,
    data: Mapping[str, str | int],
    now: dt.datetime,
) -> bool:
    """Enqueue a notice. Returns False if the group has had one on this subject."""
    return await unit.notices.owe(Notice(0, group.id, subject, kind, data, now))


def _facts_of(post: Post) -> dict[str, str | int]:
    """Return what the sentence about a post that failed is made of."""
    return {
        "post": post.kind.value,
        "date": post.local_date.isoformat(),
        "fault": (post.fault or Fault.DOWN).value,
        "detail": post.detail,
    }


def _about_day(post: Post) -> str:
    return f"day:{post.local_date.isoformat()}"


def _about_post(post: Post) -> str:
    return f"post:{post.id}"


async def _told(unit: UnitOfWork, notice: Notice, at: dt.datetime) -> None:
    unit.notices.told(notice, at)


async def _try_again(unit: UnitOfWork, notice: Notice, at: dt.datetime) -> None:
    unit.notices.try_again(notice, at)


async def _given_up(unit: UnitOfWork, notice: Notice) -> None:
    unit.notices.given_up(notice)
