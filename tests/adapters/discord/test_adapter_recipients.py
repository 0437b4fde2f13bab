"""Discord: when the organiser takes no messages, the owner of the server hears what is wrong."""

import discord
import pytest

from tests.adapters.discord.wired import study

pytestmark = pytest.mark.asyncio


async def test_the_owner_of_the_server_hears_of_a_pause_when_the_organiser_cannot(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        owner = wired.server.member("Ada", channel.guild)
        channel.guild.owner_id = owner.user.id
        olga.user.inbox_open = False
        channel.deny(discord.Permissions(send_messages=True), wired.server.bot_in(channel.guild))
        await wired.passes(hours=1, minutes=1)
        for _ in range(3):
            await wired.passes(days=1)
        heard = [message.text for message in owner.sees(owner.inbox)]
        assert any("paused" in text and "can" in text for text in heard), heard
        assert len([text for text in heard if "I paused" in text]) == 1
