"""The loopback Discord as a process of its own, driven over HTTP, and the plain wire."""

import asyncio
import json
import sys
import zlib
from contextlib import asynccontextmanager
from types import SimpleNamespace

import aiohttp
import discord
import pytest

from tests.loopback_discord import LoopbackDiscord
from tests.loopback_discord.tiny_bot import bot_on

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def process(*arguments):
    """The server's process and what it printed."""
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.loopback_discord", *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield json.loads(await asyncio.wait_for(started.stdout.readline(), 30))
    finally:
        started.terminate()
        assert await asyncio.wait_for(started.wait(), 10) == 0
        assert await started.stdout.read() == b""


async def echo(interaction):
    if interaction.type is discord.InteractionType.application_command:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="A", custom_id="a"))
        view.stop()
        await interaction.response.send_message("Question", view=view)
    else:
        await interaction.response.send_message("Correct", ephemeral=True)


async def test_people_act_over_http():
    async with process("--rules", '{"shards": 1}') as told, aiohttp.ClientSession() as session:

        async def control(verb, status=200, **body):
            async with session.post(f"{told['url']}/control/{verb}", json=body) as got:
                assert got.status == status, await got.text()
                return await got.json()

        rules = SimpleNamespace(token=told["token"])
        server = SimpleNamespace(api_url=told["api"], gateway_url=told["gateway"], rules=rules)
        async with bot_on(server, echo) as bot:
            [guild] = await control("town", guilds=1, members=2)
            ana, ben = guild["members"]
            await bot.http.bulk_upsert_global_commands(
                bot.application_id, [{"name": "quiz", "description": "A question"}]
            )
            shown = await control("uses", person=ana, channel=guild["channel"], command="quiz")
            posted = shown["message"]["id"]
            assert (await control("presses", person=ben, message=posted, button="A"))["text"] == "Correct"
            presses = [[person, posted, "A"] for person in (ana, ben) * 10]
            burst = await control("burst", presses=presses, per_second=100)
            assert len(burst["seconds"]) == 20
            assert burst["lasted"] >= 0.19
            assert all(seconds is not None for seconds in burst["seconds"])
            wrong = await control("presses", status=400, person=ben, message=posted, button="B")
            assert "There is no 'B'" in wrong["error"]
            async with session.get(f"{told['url']}/control/state") as got:
                state = await got.json()
            assert (state["interactions"], state["late"], state["refusals"]) == (22, 0, 0)


@pytest.mark.parametrize("query", ["", "&compress=zlib-stream"])
async def test_the_gateway_greets_plain_or_compressed(query):
    async with LoopbackDiscord() as server, aiohttp.ClientSession() as session:
        socket = await session.ws_connect(f"{server.gateway_url}?v=10&encoding=json{query}")
        frame = await socket.receive()
        data = zlib.decompressobj().decompress(frame.data) if query else frame.data
        assert json.loads(data)["op"] == 10
        await socket.send_json({"op": 2, "d": {"token": "wrong", "intents": 0}})
        assert (await socket.receive()).data == 4004


async def test_an_unknown_address_is_recorded_and_answered_as_discord_does():
    async with LoopbackDiscord() as server, aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bot {server.rules.token}"}
        async with session.get(f"{server.api_url}/nowhere", headers=headers) as got:
            assert (got.status, (await got.json())["code"]) == (404, 0)
            assert got.headers["Content-Type"] == "application/json"
        async with session.get(f"{server.api_url}/users/@me") as got:
            assert got.status == 401
        assert [(r.path, r.status) for r in server.requests] == [("/nowhere", 404), ("/users/@me", 401)]


async def test_a_crash_of_the_server_itself_is_not_hidden():
    async def crash():
        async with LoopbackDiscord() as server, aiohttp.ClientSession() as session:
            headers = {"Authorization": f"Bot {server.rules.token}"}
            async with session.post(
                f"{server.api_url}/users/@me/channels", headers=headers, json={}
            ) as got:
                assert got.status == 500

    with pytest.raises(KeyError, match="recipient_id"):
        await crash()
