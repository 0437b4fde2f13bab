"""The machine's clock is set back or forward by an hour: one post a day, and nothing stands still."""

import asyncio
import datetime as dt
from dataclasses import replace

import pytest
from apscheduler.schedulers import base

from bot.chat import Forbidden, Transient
from bot.domain.deliveries import DeliveryKind
from bot.domain.model import PostState
from bot.worker.periodic import PeriodicRunner
from tests.bot.worker.test_periodic import SOON, CountingScheduler
from tests.support.deliveries import NO_PATIENCE, ledger, quiz_only, told
from tests.support.helpers import QUIZ, quiz_of
from tests.support.people import MONDAY, Room, world_at
from tests.support.room import ROOM

pytestmark = pytest.mark.asyncio

DUE = MONDAY + dt.timedelta(minutes=30)
HOUR = dt.timedelta(hours=1)
STEPS = [-HOUR, HOUR]
MOMENTS = (-61, -59, -30, -1, 0, 1, 30, 59, 61)
"""Minutes after the time of the post at which the clock is set."""


@pytest.mark.parametrize("step", STEPS, ids=["back", "forward"])
async def test_there_is_one_post_a_day_whenever_the_clock_is_set(world, step):
    await quiz_only(world)
    for day, minutes in enumerate(MOMENTS):
        moment = DUE + dt.timedelta(days=day, minutes=minutes)
        for quarter in range(-8, 9):
            if (before := moment + quarter * HOUR / 4) <= moment:
                world.clock.set(before)
                await world.run_once()
        world.clock.set(moment + step)
        for _ in range(20):
            await world.run_once()
            world.clock.advance(minutes=12)
    posts = await ledger(world)
    assert [post.local_date for post in posts] == [
        (DUE + dt.timedelta(days=day)).date() for day in range(len(MOMENTS))
    ]
    assert {post.state for post in posts} == {PostState.SENT, PostState.CLOSED}
    assert len(world.channel_posts(about=QUIZ)) == len(MOMENTS)
    assert all(abs(post.sent_at - post.due_at) <= HOUR + dt.timedelta(minutes=12) for post in posts)


@pytest.mark.parametrize("step", STEPS, ids=["back", "forward"])
async def test_a_post_that_waits_for_its_next_try_comes_once_within_the_hour(world, step):
    await quiz_only(world)
    world.room.refusals = [Transient("slow down", retry_after=90)]
    await world.passes(minutes=30)
    world.clock.advance(seconds=step.total_seconds())
    for _ in range(8):
        await world.passes(minutes=10)
    assert len(world.channel_posts(about=QUIZ)) == 1


@pytest.mark.parametrize("step", STEPS, ids=["back", "forward"])
async def test_the_lease_of_a_dead_process_ends_within_the_hour(world, step):
    await quiz_only(world)
    world.clock.advance(minutes=30)
    await world.application.scheduler._plan()
    lease = dt.timedelta(seconds=60)
    now, here = world.clock.now(), [world.room.platform]
    await world.run(lambda unit: unit.outbox.claim(DeliveryKind.POST, now, lease, 10, here))
    world.clock.advance(seconds=step.total_seconds())
    for _ in range(8):
        await world.passes(minutes=10)
    assert len(world.channel_posts(about=QUIZ)) == 1


@pytest.mark.parametrize("step", STEPS, ids=["back", "forward"])
async def test_a_reminder_comes_once_a_day(study, step):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    await ana.uses("/preferences", reminder="19:00")
    for day in (1, 2):
        study.clock.set(DUE + dt.timedelta(days=day))
        await study.run_once()
        study.clock.set(DUE + dt.timedelta(days=day, hours=9, minutes=31))
        await study.run_once()
        study.clock.advance(seconds=step.total_seconds())
        for _ in range(8):
            await study.passes(minutes=10)
    letters = [p for p in study.room.posted if p.only == "ana" and "Still open today" in p.message.summary]
    assert len(letters) == 2


async def test_counts_under_a_question_go_on_being_shown_after_the_clock_was_set_back(tmp_path):
    room = Room(capabilities=replace(ROOM, edit_every=10))
    async with world_at(tmp_path, room=room) as world:
        await quiz_only(world)
        await world.passes(minutes=30)
        for name, step in (("Ana", -3600), ("Ben", 0)):
            await world.person(name).answers(quiz_of(world))
            await world.run_once()
            world.clock.advance(seconds=step)
        assert quiz_of(world).edits == 2
        await world.person("Chidi").answers(quiz_of(world))
        await world.run_once()
        assert quiz_of(world).edits == 2, "no oftener than the platform likes"
        await world.passes(seconds=10)
        assert quiz_of(world).edits == 3


async def test_an_organiser_is_told_at_once_although_the_clock_was_set_back(tmp_path):
    async with world_at(tmp_path, **NO_PATIENCE) as world:
        await quiz_only(world)
        world.room.refuse_channel["study"] = Forbidden("no permission")
        slow = world.room.held["study"] = asyncio.Event()
        await world.passes(minutes=30)
        slow.set()
        await world.application.scheduler._outbox.finish()
        await world.passes(hours=-1)
        assert len(told(world, "no permission")) == 1


async def test_the_scheduler_goes_on_after_the_clock_was_set_back(monkeypatch):
    class Wall(dt.datetime):
        shift = dt.timedelta()

        @classmethod
        def now(cls, tz=None):
            return dt.datetime.now(tz) + cls.shift

    monkeypatch.setattr(base, "datetime", Wall)
    scheduler = CountingScheduler()
    runner = PeriodicRunner(scheduler, tick_seconds=0.05)
    await runner.start()
    await scheduler.reached(3)
    Wall.shift = -HOUR
    await asyncio.wait_for(scheduler.reached(scheduler.passes + 5), SOON)
    await runner.stop()
