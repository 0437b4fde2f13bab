"""A group moves into another channel on Slack: typed there, and from a direct message."""

import pytest

from tests.platform_slack.wired import study

pytestmark = pytest.mark.asyncio


def where(wired):
    return [channel for (channel,) in wired.rows("SELECT channel FROM study_group ORDER BY id")]


async def test_typed_in_the_new_channel_the_group_comes(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        new = wired.server.channel(channel.team, "new")
        shown = await olga.uses(new, "/study", "move")
        assert "has moved" in shown.text, shown.text
        await wired.passes(hours=1, minutes=1)
        assert [m for m in wired.server.messages(new) if m.only is None and m.blocks]
        assert not [m for m in wired.server.messages(channel) if m.only is None and m.blocks]


@pytest.mark.parametrize("how", ["<#{id}|new>", "channel:<#{id}|new>", "channel:{id}"])
async def test_from_a_direct_message_the_channel_is_named(tmp_path, how):
    async with study(tmp_path) as (wired, channel, olga):
        new = wired.server.channel(channel.team, "new")
        shown = await olga.uses(olga.inbox, "/study", f"move {how.format(id=new.id)}")
        assert "now posts in" in shown.text, shown.text
        assert where(wired) == [new.id]


async def test_a_channel_in_an_ordinary_option_is_its_name(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        new = wired.server.channel(channel.team, "new")
        shown = await olga.uses(channel, "/study", f"skip add:<#{new.id}|new>")
        assert "#new" in shown.text, shown.text
