"""The demonstration: a group whose first question is due at once, and a clock that can be moved on."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Literal, Protocol

from bot.chat.adapter import Adapter
from bot.chat.clock import Clock, SystemClock
from bot.chat.platform import Platform
from bot.domain.calendar import EVERY_DAY
from bot.domain.model import Group, PostKind
from bot.domain.refs import ChannelRef, UserRef
from bot.ports import Database, UnitOfWork
from bot.services.group_setup import SetupPlan, start_group
from bot.services.scheduling import next_slot
from bot.worker.scheduler import Scheduler

ZONE = "UTC"
OFFSET_NOTE = "demo-clock-offset-seconds"
STEPS = {"day": dt.timedelta(days=1), "week": dt.timedelta(weeks=1)}
LATER = (PostKind.CHALLENGE, PostKind.RECAP)
"""Kinds of post that would crowd the first look: each comes when its day comes."""

MOST_TIMES = 50
"""Planned times in a row at which nothing is posted, before the demo stops looking."""

JUST_AFTER = dt.timedelta(seconds=1)


class DemoPlatform(Platform, Protocol):
    """A platform that can be tried without an account."""

    DEMO_CHANNEL: ChannelRef
    DEMO_ORGANISER: UserRef


class DemoAdapter(Adapter, Protocol):
    """An adapter with a page to open."""

    @property
    def address_for_browser(self) -> str:
        """An address that opens the page once, and that other users of the machine may see."""


class DemoClock:
    """The system's time and what it was moved on by, which the database remembers."""

    def __init__(self, base: Clock | None = None) -> None:
        self._base = base or SystemClock()
        self._offset = dt.timedelta()
        self._database: Database | None = None
        self._scheduler: Scheduler | None = None

    def now(self) -> dt.datetime:
        """The demo's instant, aware, in UTC."""
        return self._base.now() + self._offset

    async def attach(self, database: Database, scheduler: Scheduler) -> None:
        """Go on where the last demonstration stopped. To be done before anybody can act."""
        self._database, self._scheduler = database, scheduler

        async def remembered(unit: UnitOfWork) -> str | None:
            return await unit.notes.get(OFFSET_NOTE)

        seconds = await database.read(remembered)
        self._offset = dt.timedelta(seconds=float(seconds or 0))

    async def skip(self, step: Literal["next", "day", "week"]) -> dt.datetime:
        """Move on to the next post, or by a day or a week, serving every post on the way.

        Returns the new time. With no post ahead, ``next`` moves on by a day.
        """
        assert self._scheduler is not None, "attach first"
        if step == "next":
            return await self._skip_to_next_post()
        due = await self._scheduler.next_due_at()
        target = self.now() + STEPS[step]
        while due is not None and due + JUST_AFTER < target:
            await self._move_to(due + JUST_AFTER)
            due = await self._scheduler.next_due_at()
        await self._move_to(target)
        return self.now()

    async def _skip_to_next_post(self) -> dt.datetime:
        """Move on until something is posted: most times at which a project may come pass without."""
        assert self._scheduler is not None, "attach first"
        before = await self._newest_posts()
        for _ in range(MOST_TIMES):
            due = await self._scheduler.next_due_at()
            await self._move_to(due + JUST_AFTER if due else self.now() + STEPS["day"])
            if due is None or await self._newest_posts() != before:
                break
        return self.now()

    async def _newest_posts(self) -> list[int]:
        """The ids of each group's newest post of each kind."""
        assert self._database is not None, "attach first"

        async def newest(unit: UnitOfWork) -> list[int]:
            groups = await unit.groups.all()
            found = [await unit.posts.history(group.id, kind, 1) for group in groups for kind in PostKind]
            return [post.id for posts in found for post in posts]

        return await self._database.read(newest)

    async def _move_to(self, instant: dt.datetime) -> None:
        """Move the clock on, never backwards: answers stay in the past, so the offset is stored first."""
        assert self._scheduler is not None, "attach first"
        assert self._database is not None, "attach first"
        offset = self._offset + max(instant - self.now(), dt.timedelta())

        async def remember(unit: UnitOfWork) -> None:
            await unit.notes.put(OFFSET_NOTE, str(offset.total_seconds()))

        await self._database.run(remember)
        self._offset = offset
        await self._scheduler.run_once()


async def found_group(
    database: Database, pack: str, channel: ChannelRef, organiser: UserRef, now: dt.datetime
) -> None:
    """Add the demo's group, with a prompt and a question due now; an existing one stays as it is."""

    async def found(unit: UnitOfWork) -> None:
        if await unit.groups.find(channel):
            return
        minute = now.replace(second=0, microsecond=0)
        group = Group(0, channel, pack, ZONE, now, organiser)
        plan = SetupPlan(pack, ZONE, minute.time(), EVERY_DAY)
        just_before = minute - dt.timedelta(seconds=1)
        _, schedules = await start_group(unit, group, plan, just_before)
        for schedule in schedules:
            if schedule.kind is PostKind.PROMPT:
                daily = replace(schedule, days=EVERY_DAY)
                await unit.groups.put_schedule(await next_slot(unit, daily, just_before))
            elif schedule.kind in LATER:
                await unit.groups.put_schedule(await next_slot(unit, schedule, now))

    await database.run(found)
