"""What an organiser must hear of: written down with the failure, told later, tried again."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Hashable, Mapping
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from bot.border.adapter import DeliveryError, Transient
from bot.border.clock import Clock
from bot.border.degrade import fit
from bot.delivery.crew import Crews, Work
from bot.delivery.faults import Bug, fault_of
from bot.delivery.keys import notice_key
from bot.delivery.platforms import Platforms, pause_before_retry
from bot.domain.calendar import BadZone
from bot.domain.reasons import Fault, NoticeKind
from bot.domain.records import (
    Group,
    Notice,
    Post,
)
from bot.ports import Database, UnitOfWork
from bot.settings import Settings
from bot.views.notices import notice_message

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


class Messenger:
    """Tells organisers what they are owed."""

    def __init__(
        self, database: Database, settings: Settings, platforms: Platforms, clock: Clock, crews: Crews
    ) -> None:
        self._database = database
        self._settings = settings
        self._platforms = platforms
        self._clock = clock
        self._crews = crews
        self._heard: set[int] = set()

    async def deliver(self) -> int:
        """Tell what must be told by now; returns how many were claimed (see ``Crews.fetch``)."""
        return await self._crews.fetch(self._claim)

    async def _claim(self, platform: str, most: int) -> dict[Hashable, Work]:
        lease = dt.timedelta(seconds=self._settings.lease_seconds)

        async def claim(unit: UnitOfWork) -> tuple[Notice, ...]:
            return await unit.notices.claim(self._clock.now(), lease, most, [platform])

        claimed = await self._database.run(claim)
        return {f"notice {notice.id}": partial(self._tell, notice) for notice in claimed}

    async def _tell(self, notice: Notice) -> None:
        async def load(unit: UnitOfWork) -> tuple[Group, str]:
            return await unit.groups.get(notice.group_id), await notice_key(unit, notice)

        group, key = await self._database.run(load)
        try:
            message = notice_message(notice.kind, notice.data)
            if notice.id not in self._heard:
                adapter = self._platforms.of(group)
                letter = fit(message, adapter.capabilities)
                await self._platforms.in_time(adapter.direct(group.organiser, letter, key))
        except DeliveryError as error:
            await self._failed(notice, error)
            return
        except Exception as error:
            log.exception("notice %s met a fault of ours", notice.id)
            await self._failed(notice, Bug(error))
            return
        # Platforms know a key for some minutes only, and the database may be away for longer.
        self._heard.add(notice.id)
        await self._database.run(lambda unit: _told(unit, notice, self._clock.now()))
        self._heard.discard(notice.id)

    async def _failed(self, notice: Notice, error: DeliveryError) -> None:
        """Try again, or stop trying."""
        later = replace(notice, tries=notice.tries + 1)
        if isinstance(error, Transient) and later.tries < self._settings.send_attempts:
            at = self._clock.now() + pause_before_retry(error, later.tries)
            await self._database.run(lambda unit: _try_again(unit, later, at))
            return
        log.warning("the organiser of group %s could not be told: %s", notice.group_id, error)
        await self._database.run(lambda unit: _given_up(unit, later))


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
    """What the sentence about a post that failed is made of."""
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
