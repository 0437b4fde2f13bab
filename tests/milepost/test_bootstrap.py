"""Putting Milepost together, and a platform that cannot start."""

import asyncio

import pytest

from bot.errors import SetupError
from bot.handlers import all_routes
from milepost.bootstrap import build, ticking
from milepost.settings import ProgramSettings
from tests.support.people import FakeClock, Room, shipped_library, world_at


class Unlucky(Room):
    """A platform that the system lets not start."""

    platform = "unlucky"

    async def start(self, app):
        raise self.error


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("error", "sentence"),
    [(OSError(98, "The port is taken"), "unlucky: The port is taken"), (OSError("No"), "unlucky: No")],
)
async def test_a_platform_that_cannot_start_ends_the_others_in_a_sentence(tmp_path, error, sentence):
    fine, unlucky = Room(), Unlucky(platform="unlucky")
    unlucky.error = error
    settings = ProgramSettings(database_url=f"sqlite:///{tmp_path / 'deep/er/milepost.db'}")
    with pytest.raises(SetupError) as caught:
        async with build(settings, FakeClock(), [fine, unlucky], shipped_library()):
            pass
    assert str(caught.value) == sentence
    assert fine.app is None


@pytest.mark.asyncio
async def test_packs_are_read_when_none_are_given(tmp_path):
    settings = ProgramSettings(database_url=f"sqlite:///{tmp_path / 'milepost.db'}")
    async with build(settings, FakeClock(), [Room()]) as application:
        assert "backend-python" in application.installed.library.packs


@pytest.mark.asyncio
async def test_what_is_due_comes_at_once_and_after_each_interaction(tmp_path):
    room = Watched()
    async with world_at(tmp_path, room=room) as world:
        olga = await world.founds()
        world.clock.advance(minutes=31)
        async with ticking(world.application, 60.0), asyncio.timeout(30):
            await room.question_comes()
            await olga.uses("/study post-now", kind="quiz")
            await room.question_comes()
    assert len(world.channel_posts(about="Question of the day")) == 2


class Watched(Room):
    """A room that tells when something is posted."""

    def __init__(self):
        super().__init__()
        self.came = asyncio.Queue()

    async def send(self, channel, message, key, **again):
        ref = await super().send(channel, message, key, **again)
        self.came.put_nowait(message.summary)
        return ref

    async def question_comes(self):
        while "Question of the day" not in await self.came.get():
            pass


def test_a_name_that_two_features_claim_is_refused_at_the_start():
    twice = all_routes()
    with pytest.raises(ValueError, match=r"declared twice: \[.*'quiz'"):
        twice.include(all_routes())
