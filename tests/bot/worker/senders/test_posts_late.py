"""A worker that stood still for longer than its lease (a stopped process, a paused machine), and wakes."""

import asyncio
import datetime as dt
from contextlib import asynccontextmanager

import pytest

from bot.chat.adapter import Forbidden, Rejected, Transient
from bot.domain.deliveries import DeliveryKind
from bot.domain.model import PostState
from tests.support.deliveries import ledger, quiz_only, worker_of
from tests.support.people import PLATFORM, world_at
from tests.support.room import Room

pytestmark = pytest.mark.asyncio


class SlowRoom(Room):
    """Its sends wait for ``goes_on``; ``asked`` is set by the first."""

    def __init__(self, *refusals):
        super().__init__(refusals=list(refusals))
        self.asked, self.goes_on = asyncio.Event(), asyncio.Event()
        self.held["study"] = self.goes_on

    async def send(self, *given, **named):
        self.asked.set()
        return await super().send(*given, **named)


@asynccontextmanager
async def stopped_worker(world, room):
    """A worker that is sending, and comes no further before the block ends."""
    worker = worker_of(world, room=room)
    delivering = asyncio.create_task(worker.deliver_kind(DeliveryKind.POST))
    await asyncio.wait_for(room.asked.wait(), 10)
    yield
    room.goes_on.set()
    await delivering
    await worker.finish()


@pytest.mark.parametrize("error", [Transient("late"), Forbidden("late"), Rejected("late"), None])
async def test_what_another_worker_has_sent_stays_sent(tmp_path, error):
    async with world_at(tmp_path, refusals_before_pause=1) as world:
        await quiz_only(world)
        world.clock.advance(minutes=30)
        await world.application.scheduler._plan()
        async with stopped_worker(world, SlowRoom(*[error] if error else [])):
            world.clock.advance(seconds=61)
            await world.run_once()
            sent = await ledger(world)
            assert [post.state for post in sent] == [PostState.SENT]
        assert await ledger(world) == sent
        await world.passes(minutes=5)
        assert (len(world.channel_posts()), world.room.letters) == (1, 0)


@pytest.mark.parametrize("error", [Transient("late"), Forbidden("late")])
async def test_a_late_failure_leaves_the_claim_of_another_worker_alone(tmp_path, error):
    async with world_at(tmp_path, refusals_before_pause=1) as world:
        await quiz_only(world)
        world.clock.advance(minutes=30)
        await world.application.scheduler._plan()
        taker = SlowRoom()
        takes_over = stopped_worker(world, taker)
        async with stopped_worker(world, SlowRoom(error)):
            world.clock.advance(seconds=61)
            await takes_over.__aenter__()
            claimed = await ledger(world)
        assert await ledger(world) == claimed
        assert [(post.state, post.fault) for post in claimed] == [(PostState.PLANNED, None)]
        await takes_over.__aexit__(None, None, None)
        assert [post.message for post in await ledger(world)] == [taker.posted[0].ref]


async def test_of_two_messages_the_first_that_is_written_down_stands(tmp_path):
    async with world_at(tmp_path) as world:
        await quiz_only(world)
        world.clock.advance(minutes=30)
        await world.application.scheduler._plan()
        first, second = SlowRoom(), SlowRoom()
        second._ids = iter(range(100, 200))
        takes_over = stopped_worker(world, second)
        async with stopped_worker(world, first):
            world.clock.advance(seconds=61)
            await takes_over.__aenter__()
        await takes_over.__aexit__(None, None, None)
        (post,) = await ledger(world)
        assert (post.state, post.message) == (PostState.SENT, first.posted[0].ref)
        assert second.posted[0].ref != post.message


class LookingRoom(Room):
    """It knows whether it was asked to look first."""

    looked = None

    async def send(self, *given, again=False):
        self.looked = again
        return await super().send(*given, again=again)


@pytest.mark.parametrize(("minutes", "looks"), [(9, False), (11, True)])
async def test_a_late_post_is_looked_for_first(tmp_path, minutes, looks):
    """It may have been sent before a backup was put back."""
    room = LookingRoom()
    async with world_at(tmp_path, room=room) as world:
        await quiz_only(world)
        world.clock.advance(minutes=30 + minutes)
        await world.run_once()
        assert room.looked is looks


@pytest.mark.parametrize(("claimed", "posts"), [(False, 1), (True, 0)])
async def test_what_may_have_come_is_not_planned_again_when_its_day_is_wanted_again(
    tmp_path, claimed, posts
):
    """Whoever claimed it and died may have sent it: nobody has written down that it did not."""
    async with world_at(tmp_path) as world:
        olga = await quiz_only(world)
        world.clock.advance(minutes=30)
        await world.application.scheduler._plan()
        if claimed:
            now, lease = world.clock.now(), dt.timedelta(seconds=60)
            await world.run(lambda unit: unit.outbox.claim(DeliveryKind.POST, now, lease, 10, [PLATFORM]))
            world.clock.advance(seconds=60)
        await olga.uses("/study schedule", kind="quiz", days="tue-sun")
        await world.run_once()
        assert [post.state for post in await ledger(world)] == [PostState.MISSED]
        await olga.uses("/study schedule", kind="quiz", days="daily", time="12:00")
        await world.passes(hours=4)
        assert len(world.channel_posts()) == posts
