"""The runner of the scheduler: at once, regularly, when woken, and never twice at a time."""

import asyncio
import threading

import pytest

from bot.worker.periodic import PeriodicRunner
from tests.support.helpers import QUIZ

pytestmark = pytest.mark.asyncio

SOON = 5
"""Seconds after which something that should have come will not come."""


class CountingScheduler:
    """A scheduler that counts its passes and tells when one comes."""

    def __init__(self):
        self.passes, self.at_once, self.most_at_once = 0, 0, 0
        self.upkept = asyncio.Event()
        self.came = asyncio.Condition()
        self.free = asyncio.Event()
        self.free.set()

    async def run_once_safely(self):
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        async with self.came:
            self.passes += 1
            self.came.notify_all()
        await self.free.wait()
        self.at_once -= 1

    async def upkeep(self):
        assert not self.upkept.is_set(), "a day has not passed"
        self.upkept.set()

    async def reached(self, passes):
        async with self.came:
            await asyncio.wait_for(self.came.wait_for(lambda: self.passes >= passes), SOON)


async def test_it_runs_at_its_start_and_when_woken():
    scheduler = CountingScheduler()
    runner = PeriodicRunner(scheduler, tick_seconds=3600)
    await runner.start()
    assert scheduler.passes == 1
    runner.wake()
    await scheduler.reached(2)
    await runner.stop()
    assert scheduler.passes == 2


async def test_a_tick_needs_no_thread():
    scheduler = CountingScheduler()
    runner = PeriodicRunner(scheduler, tick_seconds=0.01)
    before = threading.active_count()
    await runner.start()
    await scheduler.reached(4)
    assert threading.active_count() == before
    await runner.stop()


async def test_upkeep_is_done_at_the_start_for_who_never_runs_a_whole_day():
    scheduler = CountingScheduler()
    runner = PeriodicRunner(scheduler, tick_seconds=3600)
    await runner.start()
    await asyncio.wait_for(scheduler.upkept.wait(), SOON)
    await runner.stop()


async def test_it_runs_regularly_by_itself():
    scheduler = CountingScheduler()
    runner = PeriodicRunner(scheduler, tick_seconds=0.01)
    await runner.start()
    await scheduler.reached(3)
    await runner.stop()


async def test_wakes_during_a_pass_are_one_pass_after_it():
    scheduler = CountingScheduler()
    runner = PeriodicRunner(scheduler, tick_seconds=3600)
    await runner.start()
    scheduler.free.clear()
    runner.wake()
    await scheduler.reached(2)
    for _ in range(5):
        runner.wake()
    scheduler.free.set()
    await scheduler.reached(3)
    await runner.stop()
    assert (scheduler.passes, scheduler.most_at_once) == (3, 1)


async def test_a_stop_waits_for_the_pass_that_goes_on():
    scheduler = CountingScheduler()
    runner = PeriodicRunner(scheduler, tick_seconds=3600)
    await runner.start()
    scheduler.free.clear()
    runner.wake()
    await scheduler.reached(2)
    stopping = asyncio.create_task(runner.stop())
    done, _ = await asyncio.wait([stopping], timeout=0)
    assert not done
    scheduler.free.set()
    await asyncio.wait_for(stopping, SOON)
    assert scheduler.at_once == 0


async def test_a_runner_that_was_never_started_can_be_stopped():
    scheduler = CountingScheduler()
    await PeriodicRunner(scheduler, tick_seconds=1).stop()
    assert scheduler.passes == 0


async def test_the_real_scheduler_serves_what_is_due_at_the_start(world):
    await world.founds()
    world.clock.advance(minutes=31)
    runner = PeriodicRunner(world.application.scheduler, tick_seconds=3600)
    await runner.start()
    assert len(world.channel_posts(about=QUIZ)) == 1
    await runner.stop()
