"""A member's own data over the wire: a file for them alone, and what forgetting does in a server."""

import json

import pytest

from tests.adapters.discord.test_roles import acts_on, led, options_of, rewards
from tests.adapters.discord.wired import study

pytestmark = pytest.mark.asyncio


def holds(wired, text):
    """Tell if any row of the database contains the text."""
    return any(text in line for line in wired.dump())


async def test_a_members_data_comes_as_a_file_that_they_alone_see(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        ana = wired.server.member("Ana", channel.guild)
        await acts_on(wired, channel, ana, 1)
        shown = await ana.uses(channel, "privacy export")
        assert shown.ephemeral
        (file,) = shown.message.attachments
        assert file["filename"] == "milepost-data.json"
        data = json.loads(file["data"])["data"]
        assert data["account"]["rows"] == [
            {"platform": "discord", "workspace": "discord", "user_id": str(ana.id)}
        ]
        assert not wired.server.refused


async def test_a_forgotten_member_loses_the_role_and_every_trace(tmp_path, caplog):
    async with led(tmp_path) as (wired, channel, olga):
        role = wired.server.role(channel.guild, "On a streak")
        await rewards(channel, olga, role)
        ana, ben = (wired.server.member(name, channel.guild) for name in ("Ana", "Ben"))
        await acts_on(wired, channel, ana, 2)
        await ben.uses(channel, "quiz")
        assert role.id in ana.roles
        asked = await ana.uses(channel, "privacy forget")
        assert "Delete everything about you?" in asked.text
        done = await ana.presses(
            asked.message, next(b["custom_id"] for b in asked.message.buttons if b.get("style") == 4)
        )
        assert "I no longer know who you are" in done.text
        await wired.passes(seconds=5)
        assert role.id not in ana.roles
        assert not holds(wired, str(ana.id))
        assert holds(wired, str(ben.id))
        assert str(ana.id) not in caplog.text
        assert not wired.server.refused


async def test_whoever_is_forgotten_answers_no_second_time(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        ana = wired.server.member("Ana", channel.guild)
        await acts_on(wired, channel, ana, 1)
        asked = await ana.uses(channel, "privacy forget")
        await ana.presses(
            asked.message, next(b["custom_id"] for b in asked.message.buttons if b.get("style") == 4)
        )
        post = wired.posts(channel)[-1]
        shown = await ana.presses(post, options_of(post)[0])
        assert "no longer counts for you" in shown.text
        assert not holds(wired, str(ana.id))
        assert not wired.server.refused
