"""Whatever keeps the database from serving: members are told, posts wait, nothing is lost or doubled."""

import asyncio
import logging
import time
from contextlib import asynccontextmanager

import pytest

from bot.chat import Forbidden
from bot.domain.model import PostState
from tests.faults.troubles import study_at
from tests.support.deliveries import ledger, told
from tests.support.helpers import QUIZ, quiz_of
from tests.support.people import world_at

pytestmark = pytest.mark.asyncio

BOUND = 5
"""Seconds after which a member is kept waiting; the settings of these tests allow three."""


@asynccontextmanager
async def study_in(trouble, **settings):
    """A Milepost on the database that will be in trouble, with a question a day at 09:30 in Berlin."""
    async with study_at(trouble.folder, trouble.url, **trouble.settings | settings) as world:
        yield world


class Loop:
    """Longest time, in seconds, for which the event loop was blocked."""

    def __init__(self):
        self.longest = 0.0

    async def __aenter__(self):
        self._ticking = asyncio.create_task(self._tick())
        return self

    async def __aexit__(self, *_):
        self._ticking.cancel()

    async def _tick(self):
        loop = asyncio.get_running_loop()
        while True:
            before, fired = time.monotonic(), asyncio.Event()
            loop.call_later(0.01, fired.set)
            await fired.wait()
            self.longest = max(self.longest, time.monotonic() - before - 0.01)


def during_the_next(world, method, happens):
    """Let something happen inside the platform's next call of this method."""
    real = getattr(world.room, method)

    async def once(*args, **named):
        setattr(world.room, method, real)
        found = await real(*args, **named)
        await happens(world)
        return found

    setattr(world.room, method, once)


async def test_answers_are_refused_with_a_sentence_and_those_that_were_told_are_kept(trouble):
    async with study_in(trouble) as world:
        await world.passes(minutes=30)
        ana, ben = world.person("Ana"), world.person("Ben")
        await ana.answers(quiz_of(world))
        assert ana.sees("Correct")
        await trouble.strikes(world)
        async with Loop() as loop, asyncio.timeout(BOUND):
            await ben.answers(quiz_of(world))
        assert ben.sees(f"{trouble.told} Nothing was saved, so please try again."), ben.shown()
        assert loop.longest < 0.5
        await trouble.ends(world)
        await ben.answers(quiz_of(world))
        assert ben.sees("Correct")
        await ana.answers(quiz_of(world))
        assert ana.sees("You've already answered this one")
        assert await world.problems() == ()


async def test_posts_wait_and_come_once_by_themselves_and_an_operator_hears_of_both(trouble, caplog):
    async with study_in(trouble) as world:
        await trouble.strikes(world)
        world.clock.advance(minutes=30)
        for _ in range(3):
            await world.application.scheduler.run_once_safely()
        assert world.channel_posts() == []
        assert world.room.sends == 0
        await trouble.ends(world)
        await world.application.scheduler.run_once_safely()
        assert len(world.channel_posts(about=QUIZ)) == 1
        wait, again = caplog.messages
        assert wait.startswith("posts wait; each pass tries again: ")
        assert trouble.logged in wait
        assert again == "the database works again"
        await world.passes(minutes=2)
        assert len(world.channel_posts()) == 1
        assert [post.state for post in await ledger(world)] == [PostState.SENT]


async def test_a_post_that_was_sent_but_not_written_down_comes_no_second_time(trouble, caplog):
    caplog.set_level(logging.CRITICAL)
    async with study_in(trouble) as world:
        world.clock.advance(minutes=30)
        during_the_next(world, "send", trouble.strikes)
        await world.application.scheduler.run_once_safely()
        await world.application.scheduler._outbox.finish()
        await trouble.ends(world)
        assert [post.state for post in await ledger(world)] == [PostState.PLANNED]
        await world.passes(seconds=61)
        assert [post.state for post in await ledger(world)] == [PostState.SENT]
        assert len(world.channel_posts()) == 1


async def test_an_organiser_is_told_once_whatever_happens_meanwhile(trouble, caplog):
    caplog.set_level(logging.CRITICAL)
    async with study_in(trouble) as world:
        world.room.refuse_channel["study"] = Forbidden("no permission")
        world.clock.advance(minutes=30)
        during_the_next(world, "direct", trouble.strikes)
        await world.application.scheduler.run_once_safely()
        assert len(told(world, "no permission")) == 1
        # Platforms know a key for some minutes only.
        world.room.by_key.clear()
        await world.application.scheduler.run_once_safely()
        await trouble.ends(world)
        for _ in range(3):
            await world.passes(minutes=1)
        assert len(told(world)) == 1
        assert [post.state for post in await ledger(world)] == [PostState.FAILED]
    later = {"database_url": trouble.url, "clock": world.clock, "room": world.room}
    async with world_at(trouble.folder, **later) as again:
        await again.passes(minutes=1)
        assert len(told(again)) == 1
