"""What an organiser must hear of: written down with the failure, told later, tried again."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Hashable
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from bot.border.adapter import DeliveryError, Transient
from bot.border.clock import Clock
from bot.border.degrade import fit
from bot.border.moment import short_date
from bot.delivery.crew import Crews, Work
from bot.delivery.keys import notice_key
from bot.delivery.platforms import Platforms, fault_of_ours, pause_before_retry
from bot.domain.records import Group, Notice, Post
from bot.ports import Database, UnitOfWork
from bot.settings import Settings
from bot.views.common import notice as shown
from bot.views.group import TITLES

log = logging.getLogger(__name__)


async def owe_failure(unit: UnitOfWork, group: Group, post: Post, now: dt.datetime) -> None:
    """A post is given up. Of scheduled ones the organiser hears once a group and local day."""
    why = post.fault.rstrip(".")
    title = TITLES[post.kind].lower()
    if post.schedule_id is None:
        sentence = (
            f"The {title} that you asked for could not be posted: {why}. "
            "Mend that and ask again with /study post-now."
        )
        await _owe(unit, group, f"post {post.id}", sentence, now)
    else:
        sentence = (
            f"The {title} of {short_date(post.local_date)} could not be posted: {why}. "
            "Mend that and post one with /study post-now."
        )
        await _owe(unit, group, _day_of(post), sentence, now)


async def owe_pause(unit: UnitOfWork, group: Group, post: Post, refusals: int, now: dt.datetime) -> None:
    """This failure has paused the group; nothing more needs to be told of its day."""
    sentence = (
        f"I paused the study group because posting was refused {refusals} "
        f"times: {post.fault}. Mend it and go on with /study resume."
    )
    if not await _owe(unit, group, _day_of(post), sentence, now):
        await _owe(unit, group, f"pause at post {post.id}", sentence, now)


async def owe_unended_pause(unit: UnitOfWork, group: Group, why: str, now: dt.datetime) -> None:
    """A pause could not end on its date. The organiser hears of that once, however often it is tried."""
    date = short_date(group.resume_on) if group.resume_on else "its date"
    sentence = (
        f"The pause of the study group could not end on {date}: {why.rstrip('.')}. I try again every hour, "
        "and what falls in between is left out. Mend that with /study schedule, or ask an operator."
    )
    await _owe(unit, group, f"end of the pause until {group.resume_on}", sentence, now)


async def owe_reward(unit: UnitOfWork, group: Group, why: str, now: dt.datetime) -> None:
    """A badge could not be given or taken back. The organiser hears of it once a local day of the group."""
    day = now.astimezone(ZoneInfo(group.zone)).date()
    sentence = (
        f"I could not change who is in the role or group of people that a streak earns: {why.rstrip('.')}. "
        "Let me manage it, such as by putting my own role above it, and use /study reward again."
    )
    await _owe(unit, group, f"reward {day.isoformat()}", sentence, now)


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
            if notice.id not in self._heard:
                adapter = self._platforms.of(group)
                letter = fit(shown(notice.sentence), adapter.capabilities)
                await self._platforms.in_time(adapter.direct(group.organiser, letter, key))
        except DeliveryError as error:
            await self._failed(notice, error)
            return
        except Exception as error:
            log.exception("notice %s met a fault of ours", notice.id)
            await self._failed(notice, fault_of_ours(error))
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


async def _owe(unit: UnitOfWork, group: Group, subject: str, sentence: str, now: dt.datetime) -> bool:
    """Whether the group has not heard of this subject before."""
    return await unit.notices.owe(Notice(0, group.id, subject, sentence, now))


def _day_of(post: Post) -> str:
    return f"posts of {post.local_date.isoformat()}"


async def _told(unit: UnitOfWork, notice: Notice, at: dt.datetime) -> None:
    unit.notices.told(notice, at)


async def _try_again(unit: UnitOfWork, notice: Notice, at: dt.datetime) -> None:
    unit.notices.try_again(notice, at)


async def _given_up(unit: UnitOfWork, notice: Notice) -> None:
    unit.notices.given_up(notice)
