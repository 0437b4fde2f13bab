"""Socket Mode of the loopback Slack and its troubles, with the real handler of slack-bolt."""

import asyncio

import aiohttp
import pytest

from tests.loopback.slack import Cannot, LoopbackSlack
from tests.loopback.slack.tiny_bot import app_for, over_socket, talking

pytestmark = pytest.mark.asyncio


def echo(app):
    @app.command("/hi")
    async def hi(ack):
        await ack("Hello")


def hears(app):
    app.heard = []

    @app.event("message")
    async def message(event, body, context):
        app.heard.append((event["text"], event.get("thread_ts"), body["event_id"]))

    @app.event("app_mention")
    async def mention(event, say):
        await say(f"You said {event['text']}", thread_ts=event["ts"])

    @app.event("member_joined_channel")
    async def joined(event, say):
        await say("Here I am")


async def test_messages_in_threads_and_mentions_come_as_events():
    async with talking(hears, patience=0.02) as (server, app, study, ana):
        app.client.token = ana.team.token
        sent = await app.client.chat_postMessage(channel=study.id, text="Prompt")
        post = study.messages[sent["ts"]]
        told = await ana.replies(post, "a < b")
        assert told.seconds < 3
        await server.pulse.until(lambda: app.heard == [("a &lt; b", post.ts, told.payload["event_id"])])
        server.rules.patience = 1.0
        mentioned = await ana.mentions(study, "hello")
        assert mentioned.posts[-1].text == f"You said <@{ana.team.bot.id}> hello"
        assert mentioned.posts[-1].thread_ts == mentioned.surface.ts
        quiet = server.channel(ana.team, "quiet", bot=False)
        before = len(app.heard)
        await ana.says(quiet, "nobody listens")
        assert len(app.heard) == before
        assert (await ana.invites(quiet)).posts[-1].text == "Here I am"
        assert not server.late


async def test_the_bot_hears_itself_if_the_rules_say_so():
    async with talking(hears, echo=True) as (server, app, study, ana):
        app.client.token = ana.team.token
        await app.client.chat_postMessage(channel=study.id, text="Prompt")
        await server.pulse.until(lambda: server.interactions and server.interactions[0].ack)
        [told] = server.interactions
        assert told.payload["event"]["bot_id"] == ana.team.bot_id
        assert app.heard == []  # Bolt leaves out what the bot itself wrote


async def test_an_event_without_an_acknowledgement_is_sent_again():
    tries, given_up = [], [asyncio.Event(), asyncio.Event()]

    def slow(app):
        @app.middleware
        async def watch(req, next):  # noqa: A002 - Bolt's name
            tries.append(req.headers.get("x-slack-retry-num", ["0"])[0])
            if len(tries) < 3:
                await given_up[len(tries) - 1].wait()
            await next()

        hears(app)

    rules = {"acknowledge_within": 0.1, "redelivers_after": (0.0, 0.05), "patience": 0.01}
    async with talking(slow, **rules) as (server, app, study, ana):
        told = await ana.says(study, "once")
        for again, before in enumerate(given_up, 2):
            assert await told.until(lambda told, again=again: len(told.deliveries) == again)
            before.set()
        assert [number for _, number in told.deliveries] == [0, 1, 2]
        await server.pulse.until(lambda: len(app.heard) == 3)
        assert tries == ["0", "1", "2"]
        assert len({event for _, _, event in app.heard}) == 1
        assert server.late == [told]


async def test_the_same_click_can_come_twice():
    async with talking(echo) as (server, _, study, ana):
        said = await ana.uses(study, "/hi")
        ack = await server.delivery.again(said)
        assert ack.payload == {"text": "Hello"}
        assert len(said.deliveries) == 2


async def test_what_is_acknowledged_late_is_noted_and_shows_nothing():
    given_up = asyncio.Event()

    def late(app):
        @app.command("/hi")
        async def hi(ack):
            await given_up.wait()
            await ack("Too late")

    async with talking(late, acknowledge_within=0.05) as (server, _, study, ana):
        shown = await ana.uses(study, "/hi")
        assert shown.failed
        assert server.late == [shown]
        given_up.set()
        assert await shown.until(lambda shown: shown.ack)
        assert shown.failed
        assert server.messages(study) == []


async def test_the_client_comes_back_after_being_asked_dropped_or_reset():
    async with talking(echo) as (server, _, study, ana):
        troubles = (
            lambda: server.sockets.disconnect("warning"),
            lambda: server.sockets.disconnect("refresh_requested"),
            server.sockets.drop,
            lambda: server.sockets.drop(rudely=True),
        )
        for number, trouble in enumerate(troubles, 2):
            await trouble()
            assert await server.sockets.connected(number)
            assert (await ana.uses(study, "/hi")).text == "Hello"
        assert server.sockets.pings >= 1
        assert len(server.called("apps.connections.open")) == 5


async def test_several_connections_share_the_work():
    async with LoopbackSlack() as server:
        team = server.team()
        study, ana = server.channel(team), server.member("Ana", team)
        app = app_for(server)
        echo(app)
        async with over_socket(server, app, connections=2):
            assert len(server.sockets.open) == 2
            assert [(await ana.uses(study, "/hi")).text for _ in range(4)] == ["Hello"] * 4
        await server.pulse.until(lambda: not server.sockets.open)


async def test_without_a_bot_nobody_can_act_and_tickets_hold_once():
    async with LoopbackSlack(acknowledge_within=0.05) as server, aiohttp.ClientSession() as session:
        team = server.team()
        study, ana = server.channel(team), server.member("Ana", team)
        with pytest.raises(Cannot, match="No bot is connected"):
            await ana.uses(study, "/hi")
        address = server.sockets.ticket()
        socket = await session.ws_connect(address)
        hello = await socket.receive_json()
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert hello["connection_info"] == {"app_id": server.app_id}
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(address)
        server.rules.sockets = 1
        second = await session.ws_connect(server.sockets.ticket())
        assert (await second.receive_json())["reason"] == "too_many_websockets"
        await second.close()
        await socket.close()


async def test_only_the_apps_own_token_opens_a_connection():
    async with LoopbackSlack() as server, aiohttp.ClientSession() as session:
        team = server.team()
        for token, error in ((team.token, "not_allowed_token_type"), ("xapp-no", "invalid_auth")):
            headers = {"Authorization": f"Bearer {token}"}
            async with session.post(f"{server.api_url}apps.connections.open", headers=headers) as got:
                assert (await got.json())["error"] == error
