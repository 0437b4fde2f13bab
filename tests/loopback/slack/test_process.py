"""The loopback Slack as a process of its own, driven over HTTP."""

from contextlib import asynccontextmanager

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from tests.loopback.driven import driven

pytestmark = pytest.mark.asyncio


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
    async with driven("tests.loopback.slack", "--rules", '{"patience": 2.0}') as hands:
        does, looks = hands.does, hands.tells
        town = await does("populate", teams=2, members=2)
        study, (ana, ben) = town[1]["channel"], town[1]["members"]
        async with bot(hands.addresses, town):
            asked = await does("uses", person=ana, channel=study, command="/quiz", text="http")
            assert asked["text"] == "A"
            surface = asked["message"]["surface"]
            pressed = await does("presses", person=ben, surface=surface, button="A")
            assert (pressed["text"], pressed["ephemeral"]) == ("Correct", True)
            replied = await does("replies", person=ana, message=surface, text="Nice")
            assert replied["text"] == "Nice indeed"
            wrong = await does("presses", expected=400, person=ben, surface=surface, button="B")
            assert "There is no 'B'" in wrong["error"]
            await does("rules", patience=0.01)
            await does("rules", expected=400, impatience=1)
            await hands.presses([[person, surface, "A"] for person in (ana, ben) * 5], per_second=100)
            pressed = await does("press_all", people={ana: [[surface, "A"]] * 3, ben: [[surface, "A"]] * 3})
            assert len(pressed["seconds"]) == 6
            state = await looks("state")
            assert [state[key] for key in ("interactions", "late", "refusals", "crashes")] == [19, 0, 0, []]
            assert (state["counts"]["chat.postMessage 200"], state["sockets"]) == (2, 1)
            assert (await looks(f"messages/{study}"))[0]["words"] == "A"
            assert {"chat.postMessage", "response_url"} <= {call["method"] for call in await looks("calls")}
            await does("sockets", verb="drop")
            await does("fault", method="chat.postMessage", status=500)
            await does("forget")
            assert (await looks("state"))["interactions"] == 0
            await does("nothing", expected=404)
