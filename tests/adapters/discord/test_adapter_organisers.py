"""Organisers and the audit log in a Discord server: people are named until they leave it."""

import pytest

from tests.adapters.discord.test_roles import read
from tests.adapters.discord.wired import study

pytestmark = pytest.mark.asyncio

PAUSED = "SELECT paused_at IS NOT NULL FROM study_group"


async def test_who_was_named_is_listed_and_what_they_do_is_in_the_log(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        eve = wired.server.member("Eve", channel.guild)
        eve.member.nick = "*Eve* @everyone"
        await olga.uses(channel, "study organiser", {"member": eve})
        await eve.uses(channel, "study pause")
        shown = await olga.uses(channel, "study organisers")
        assert "*Eve* @everyone" in read(shown)
        shown = await olga.uses(channel, "study log")
        assert shown.ephemeral
        assert f"“*Eve* @everyone” ({eve.id}) paused the group" in read(shown)
        assert f"“Olga” ({olga.id}) added “*Eve* @everyone” ({eve.id}) as an organiser" in read(shown)
        assert shown.message.allowed_mentions == {"parse": []}
        bob = wired.server.member("Bob", channel.guild)
        for command in ("study log", "study organisers"):
            assert "Only organisers" in read(await bob.uses(channel, command))


async def test_who_has_left_the_server_organises_nothing_from_a_direct_message(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        server, guild = wired.server, channel.guild
        eve = server.member("Eve", guild)
        await olga.uses(channel, "study organiser", {"member": eve})
        shown = await eve.uses(eve.inbox, "study pause")
        assert "Paused" in read(shown)
        del guild.members[eve.id]
        shown = await eve.uses(eve.inbox, "study resume")
        assert "Only organisers can do that here." in read(shown)
        assert wired.rows(PAUSED) == [(1,)]
        del guild.members[olga.id]
        shown = await olga.uses(olga.inbox, "study resume")
        assert "Only organisers can do that here." in read(shown)
        assert wired.rows(PAUSED) == [(1,)]


async def test_who_has_left_the_server_is_named_no_longer_within_a_day(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        eve = wired.server.member("Eve", channel.guild)
        await olga.uses(channel, "study organiser", {"member": eve})
        await wired.passes(days=1)
        assert wired.rows("SELECT user_id FROM organiser") == [(str(eve.id),)]
        del channel.guild.members[eve.id]
        await wired.passes(days=1, minutes=1)
        assert wired.rows("SELECT user_id FROM organiser") == []
        shown = await olga.uses(channel, "study log")
        assert f"Milepost removed “Eve” ({eve.id}) as an organiser because they left" in read(shown)


async def test_while_discord_does_not_answer_nobody_organises_from_afar(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        path = f"/guilds/{channel.guild.id}/members/{olga.id}"
        wired.server.faults.add(method="GET", path=path, status=503, times=99)
        shown = await olga.uses(olga.inbox, "study pause")
        assert "I can't tell right now whether you're still there." in read(shown)
        assert wired.rows(PAUSED) == [(0,)]
