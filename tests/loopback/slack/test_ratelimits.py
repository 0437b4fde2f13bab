"""Rate limits, scripted faults and answer addresses of the loopback Slack."""

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.loopback.slack import LoopbackSlack
from tests.loopback.slack.tiny_bot import talking

pytestmark = pytest.mark.asyncio


class Clock:
    """Monotonic seconds, moved by hand."""

    seconds = 100.0

    def __call__(self):
        return self.seconds


@asynccontextmanager
async def calling(**rules):
    """A workspace, a client without retries, and a clock."""
    clock = Clock()
    async with LoopbackSlack(now=clock, **rules) as server:
        team = server.team()
        client = AsyncWebClient(token=team.token, base_url=server.api_url, retry_handlers=[])
        study = server.channel(team)

        async def post(channel=study, text="x"):
            return await client.chat_postMessage(channel=channel.id, text=text)

        yield SimpleNamespace(server=server, team=team, client=client, study=study, post=post, clock=clock)


async def limited(call):
    """The seconds that a 429 asks to wait."""
    with pytest.raises(SlackApiError, match="ratelimited") as caught:
        await call
    assert caught.value.response.status_code == 429
    return int(caught.value.response.headers["Retry-After"])


async def test_a_channel_takes_a_few_at_once_and_then_one_a_second():
    async with calling(channel_burst=3) as at:
        for _ in range(3):
            await at.post()
        assert await limited(at.post()) == 1
        other = at.server.channel(at.team, "other")
        await at.post(other)
        at.clock.seconds += 1
        await at.post()
        assert await limited(at.post()) == 1
        assert at.server.too_many == 2
        assert len(at.server.messages(at.study)) == 4


async def test_a_workspace_takes_so_many_in_all():
    async with calling(workspace_messages=2) as at:
        channels = [at.server.channel(at.team, str(n)) for n in range(3)]
        await at.post(channels[0])
        at.clock.seconds += 20
        await at.post(channels[1])
        assert await limited(at.post(channels[2])) == 40
        at.clock.seconds += 40
        await at.post(channels[2])


async def test_methods_have_tiers_and_can_have_limits_of_their_own():
    async with calling(spare=0, own={"conversations.history": 1}) as at:
        history = at.client.conversations_history
        await history(channel=at.study.id)
        assert await limited(history(channel=at.study.id)) == 60
        for _ in range(20):
            await at.client.users_list()
        assert await limited(at.client.users_list()) == 60
        at.server.rules.limited = False
        await at.client.users_list()
        at.server.rules.limited = True
        at.clock.seconds += 60
        await history(channel=at.study.id)


async def test_the_sdk_waits_as_it_is_told():
    async with calling() as at:
        at.client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
        at.server.faults.add(method="chat.postMessage", status=429, retry_after=0)
        await at.post()
        assert [call.status for call in at.server.calls] == [429, 200]
        assert at.server.too_many == 0  # scripted ones are in the faults, not in the limits


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_errors_of_the_server(status):
    async with calling() as at:
        at.server.faults.add(method="chat.*", status=status)
        await at.client.auth_test()
        with pytest.raises(SlackApiError):
            await at.post()
        await at.post()
        assert [call.status for call in at.server.calls] == [200, status, 200]


@pytest.mark.parametrize("acted", [False, True])
async def test_a_reset_before_or_after_the_message_was_posted(acted):
    async with calling() as at:
        at.server.faults.add(method="chat.postMessage", reset=True, acted=acted, where={"text": "this"})
        await at.post(text="other")
        with pytest.raises(aiohttp.ClientConnectionError):
            await at.post(text="this")
        assert [m.text for m in at.server.messages(at.study)] == ["other", "this"][: 1 + acted]
        [(when, method, fault)] = at.server.faults.struck
        assert (when, method, fault.acted) == (100.0, "chat.postMessage", acted)
        assert [call.status for call in at.server.calls] == [200, 0]


async def test_a_word_of_slack_and_a_slow_answer_can_be_scripted():
    async with calling() as at:
        at.server.faults.add(error="fatal_error")
        with pytest.raises(SlackApiError, match="fatal_error"):
            await at.post()
        slow = at.server.faults.add(held=True)
        asked = asyncio.create_task(at.post())
        await at.server.pulse.until(lambda: at.server.calls[-1].fault is slow)
        assert not at.server.messages(at.study)
        at.clock.seconds += 9
        slow.release()
        await asked
        assert (at.server.calls[-1].status, at.server.calls[-1].seconds) == (200, 9)


def answers(app):
    @app.command("/hi")
    async def hi(ack):
        await ack()

    @app.action("go")
    async def go(ack, respond, action):
        await ack()
        how = {"replace": {"replace_original": True}, "delete": {"delete_original": True},
               "loud": {"response_type": "in_channel"}}  # fmt: skip
        await respond(text="Answer", **how.get(action["value"], {}))


def buttons(how):
    return [{"type": "actions", "elements": [
        {"type": "button", "action_id": "go", "value": how, "text": {"type": "plain_text", "text": "R"}}
    ]}]  # fmt: skip


@pytest.mark.parametrize("how", ["replace", "delete", "loud", "quiet"])
async def test_answer_addresses_replace_delete_or_add(how):
    async with talking(answers) as (server, app, study, ana):
        app.client.token = ana.team.token
        sent = await app.client.chat_postMessage(channel=study.id, text="Question", blocks=buttons(how))
        message = study.messages[sent["ts"]]
        shown = await ana.presses(message, "R")
        stands = [(m.text, m.ephemeral) for m in server.messages(study)]
        assert stands == {
            "replace": [("Answer", False)], "delete": [],
            "loud": [("R", False), ("Answer", False)], "quiet": [("R", False), ("Answer", True)],
        }[how]  # fmt: skip
        assert shown.answered
        assert not server.refused


async def test_an_answer_address_holds_five_times_and_thirty_minutes():
    clock = Clock()
    async with (
        talking(answers, now=clock, patience=0) as (server, _, study, ana),
        aiohttp.ClientSession() as web,
    ):

        async def answer(shown, text="x"):
            async with web.post(shown.response_url, json={"text": text}) as got:
                return got.status, await got.text()

        shown = await ana.uses(study, "/hi")
        assert [(await answer(shown))[0] for _ in range(5)] == [200] * 5
        assert shown.ephemerals[0].text == "x"
        status, why = await answer(shown)
        assert (status, "used_url" in why) == (404, True)
        assert server.calls[-1].status == 404
        shown = await ana.uses(study, "/hi")
        assert (await answer(shown, ""))[0] == 400
        assert server.calls[-1].error == "no_text"
        clock.seconds += 1799
        assert await answer(shown) == (200, "ok")
        clock.seconds += 2
        assert (await answer(shown))[0] == 404
        assert [refusal.error for refusal in server.refused] == ["used_url", "expired_url"]
