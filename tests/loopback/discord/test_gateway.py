"""The loopback gateway: starting, resuming, the troubles of a real one, and several shards."""

import asyncio

import discord
import pytest

from tests.loopback.discord import LoopbackDiscord
from tests.loopback.discord.tiny_bot import GUILDS, ShardedTinyBot, bot_on, talking

pytestmark = pytest.mark.asyncio

QUIZ = {"name": "quiz", "description": "A question"}


async def echo(interaction):
    await interaction.response.send_message("ok", ephemeral=True)


async def wait(bot, event):
    await bot.wait_for(event, timeout=10)


async def test_ready_comes_with_the_guilds_if_they_were_asked_for():
    async with LoopbackDiscord() as server:
        server.channel(server.guild("Berlin"), "study")
        server.guild("Left", present=False)
        async with bot_on(server) as bot:
            [guild] = bot.guilds
            assert guild.name == "Berlin"
            assert guild.me.guild_permissions.manage_roles
            assert [channel.name for channel in guild.text_channels] == ["study"]
            assert [i.intents for i in server.gateway.identified] == [GUILDS.value]
        async with bot_on(server, intents=discord.Intents.none()) as bot:
            assert [guild.unavailable for guild in bot.guilds] == [True]


async def test_clicks_need_no_intent():
    async with LoopbackDiscord() as server:
        guild = server.guild("Berlin")
        study, ana = server.channel(guild), server.member("Ana", guild)
        async with bot_on(server, echo, intents=discord.Intents.none()) as bot:
            await bot.http.bulk_upsert_global_commands(bot.application_id, [QUIZ])
            assert (await ana.uses(study, "quiz")).text == "ok"


async def test_what_was_missed_is_replayed_after_a_drop():
    async with talking(echo, commands=[QUIZ]) as (server, bot, study, ana):
        server.gateway.open = False
        await server.gateway.drop()
        await wait(bot, "disconnect")
        using = asyncio.create_task(ana.uses(study, "quiz"))
        server.gateway.open = True
        await wait(bot, "resumed")
        assert (await using).text == "ok"
        assert [known for _, _, known in server.gateway.resumed] == [True]
        assert len(server.gateway.identified) == 1


@pytest.mark.parametrize("trouble", ["reconnect", "close_code", "resumable"])
async def test_a_session_goes_on_after(trouble):
    async with talking(echo, commands=[QUIZ]) as (server, bot, study, ana):
        resumed = asyncio.create_task(wait(bot, "resumed"))
        await {
            "reconnect": server.gateway.reconnect,
            "close_code": lambda: server.gateway.drop(code=4000),
            "resumable": lambda: server.gateway.invalidate(resumable=True),
        }[trouble]()
        await resumed
        assert (await ana.uses(study, "quiz")).text == "ok"
        assert len(server.gateway.identified) == 1


async def test_an_invalid_session_starts_anew():
    async with talking(echo, commands=[QUIZ]) as (server, bot, study, ana):
        ready = asyncio.create_task(wait(bot, "ready"))
        await server.gateway.invalidate()
        await ready
        assert len(server.gateway.identified) == 2
        assert (await ana.uses(study, "quiz")).text == "ok"


async def test_silent_heartbeats_are_noticed_by_the_client():
    async with (
        LoopbackDiscord(heartbeat_interval=0.05) as server,
        bot_on(server, heartbeat_timeout=0.2) as bot,
    ):
        await server.pulse.until(lambda: server.gateway.heartbeats)
        server.gateway.acknowledges = False
        await wait(bot, "resumed")
        assert server.gateway.heartbeats > 2


async def test_guilds_come_and_go():
    async with talking() as (server, bot, study, _):
        for act, event in (
            (server.gateway.guild_lost, "guild_unavailable"),
            (server.gateway.guild_back, "guild_available"),
            (server.gateway.guild_left, "guild_remove"),
            (server.gateway.guild_joined, "guild_join"),
        ):
            seen = asyncio.create_task(wait(bot, event))
            await asyncio.sleep(0)
            await act(study.guild)
            await seen
        await server.gateway.guild_left(study.guild)
        with pytest.raises(discord.Forbidden):
            await bot.place(study).send("Anybody?")


async def test_a_wrong_token_is_refused():
    async with LoopbackDiscord() as server:
        with pytest.raises(discord.LoginFailure):
            async with bot_on(server, token="wrong"):
                pass


async def test_privileged_intents_are_refused_unless_granted():
    async with LoopbackDiscord() as server:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            async with bot_on(server, intents=discord.Intents(guilds=True, message_content=True)):
                pass


async def test_shards_get_the_events_of_their_guilds():
    async with LoopbackDiscord(shards=2, max_concurrency=2) as server:
        places = []
        for shard in (0, 1):
            guild = server.guild(f"Guild {shard}", shard=shard)
            places.append((server.channel(guild), server.member("Ana", guild)))
        async with bot_on(server, echo, kind=ShardedTinyBot) as bot:
            await bot.http.bulk_upsert_global_commands(bot.application_id, [QUIZ])
            assert {guild.name: guild.shard_id for guild in bot.guilds} == {"Guild 0": 0, "Guild 1": 1}
            assert [i.shard for i in server.gateway.identified] == [(0, 2), (1, 2)]
            for study, ana in places:
                assert (await ana.uses(study, "quiz")).text == "ok"
            assert bot.events.count("interaction") == 2
            limits = await bot.fetch_session_start_limits()
            assert (limits.remaining, limits.max_concurrency) == (998, 2)


async def test_identifies_that_come_too_fast_are_refused_when_strict():
    async with LoopbackDiscord(shards=2, strict_identify=True, identify_spacing=0.2) as server:
        server.guild("One", shard=0)
        server.guild("Two", shard=1)
        async with bot_on(server, kind=ShardedTinyBot):
            await server.pulse.until(lambda: len([i for i in server.gateway.identified if i.accepted]) == 2)
            refused = [i for i in server.gateway.identified if not i.accepted]
            assert refused
            assert {i.shard for i in refused} == {(1, 2)}


async def test_stopping_the_server_does_not_end_the_client():
    async with LoopbackDiscord() as server, bot_on(server) as bot:
        dropped = asyncio.create_task(wait(bot, "disconnect"))
        await server.gateway.drop()
        await dropped
        assert not bot.is_closed()
