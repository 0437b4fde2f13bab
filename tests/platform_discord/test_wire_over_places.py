"""What belongs to a server of Discord stays in it: names, and channels that take posts."""

import pytest

from tests.platform_discord.wired import options_of, study

pytestmark = pytest.mark.asyncio


async def test_a_nickname_of_one_server_is_not_shown_in_another(tmp_path):
    async with study(tmp_path) as (wired, games, _):
        company = wired.server.guild("Company")
        work = wired.server.channel(company, "study")
        await wired.founds(work, wired.server.member("Boss", company, permissions=1 << 5))
        at_games = wired.server.member("ana", games.guild)
        at_work = wired.server.member("ana", company, user=at_games.user)
        at_games.member.nick, at_work.member.nick = "xX_ana_Xx", "Dr. Anna Schmidt (HR)"
        await wired.passes(hours=1, minutes=1)
        (there,), (here,) = wired.posts(games), wired.posts(work)
        await at_games.presses(there, options_of(there)[0])
        await at_work.presses(here, options_of(here)[0])
        seen = (await wired.server.member("carl", games.guild).uses(games, "leaderboard")).text
        assert "Schmidt" not in seen, seen
        assert "xX" in seen, seen
