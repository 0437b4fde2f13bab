"""The loopback Discord as a process of its own, driven over HTTP, and the plain wire."""

import json
import zlib

import aiohttp
import discord
import pytest

from tests.loopback.discord import LoopbackDiscord
from tests.loopback.discord.client import elsewhere
from tests.loopback.discord.tiny_bot import bot_on
from tests.loopback.driven import driven, process

pytestmark = pytest.mark.asyncio


async def echo(interaction):
    if interaction.type is discord.InteractionType.application_command:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="A", custom_id="a"))
        view.stop()
        await interaction.response.send_message("Question", view=view)
    else:
        await interaction.response.send_message("Correct", ephemeral=True)


async def test_people_act_over_http():
    async with driven("tests.loopback.discord", "--rules", '{"shards": 1}') as hands:
        does = hands.does
        async with bot_on(elsewhere(hands), echo) as bot:
            [guild] = await does("populate", guilds=1, members=2)
            ana, ben = guild["members"]
            await bot.http.bulk_upsert_global_commands(
                bot.application_id, [{"name": "quiz", "description": "A question"}]
            )
            shown = await does("uses", person=ana, channel=guild["channel"], command="quiz")
            posted = shown["message"]["id"]
            assert (await does("presses", person=ben, message=posted, button="A"))["text"] == "Correct"
            await hands.presses([[person, posted, "A"] for person in (ana, ben) * 10], per_second=100)
            pressed = await does("press_all", people={ana: [[posted, "A"]] * 2, ben: [[posted, "A"]] * 2})
            assert len(pressed["seconds"]) == 4
            wrong = await does("presses", expected=400, person=ben, message=posted, button="B")
            assert "There is no 'B'" in wrong["error"]
            state = await hands.tells("state")
            assert (state["interactions"], state["late"], state["refusals"]) == (26, 0, 0)
            assert (await hands.tells(f"messages/{guild['channel']}"))[0]["text"] == "Question"
            assert (state["counts"]["PUT 200"], state["commands"], state["crashes"]) == (1, 1, [])
            assert {"PUT", "POST"} <= {request["method"] for request in await hands.tells("requests")}
            await does("rules", token="another")
            with pytest.raises(discord.HTTPException, match="401"):
                await bot.http.get_global_commands(bot.application_id)


async def test_the_process_ends_with_its_standard_input():
    async with process("tests.loopback.discord") as (started, _):
        started.stdin.close()


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
