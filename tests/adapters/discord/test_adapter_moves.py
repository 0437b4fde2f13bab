"""A group moves into another channel on Discord: typed there, and from a direct message with a link."""

import pytest

from tests.adapters.discord.wired import options_of, study
from tests.loopback.discord.permissions import SEND_MESSAGES, VIEW_CHANNEL

pytestmark = pytest.mark.asyncio


def link(channel):
    return f"https://discord.com/channels/{channel.guild.id}/{channel.id}"


def where(wired):
    return [int(channel) for (channel,) in wired.rows("SELECT channel FROM study_group ORDER BY id")]


async def test_typed_in_the_new_channel_the_group_comes_with_its_open_question(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        await wired.passes(hours=1, minutes=1)
        (old,) = wired.posts(channel)
        new = wired.server.channel(channel.guild, "new")
        shown = await olga.uses(new, "study move")
        assert "has moved" in shown.text, shown.text
        ana = wired.server.member("Ana", channel.guild)
        assert (await ana.presses(old, options_of(old)[0])).ephemeral
        assert wired.rows("SELECT count(*) FROM answer") == [(1,)]
        await wired.passes(days=1)
        assert len(wired.posts(new)) == len(wired.posts(channel)) == 1
        assert not wired.server.refused


@pytest.mark.parametrize(
    "named", [link, lambda channel: f"<#{channel.id}>", lambda channel: str(channel.id)]
)
async def test_from_a_direct_message_the_channel_is_named_by_a_link_a_mention_or_its_id(tmp_path, named):
    async with study(tmp_path) as (wired, channel, olga):
        new = wired.server.channel(channel.guild, "new")
        shown = await olga.uses(olga.inbox, "study move", {"channel": named(new)})
        assert "#new" in shown.text, shown.text
        assert where(wired) == [new.id]
        assert "Running" in (await olga.uses(olga.inbox, "study status")).text


async def test_a_channel_that_is_not_there_or_of_another_server_is_refused(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        elsewhere = wired.server.guild("Elsewhere")
        strange = wired.server.channel(elsewhere, "theirs")
        hers = wired.server.guild("Hers")
        other = wired.server.channel(hers, "other")
        wired.server.member("Olga", hers, user=olga.user)
        for named, said in (
            (link(strange), "I can't find that channel"),
            ("123456789012345678", "I can't find that channel"),
            ("#new", "I can't read that channel"),
            (link(other), "can't move to another server"),
        ):
            shown = await olga.uses(olga.inbox, "study move", {"channel": named})
            assert said in shown.text.replace("\\", ""), shown.text
        assert where(wired) == [channel.id]


async def test_a_stranger_cannot_move_it_from_a_direct_message(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        eve = wired.server.member("Eve", channel.guild)
        new = wired.server.channel(channel.guild, "new")
        shown = await eve.uses(eve.inbox, "study move", {"channel": link(new)})
        assert "Only organisers" in shown.text
        assert where(wired) == [channel.id]


async def test_nobody_moves_a_group_where_they_or_milepost_may_not_write(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        guild, bot = channel.guild, wired.server.bot_in(channel.guild)
        eve = wired.server.member("Eve", guild)
        await olga.uses(channel, "study organiser", {"member": eve})
        hidden, forum, news, closed = (
            wired.server.channel(guild, name) for name in ("staff-salaries", "ideas", "news", "closed")
        )
        forum.kind = 15
        for place, denied, who in (
            (hidden, VIEW_CHANNEL, eve),
            (forum, VIEW_CHANNEL, eve),
            (news, SEND_MESSAGES, eve),
            (closed, SEND_MESSAGES, bot),
        ):
            place.deny(denied, who)
        for place, said in (
            (hidden, "I can't find that channel"),
            (forum, "I can't find that channel"),
            (news, "You aren't allowed to write in that channel"),
            (closed, "I'm missing a permission"),
        ):
            shown = await eve.uses(channel, "study move", {"channel": link(place)})
            assert said in shown.text.replace("\\", ""), shown.text
            assert place.name not in shown.text
        assert where(wired) == [channel.id]
