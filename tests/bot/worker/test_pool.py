"""Hands that are free fetch the next posts while others are still at work."""

import asyncio

import pytest

from bot.allowance import unlimited
from bot.domain.model import PostState
from tests.support.deliveries import ledger, quiz_only
from tests.support.helpers import QUIZ
from tests.support.people import world_at

pytestmark = pytest.mark.asyncio

CHANNELS = "abcdefgh"


async def test_a_slow_channel_keeps_no_free_hand_waiting_and_the_beat_waits_for_it(tmp_path):
    async with world_at(tmp_path, send_at_once=4, pass_timeout_seconds=60, allowance=unlimited()) as world:
        for channel in CHANNELS:
            await quiz_only(world, channel)
        slow = world.room.held["a"] = asyncio.Event()
        send = world.room.send

        async def last_one_frees_the_slow_one(*args, **named):
            ref = await send(*args, **named)
            if world.room.sends == len(CHANNELS):
                slow.set()
            return ref

        world.room.send = last_one_frees_the_slow_one
        await asyncio.wait_for(world.passes(minutes=30), 10)
        assert all(len(world.channel_posts(channel, about=QUIZ)) == 1 for channel in CHANNELS)
        for group in range(1, len(CHANNELS) + 1):
            (post,) = await ledger(world, group=group)
            assert post.state is PostState.SENT
        assert await world.problems() == ()
