"""A platform that hangs: the other ones are on time, commands are answered, and the end is not held up."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.worker.periodic import PeriodicRunner
from milepost.bootstrap import build
from milepost.settings import ProgramSettings
from tests.support.deliveries import NO_PATIENCE, quiz_only
from tests.support.helpers import QUIZ
from tests.support.people import FakeClock, Room, World, shipped_library
from tests.support.room import put_empty_database

pytestmark = pytest.mark.asyncio

SOON = 5
"""Seconds after which a pass or an end counts as held up: the timeout of a pass is far less."""

HUNG = "abcde"
"""Channels of the platform that hangs: more than there are workers."""


class Hanging(Room):
    """Answers nothing any more once ``hangs``."""

    hangs = False

    async def send(self, *args, **named):
        await self._answers()
        return await super().send(*args, **named)

    async def direct(self, *args):
        await self._answers()
        return await super().direct(*args)

    async def _answers(self):
        if self.hangs:
            self.sends += 1
            await asyncio.Event().wait()


@asynccontextmanager
async def two_platforms(folder, **settings):
    """(the one that hangs, the one that does not): two worlds in one Milepost."""
    url = f"sqlite:///{folder / 'milepost.db'}"
    chosen = ProgramSettings(database_url=url, send_at_once=2, **NO_PATIENCE, **settings)
    clock, library = FakeClock(), shipped_library()
    rooms = [Hanging(platform="hanging"), Room()]
    await put_empty_database(folder / "milepost.db")
    async with build(chosen, clock, rooms, library) as application:
        yield [World(folder, clock, room, chosen, library, application) for room in rooms]


async def test_posts_of_the_other_platform_are_on_time(tmp_path):
    async with two_platforms(tmp_path) as (hanging, well):
        for channel in HUNG:
            await quiz_only(hanging, channel)
        await quiz_only(well)
        hanging.room.hangs = True
        await asyncio.wait_for(well.passes(minutes=30), SOON)
        assert hanging.room.sends == 2
        assert len(well.channel_posts(about=QUIZ)) == 1
        await asyncio.wait_for(well.passes(days=1), SOON)
        assert len(well.channel_posts(about=QUIZ)) == 2


async def test_reminders_of_the_other_platform_are_on_time(tmp_path):
    async with two_platforms(tmp_path) as (hanging, well):
        for world in (hanging, well):
            await quiz_only(world)
        await well.passes(minutes=30)
        people = [hanging.person(name) for name in HUNG] + [well.person("Zoe")]
        for person in people:
            await person.answers(person.world.newest(QUIZ))
            await person.uses("/preferences", reminder="11:00")
        await well.passes(days=1)
        hanging.room.hangs = True
        await asyncio.wait_for(well.passes(hours=2), SOON)
        assert [p for p in well.room.posted if p.only == "zoe" and "Still open" in p.message.summary]


async def test_commands_are_answered_and_an_end_is_not_held_up(tmp_path):
    async with asyncio.timeout(SOON), two_platforms(tmp_path) as (hanging, well):
        for channel in HUNG:
            await quiz_only(hanging, channel)
        await quiz_only(well)
        runner = PeriodicRunner(well.application.scheduler, tick_seconds=0.01)
        hanging.room.hangs = True
        well.clock.advance(minutes=30)
        await runner.start()
        ana = hanging.person("Ana", channel="a")
        await ana.uses("/help")
        assert ana.sees("/quiz")
        await runner.stop()


async def test_what_hung_comes_once_when_the_platform_answers_again(tmp_path):
    async with two_platforms(tmp_path, lease_seconds=0.1) as (hanging, well):
        await quiz_only(hanging)
        hanging.room.hangs = True
        await asyncio.wait_for(well.passes(minutes=30), SOON)
        await hanging.application.scheduler._outbox.finish()
        hanging.room.hangs = False
        for _ in range(3):
            await well.passes(minutes=1)
        assert len(hanging.channel_posts(about=QUIZ)) == 1
