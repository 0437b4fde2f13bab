"""The loopback server misbehaves when told to, and limits as Discord does."""

import asyncio

import aiohttp
import discord
import pytest

from tests.loopback.discord.tiny_bot import talking

pytestmark = pytest.mark.asyncio

MESSAGES = "/channels/*/messages"
QUIZ = {"name": "quiz", "description": "A question"}


async def test_a_429_with_via_is_waited_out_and_without_it_raised():
    async with talking() as (server, bot, study, _):
        server.faults.add(method="POST", path=MESSAGES, status=429, retry_after=0.02)
        await bot.place(study).send("One")
        assert [r.status for r in server.requested("POST", "/messages")] == [429, 200]
        server.faults.add(method="POST", path=MESSAGES, status=429, via=False)
        with pytest.raises(discord.HTTPException) as banned:
            await bot.place(study).send("Two")
        assert banned.value.status == 429
        assert banned.value.response.headers["Retry-After"]
        assert len(server.messages(study)) == 1
        assert [(method, fault.status) for _, method, fault in server.faults.struck] == [("POST", 429)] * 2


@pytest.mark.parametrize("acted", [False, True])
async def test_an_answer_503_before_or_after_acting(acted):
    async with talking() as (server, bot, study, _):
        server.faults.add(method="POST", path=MESSAGES, status=503, acted=acted)
        with pytest.raises(discord.DiscordServerError):
            await bot.place(study).send("One")
        assert len(server.messages(study)) == acted


async def test_a_500_is_retried_with_the_same_nonce():
    async with talking() as (server, bot, study, _):
        server.faults.add(method="POST", path=MESSAGES, status=500, acted=True)
        await bot.place(study).send("One")
        assert len(server.messages(study)) == 1
        assert [r.status for r in server.requested("POST", "/messages")] == [500, 200]


@pytest.mark.parametrize("acted", [False, True])
async def test_a_connection_reset_before_or_after_acting(acted):
    async with talking() as (server, bot, study, _):
        server.faults.add(method="POST", path=MESSAGES, reset=True, acted=acted)
        with pytest.raises((aiohttp.ClientError, ConnectionError)):
            await bot.place(study).send("One")
        assert len(server.messages(study)) == acted
        assert server.requested("POST", "/messages")[0].status == 0


async def test_a_slow_answer_is_only_late():
    now = [0.0]
    async with talking(now=lambda: now[0]) as (server, bot, study, _):
        slow = server.faults.add(path=MESSAGES, held=True)
        asked = asyncio.create_task(bot.place(study).send("One"))
        await server.pulse.until(lambda: server.faults.struck)
        assert not server.messages(study)
        now[0] += 9
        slow.release()
        assert (await asked).content == "One"
        [request] = server.requested("POST", "/messages")
        assert (request.status, request.seconds) == (200, 9)


async def test_a_lost_acknowledgement_can_be_told_from_a_refused_one():
    async def answer(interaction):
        await interaction.response.send_message("One")

    async with talking(answer, commands=[QUIZ]) as (server, bot, study, ana):
        server.faults.add(path="/interactions/*", reset=True, acted=True)
        shown = await ana.uses(study, "quiz")
        assert shown.text == "One"
        await bot.until(lambda: bot.errors)
        assert isinstance(bot.errors[0], (aiohttp.ClientError, ConnectionError))


async def test_the_global_limit_is_strict_and_interactions_are_exempt():
    now = [0.0]

    async def answer(interaction):
        await interaction.response.send_message("ok")

    async with talking(answer, commands=[QUIZ], now=lambda: now[0]) as (server, _, study, ana):
        now[0] += 10
        url, headers = f"{server.api_url}/users/@me", {"Authorization": f"Bot {server.rules.token}"}

        async def asked(session):
            async with session.get(url, headers=headers) as got:
                return got.status, await got.json()

        async with aiohttp.ClientSession() as session:
            assert [(await asked(session))[0] for _ in range(50)] == [200] * 50
            now[0] += 0.999
            status, body = await asked(session)
            assert (status, body["global"]) == (429, True)
            assert body["retry_after"] == pytest.approx(0.001, abs=0.001)
            assert (await ana.uses(study, "quiz")).text == "ok"
            now[0] += 0.001
            assert (await asked(session))[0] == 200
        assert server.too_many == 1


async def test_the_bucket_of_a_channel_is_told_and_kept():
    async with talking(channel_buckets=True, channel_window=0.2) as (server, bot, study, _):
        other = server.channel(study.guild, "other")
        for _ in range(6):
            await bot.place(study).send("x")
        await bot.place(other).send("x")
        posts = server.requested("POST", "/messages")
        assert [r.status for r in posts] == [200] * 7
        assert posts[5].at - posts[0].at >= 0.19


async def test_a_full_bucket_answers_429():
    now = [0.0]
    async with talking(channel_buckets=True, now=lambda: now[0]) as (server, _, study, _):
        url = f"{server.api_url}/channels/{study.id}/messages"
        headers = {"Authorization": f"Bot {server.rules.token}"}
        body = {"content": "x", "allowed_mentions": {"parse": []}}
        async with aiohttp.ClientSession(headers=headers) as session:
            for expected in [200] * 5 + [429]:
                async with session.post(url, json=body) as got:
                    assert got.status == expected
            assert got.headers["X-RateLimit-Remaining"] == "0"
            assert got.headers["X-RateLimit-Scope"] == "user"
            assert len(got.headers["X-RateLimit-Bucket"]) == 32
            now[0] += server.rules.channel_window
            async with session.post(url, json=body) as got:
                assert got.status == 200
        assert server.too_many == 0
