"""A platform that asks everybody to come back later, for long: posts are late, and come once."""

import datetime as dt
import itertools
from collections import defaultdict
from dataclasses import dataclass, field

import pytest

from bot.allowance import unlimited
from bot.chat import Transient
from bot.domain.model import PostState
from tests.adapters.discord.test_adapter import MESSAGES
from tests.adapters.discord.wired import study as discord_study
from tests.support.deliveries import ledger, quiz_only, told
from tests.support.helpers import QUIZ
from tests.support.people import MONDAY, FakeClock, Room, world_at

pytestmark = pytest.mark.asyncio

GROUPS = 6
STORM = dt.timedelta(minutes=20)


@dataclass
class Stormy(Room):
    """Takes no post before ``over``, and notes when each was tried."""

    retry_after: float = 1.0
    clock: FakeClock = field(default_factory=FakeClock)
    over: dt.datetime = MONDAY + dt.timedelta(minutes=30) + STORM
    tries: dict = field(default_factory=lambda: defaultdict(list))

    async def send(self, channel, message, key, *, again=False):
        self.tries[channel.id].append(self.clock.now())
        if self.clock.now() < self.over:
            raise Transient("slow down", retry_after=self.retry_after)
        return await super().send(channel, message, key, again=again)


@pytest.mark.parametrize("asked_for", [1.0, 60.0])
async def test_a_storm_of_twenty_minutes_loses_no_post(tmp_path, asked_for):
    room = Stormy(retry_after=asked_for)
    async with world_at(tmp_path, room=room, clock=room.clock, allowance=unlimited()) as world:
        names = [f"study-{n}" for n in range(GROUPS)]
        for name in names:
            await quiz_only(world, name)
        world.clock.advance(minutes=30)
        for number in range(int(STORM.total_seconds() * 3 / 30)):
            await world.passes(seconds=30)
            if number == 20:
                ana = world.person("Ana", channel=names[0])
                await ana.uses("/streak")
                assert ana.sees("day")
        for group, name in enumerate(names, start=1):
            (post,) = await ledger(world, group=group)
            assert (post.state, len(world.channel_posts(name, about=QUIZ))) == (PostState.SENT, 1)
            pauses = [later - before for before, later in itertools.pairwise(room.tries[name])]
            assert min(pauses) >= dt.timedelta(seconds=asked_for)
        assert told(world) == []


async def test_a_storm_over_discord_is_waited_out_and_every_channel_has_its_post_once(tmp_path):
    async with discord_study(tmp_path, allowance=unlimited()) as (wired, channel, olga):
        places = [channel, *(wired.server.channel(channel.guild, f"study-{n}") for n in range(9))]
        for place in places[1:]:
            await wired.founds(place, olga)
        storm = wired.server.faults.add(
            method="POST", path=MESSAGES, status=429, via=False, scope="global", retry_after=30, times=25
        )
        wired.clock.advance(hours=1)
        for _ in range(20):
            await wired.passes(seconds=30)
        assert storm.times == 0
        assert all(len(wired.posts(place)) == 1 for place in places)
        assert wired.rows("SELECT DISTINCT state FROM post") == [("sent",)]
