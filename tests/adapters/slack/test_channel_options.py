"""A group moves into another channel on Slack: typed there, and from a direct message."""

import pytest

from adapters.slack.channel_options import HERE_ARCHIVED, NOT_IN_HERE
from tests.adapters.slack.test_listeners_floods import joined
from tests.adapters.slack.wired import PLAN, study

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


async def test_nobody_moves_a_group_where_they_are_not_or_where_nothing_is(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        eve = await joined(wired, channel, "Eve")
        await olga.uses(channel, "/study", f"organiser <@{eve.id}> yes")
        secret = wired.server.channel(channel.team, "board-room", private=True)
        closed = wired.server.channel(channel.team, "closed", private=True, bot=False)
        lounge, old = (wired.server.channel(channel.team, name) for name in ("lounge", "old"))
        old.archived = True
        for place in (secret, lounge):
            place.members.remove(eve.id)
        for name in ("C0NOWHERE1", secret.id, closed.id, lounge.id):
            shown = await eve.uses(channel, "/study", f"move channel:{name}")
            assert shown.text.startswith("I can't find that channel. Are you in it?"), shown.text
        assert "is archived" in (await eve.uses(channel, "/study", f"move channel:{old.id}")).text
        assert where(wired) == [channel.id]
        secret.members.append(eve.id)
        assert "has moved" in (await eve.uses(channel, "/study", f"move channel:{secret.id}")).text


@pytest.mark.parametrize("words", ["move", PLAN, "setup"], ids=["move", "setup", "form"])
async def test_in_a_private_channel_milepost_wants_to_be_invited_first(tmp_path, words):
    async with study(tmp_path) as (wired, channel, olga):
        closed = wired.server.channel(channel.team, "closed", private=True, bot=False)
        closed.members.append(olga.id)
        shown = await olga.uses(closed, "/study", words)
        assert shown.text == NOT_IN_HERE, shown.text
        assert where(wired) == [channel.id]
        closed.members.append(channel.team.bot.id)
        shown = await olga.uses(closed, "/study", words)
        assert "I'm not in this channel" not in shown.text, shown.text


@pytest.mark.parametrize("words", ["move", PLAN], ids=["move", "setup"])
async def test_an_archived_channel_takes_no_group(tmp_path, words):
    async with study(tmp_path) as (wired, channel, olga):
        old = wired.server.channel(channel.team, "old")
        old.archived = True
        assert (await olga.uses(old, "/study", words)).text == HERE_ARCHIVED
        assert where(wired) == [channel.id]


@pytest.mark.parametrize("scopes", [set(), {"channels:read"}], ids=["every scope", "an older app"])
async def test_a_public_channel_takes_a_group_before_milepost_is_in_it(tmp_path, scopes):
    async with study(tmp_path) as (wired, channel, olga):
        channel.team.scopes = set(channel.team.scopes) - scopes
        lobby = wired.server.channel(channel.team, "lobby", bot=False)
        lobby.members.append(olga.id)
        assert "has moved" in (await olga.uses(lobby, "/study", "move")).text
        await wired.passes(hours=1, minutes=1)
        assert [m for m in wired.server.messages(lobby) if m.only is None and m.blocks]


async def test_slack_is_asked_about_the_own_channel_after_no_other_command(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        eve = await joined(wired, channel, "Eve")
        before = len(wired.server.called("conversations.info"))
        new = wired.server.channel(channel.team, "new")
        for words in ("status", "pause", "resume", f"move channel:{new.id}"):
            await olga.uses(channel, "/study", words)
        assert "organiser" in (await eve.uses(channel, "/study", "move")).text
        (named,) = wired.server.called("conversations.info")[before:]
        assert named.args["channel"] == new.id
