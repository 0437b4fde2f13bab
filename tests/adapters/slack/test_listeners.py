"""Slack tells who has left a channel or the workspace, and who is back."""

import pytest

from tests.adapters.slack.wired import over_http, over_socket, study
from tests.loopback.slack import payloads

pytestmark = pytest.mark.asyncio


async def board(wired, channel, who):
    return (await who.uses(channel, "/leaderboard")).text


def of_channel(kind, channel, user_id):
    return {
        "type": kind,
        "user": user_id,
        "channel": channel.id,
        "channel_type": "C",
        "team": channel.team.id,
    }


def account(user, *, deleted=False):
    return {"type": "user_change", "user": payloads.user(user) | {"deleted": deleted}}


async def tells(wired, who, event):
    told = await wired.server.tells(who, event)
    await wired.adapter._serving.finish(10)
    return told


@pytest.mark.parametrize("mode", [over_socket, over_http])
async def test_who_left_the_channel_or_the_workspace_is_off_the_board_until_they_are_back(tmp_path, mode):
    async with study(tmp_path, mode=mode) as (wired, channel, olga):
        ana = wired.server.member("Ana", channel.team)
        await wired.posts_project(channel, olga)
        for who in (ana, olga):
            said = await who.uses(channel, "/challenge", "submit https://example.org/x I learned a lot")
            assert "Shared" in said.text, said.text
        assert "Ana" in await board(wired, channel, olga)
        left, joined = (
            of_channel(kind, channel, ana.id) for kind in ("member_left_channel", "member_joined_channel")
        )
        for gone, back in ((left, joined), (account(ana.user, deleted=True), account(ana.user))):
            await tells(wired, ana, gone)
            assert "Ana" not in await board(wired, channel, olga)
            await tells(wired, ana, back)
            assert "Ana" in await board(wired, channel, olga)


async def test_another_channel_or_the_bot_itself_takes_nobody_off(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        await wired.posts_project(channel, olga)
        await olga.uses(channel, "/challenge", "submit https://example.org/x I learned a lot")
        other = wired.server.channel(channel.team, "lounge")
        for place, user_id in ((other, olga.id), (channel, channel.team.bot.id)):
            await tells(wired, olga, of_channel("member_left_channel", place, user_id))
        assert "Olga" in await board(wired, channel, olga)


async def test_leaving_is_typed_in_the_one_command_since_slack_has_a_command_of_that_name(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        await wired.posts_project(channel, olga)
        await olga.uses(channel, "/challenge", "submit https://example.org/x I learned a lot")
        said = await olga.uses(channel, "/milepost", "leave")
        assert "You've left the study group" in said.text, said.text
        ben = wired.server.member("Ben", channel.team)
        assert "Olga" not in await board(wired, channel, ben)


async def test_joining_and_leaving_over_and_over_adds_no_rows(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        eve = wired.server.member("Eve", channel.team)
        await wired.posts_project(channel, olga)
        assert "Shared" in (await eve.uses(channel, "/challenge", "submit https://example.org/x Much")).text
        left, joined = (
            of_channel(kind, channel, eve.id) for kind in ("member_left_channel", "member_joined_channel")
        )
        wired.clock.advance(minutes=1)
        for _ in range(20):
            await tells(wired, eve, left)
            wired.clock.advance(milliseconds=100)
            await tells(wired, eve, joined)
        assert wired.rows("SELECT count(*) FROM absence") == [(0,)]
        assert wired.rows("SELECT left_at FROM membership") == [(None,)]
