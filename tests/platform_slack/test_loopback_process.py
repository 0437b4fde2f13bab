"""The loopback Slack as a process of its own, driven over HTTP."""

import asyncio
import json
import sys
from contextlib import asynccontextmanager

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def process(*arguments):
    """The server's process and what it printed."""
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.loopback_slack", *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield json.loads(await asyncio.wait_for(started.stdout.readline(), 30))
    finally:
        started.terminate()
        assert await asyncio.wait_for(started.wait(), 10) == 0
        assert await started.stdout.read() == b""


@asynccontextmanager
async def bot(told, town):
    """A bot over Socket Mode that asks a question and opens a form."""

    async def authorize(enterprise_id, team_id, **_):
        [team] = [team for team in town if team["id"] == team_id]
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token=team["token"], bot_id="B1",
                               bot_user_id=team["bot"])  # fmt: skip

    client = AsyncWebClient(base_url=told["api"])
    app = AsyncApp(signing_secret=told["signing_secret"], client=client, authorize=authorize)
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "A"}}

    @app.command("/quiz")
    async def quiz(ack, say):
        await ack()
        await say(text="Question", blocks=[{"type": "actions", "elements": [button]}])

    @app.action("a")
    async def answer(ack, respond):
        await ack()
        await respond(text="Correct", replace_original=False)

    @app.event("message")
    async def message(event, say):
        await say(f"{event['text']} indeed", thread_ts=event["thread_ts"])

    handler = AsyncSocketModeHandler(app, told["app_token"])
    await handler.connect_async()
    try:
        yield
    finally:
        await handler.close_async()


async def test_people_act_over_http():
    async with process("--rules", '{"patience": 2.0}') as told, aiohttp.ClientSession() as session:

        async def control(what, expected=200, **body):
            async with session.post(f"{told['url']}/control/{what}", json=body) as got:
                assert got.status == expected, await got.text()
                return await got.json()

        async def looks(what):
            async with session.get(f"{told['url']}/control/{what}") as got:
                return await got.json()

        town = await control("town", teams=2, members=2)
        study, (ana, ben) = town[1]["channel"], town[1]["members"]
        async with bot(told, town):
            asked = await control("uses", person=ana, channel=study, command="/quiz", text="http")
            assert asked["text"] == "A"
            surface = asked["message"]["surface"]
            pressed = await control("presses", person=ben, surface=surface, button="A")
            assert (pressed["text"], pressed["ephemeral"]) == ("Correct", True)
            replied = await control("replies", person=ana, message=surface, text="Nice")
            assert replied["text"] == "Nice indeed"
            wrong = await control("presses", expected=400, person=ben, surface=surface, button="B")
            assert "There is no 'B'" in wrong["error"]
            await control("rules", patience=0.01)
            presses = [[person, surface, "A"] for person in (ana, ben) * 5]
            burst = await control("burst", presses=presses, per_second=100)
            assert len(burst["seconds"]) == 10
            assert burst["lasted"] >= 0.09
            assert all(seconds is not None for seconds in burst["seconds"])
            crowd = await control("crowd", people={ana: [[surface, "A"]] * 3, ben: [[surface, "A"]] * 3})
            assert len(crowd["seconds"]) == 6
            state = await looks("state")
            assert [state[key] for key in ("interactions", "late", "refusals", "crashes")] == [19, 0, 0, []]
            assert (await looks(f"messages/{study}"))[0]["words"] == "A"
            assert {"chat.postMessage", "response_url"} <= {call["method"] for call in await looks("calls")}
            await control("sockets", verb="drop")
            await control("fault", method="chat.postMessage", status=500)
            await control("forget")
            assert (await looks("state"))["interactions"] == 0
            await control("nothing", expected=404)
