"""Posts over the wire: whatever goes wrong on the way, each stands in its channel once."""

import discord
import pytest

from bot.allowance import unlimited
from tests.adapters.discord.wired import options_of, study

pytestmark = pytest.mark.asyncio

MESSAGES = "/channels/*/messages"


async def first_question(wired, channel):
    """Time passes until the first question is posted."""
    await wired.passes(hours=1, minutes=1)
    return wired.posts(channel)


async def test_a_question_is_posted_with_its_buttons_and_calls_nobody(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        (post,) = await first_question(wired, channel)
        assert len(options_of(post)) >= 2
        assert not wired.server.refused


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 503},
        {"status": 503, "times": 3},
        {"status": 500},
        {"status": 502, "acted": True},
        {"reset": True},
        {"reset": True, "acted": True},
        {"status": 429, "via": True},
        {"status": 429, "via": True, "scope": "global"},
    ],
    ids=str,
)
async def test_a_fault_that_passes_posts_once(tmp_path, fault):
    async with study(tmp_path) as (wired, channel, _):
        wired.server.faults.add(method="POST", path=MESSAGES, **fault)
        assert len(await first_question(wired, channel)) == 1
        assert wired.server.faults.struck
        await wired.passes(hours=2)
        assert len(wired.posts(channel)) == 1
        assert wired.rows("SELECT state FROM post") == [("sent",)]


async def test_a_refusal_by_what_stands_before_discord_is_waited_for(tmp_path):
    """discord.py gives up a 429 without Via at once; the ledger tries again when the wait is over."""
    async with study(tmp_path) as (wired, channel, _):
        wired.server.faults.add(method="POST", path=MESSAGES, status=429, via=False, retry_after=30)
        assert await first_question(wired, channel) == []
        await wired.passes(seconds=29)
        assert wired.posts(channel) == []
        await wired.passes(seconds=1)
        assert len(wired.posts(channel)) == 1


async def test_an_outage_is_waited_for_within_the_day(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        outage = wired.server.faults.add(method="POST", path=MESSAGES, status=503, times=10_000)
        assert await first_question(wired, channel) == []
        outage.times = 0
        await wired.passes(minutes=5)
        assert len(wired.posts(channel)) == 1


async def test_a_missing_permission_pauses_the_group_and_tells_the_organiser(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        channel.deny(discord.Permissions(send_messages=True), wired.server.bot_in(channel.guild))
        await wired.passes(hours=1, minutes=1)
        for _ in range(3):
            await wired.passes(days=1)
        assert wired.posts(channel) == []
        told = "\n".join(message.text for message in olga.sees(olga.inbox))
        assert "paused" in told.lower()
        assert "milepost" not in wired.rows("SELECT pause_detail FROM study_group")[0][0].lower()
        assert wired.rows("SELECT paused_at IS NOT NULL FROM study_group") == [(1,)]


async def test_a_channel_that_is_gone_delays_no_other_one(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        other = wired.server.channel(channel.guild, "second")
        await wired.founds(other, olga)
        wired.server.close_channel(channel)
        await wired.passes(hours=1, minutes=1)
        assert len(wired.posts(other)) == 1


async def test_a_message_that_was_deleted_is_not_edited_for_ever(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        (post,) = await first_question(wired, channel)
        await olga.presses(post, options_of(post)[0])
        post.deleted = True
        await wired.passes(seconds=11)
        edits = len(wired.server.requested("PATCH", str(post.id)))
        await wired.passes(minutes=10)
        assert edits == len(wired.server.requested("PATCH", str(post.id))) == 1


async def test_prompts_open_a_discussion_and_do_without_where_that_is_forbidden(tmp_path):
    async with study(tmp_path, quiz_only=False) as (wired, channel, olga):
        closed = wired.server.channel(channel.guild, "closed")
        closed.deny(discord.Permissions(create_public_threads=True), wired.server.bot_in(channel.guild))
        await wired.founds(closed, olga, quiz_only=False)
        await wired.passes(hours=1, minutes=1)
        threads = [place for place in wired.server.channels.values() if place.kind == 11]
        assert len(threads) == 1
        assert len(wired.posts(closed)) >= 2


async def test_the_limit_is_kept_when_much_is_due(tmp_path):
    async with study(tmp_path, allowance=unlimited()) as (wired, channel, olga):
        places = [wired.server.channel(channel.guild, f"study-{n}") for n in range(60)]
        for place in places:
            await wired.founds(place, olga)
        wired.clock.advance(hours=1, minutes=1)
        while wired.rows("SELECT count(*) FROM post WHERE state = 'sent'") != [(61,)]:
            await wired.application.scheduler.run_once()
        assert wired.server.too_many == 0
        assert all(len(wired.posts(place)) == 1 for place in places)


async def test_a_post_that_arrived_unknown_to_us_is_found_again_long_after(tmp_path):
    """Discord remembers a nonce for minutes; the mark in the message lasts as long as the message."""
    async with study(tmp_path, rules={"nonce_memory": 0.0}) as (wired, channel, _):
        lost = wired.server.faults.add(method="POST", path=MESSAGES, reset=True, acted=True)
        wired.server.faults.add(method="POST", path=MESSAGES, status=429, via=False, retry_after=1200)
        assert len(await first_question(wired, channel)) == 1
        assert lost.times == 0
        assert wired.rows("SELECT state FROM post") == [("planned",)]
        await wired.passes(minutes=20)
        assert len(wired.posts(channel)) == 1
        assert wired.rows("SELECT state, message_id FROM post") == [
            ("sent", str(wired.posts(channel)[0].id))
        ]


async def test_without_the_right_to_read_the_history_a_post_is_sent_all_the_same(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        channel.deny(discord.Permissions(read_message_history=True), wired.server.bot_in(channel.guild))
        wired.server.faults.add(method="POST", path=MESSAGES, status=429, via=False, retry_after=60)
        assert await first_question(wired, channel) == []
        await wired.passes(minutes=1)
        assert len(wired.posts(channel)) == 1


@pytest.mark.parametrize("status", [500, 501, 502, 503, 504])
async def test_each_kind_of_trouble_at_discord_is_got_over(tmp_path, status):
    async with study(tmp_path) as (wired, channel, _):
        wired.server.faults.add(method="POST", path=MESSAGES, status=status)
        await first_question(wired, channel)
        await wired.passes(minutes=2)
        assert len(wired.posts(channel)) == 1
        assert wired.rows("SELECT state FROM post") == [("sent",)]


async def test_a_server_that_is_slow_to_answer_is_given_up_and_asked_what_it_did(tmp_path):
    """The core waits for half a lease; what was posted after that is found by its mark."""
    async with study(tmp_path, settings={"lease_seconds": 0.4}) as (wired, channel, _):
        slow = wired.server.faults.add(method="POST", path=MESSAGES, held=True)
        assert await first_question(wired, channel) == []
        assert wired.rows("SELECT state FROM post") == [("planned",)]
        slow.release()
        await wired.until(lambda: wired.posts(channel))
        await wired.passes(minutes=2)
        assert len(wired.posts(channel)) == 1
        assert wired.rows("SELECT state FROM post") == [("sent",)]
