"""Isolation of Discord servers: names and channels of one server are never offered in another."""

import pytest

from adapters.discord.limits import CANNOT_POST, NO_WRITING_ABOVE, NO_WRITING_HERE
from tests.adapters.discord.wired import options_of, study
from tests.loopback.discord.permissions import (
    ADMINISTRATOR,
    CONNECT,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
)
from tests.loopback.discord.world import (
    CATEGORY,
    FORUM,
    MEDIA,
    NEWS,
    NEWS_THREAD,
    STAGE,
    TEXT,
    THREAD,
    VOICE,
    Channel,
)

pytestmark = pytest.mark.asyncio
PLAN = {"pack": "backend-python", "zone": "UTC", "time": "09:00", "days": "daily"}


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
        await wired.passes(hours=24)
        seen = (await wired.server.member("carl", games.guild).uses(games, "leaderboard")).text
        assert "Schmidt" not in seen, seen
        assert "xX" in seen, seen


def plain(said):
    """The text of an answer, without what keeps its signs from being Markdown."""
    return said.text.replace("\\", "")


async def organiser_in(wired, guild, kind, *, name="board", thread=None):
    """Somebody who may set up a group, in a channel of this kind or in a thread of it."""
    channel = wired.server.channel(guild, name)
    channel.kind = kind
    if thread is not None:
        channel = wired.server.add_channel(
            Channel(wired.server.ids.new(), "a post", thread, guild, channel)
        )
    return channel, wired.server.member("Otto", guild, permissions=1 << 5)


@pytest.mark.parametrize("kind", [FORUM, MEDIA])
@pytest.mark.parametrize("given", [PLAN, {}], ids=["whole", "form"])
async def test_setup_in_a_post_of_a_forum_is_refused_in_a_sentence(tmp_path, kind, given):
    async with study(tmp_path) as (wired, channel, _):
        post, otto = await organiser_in(wired, channel.guild, kind, thread=THREAD)
        said = await otto.uses(post, "study setup", given)
        assert "A forum takes no messages outside its threads" in said.text
        assert "Use a text channel for the study group" in said.text
        await wired.passes(hours=25)
        assert not wired.posts(post.parent)


@pytest.mark.parametrize("kind", [CATEGORY, FORUM, MEDIA])
async def test_setup_where_no_message_can_be_is_refused(tmp_path, kind):
    async with study(tmp_path) as (wired, channel, _):
        place, otto = await organiser_in(wired, channel.guild, kind)
        said = await otto.uses(place, "study setup", PLAN)
        assert "Use a text channel for the study group" in said.text


@pytest.mark.parametrize("kind", [TEXT, NEWS, VOICE, STAGE])
async def test_every_channel_that_takes_messages_can_have_a_group(tmp_path, kind):
    async with study(tmp_path) as (wired, channel, _):
        place, otto = await organiser_in(wired, channel.guild, kind)
        assert "set up" in (await otto.uses(place, "study setup", PLAN)).text
        await wired.passes(hours=25)
        assert wired.posts(place)


async def test_a_voice_channel_that_may_not_be_joined_is_refused(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        place, otto = await organiser_in(wired, channel.guild, VOICE)
        place.deny(CONNECT, wired.server.bot)
        assert plain(await otto.uses(place, "study setup", PLAN)) == CANNOT_POST
        place.deny(CONNECT, otto.member)
        assert plain(await otto.uses(place, "study setup", PLAN)) == NO_WRITING_HERE


@pytest.mark.parametrize("does", ["setup", "form", "move"])
@pytest.mark.parametrize("thread", [None, THREAD])
async def test_nobody_brings_a_group_where_they_may_not_write(tmp_path, does, thread):
    async with study(tmp_path) as (wired, channel, _):
        place, otto = await organiser_in(wired, channel.guild, TEXT, thread=thread)
        (place.parent or place).deny(SEND_MESSAGES, otto.member)
        # Who may write in a thread brings no posts into its channel by that.
        channel.guild.everyone.permissions |= SEND_MESSAGES_IN_THREADS
        command, options = ("study move", {}) if does == "move" else ("study setup", PLAN)
        said = await otto.uses(place, command, {} if does == "form" else options)
        assert plain(said) == (NO_WRITING_ABOVE if thread else NO_WRITING_HERE)
        await wired.passes(hours=25)
        assert not wired.posts(place.parent or place)
        assert wired.posts(channel)


async def test_who_loses_the_right_to_write_while_the_form_is_open_sets_up_nothing(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        place, otto = await organiser_in(wired, channel.guild, TEXT)
        form = await otto.uses(place, "study setup", {})
        place.deny(SEND_MESSAGES, otto.member)
        said = await otto.submits(form, {key: value for key, value in PLAN.items() if key != "pack"})
        assert plain(said) == NO_WRITING_HERE


async def test_an_administrator_may_write_everywhere(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        place = wired.server.channel(channel.guild, "board")
        boss = wired.server.member("Boss", channel.guild, permissions=ADMINISTRATOR)
        place.deny(SEND_MESSAGES, boss.member)
        assert "set up" in (await boss.uses(place, "study setup", PLAN)).text


async def test_a_thread_of_a_channel_that_one_may_write_in_brings_a_group_there(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        place, otto = await organiser_in(wired, channel.guild, TEXT, thread=THREAD)
        place.parent.deny(SEND_MESSAGES_IN_THREADS, channel.guild.everyone)
        assert "set up" in (await otto.uses(place, "study setup", PLAN)).text


@pytest.mark.parametrize(("kind", "thread"), [(TEXT, THREAD), (NEWS, NEWS_THREAD)])
@pytest.mark.parametrize("whole", [True, False])
async def test_setup_in_a_thread_says_where_posts_go(tmp_path, kind, thread, whole):
    async with study(tmp_path) as (wired, channel, _):
        talk, otto = await organiser_in(wired, channel.guild, kind, name="backend", thread=thread)
        said = await otto.uses(talk, "study setup", PLAN if whole else {})
        if not whole:
            said = await otto.submits(said, {key: value for key, value in PLAN.items() if key != "pack"})
        assert "The channel \\#backend now follows" in said.text, said.text
        assert "Posts go there, not into this thread." in said.text
        await wired.passes(hours=25)
        assert wired.posts(talk.parent)
        assert not wired.posts(talk)


async def test_a_group_whose_channel_takes_no_messages_any_more_is_paused_and_its_organiser_told(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        channel.kind = FORUM
        await wired.passes(hours=1)
        for _ in range(3):
            await wired.passes(hours=24)
        told = [message.text for message in wired.server.messages(olga.inbox)]
        assert any("This kind of channel takes no messages" in text for text in told), told
        assert any("paused" in text for text in told), told
        before = len(told)
        await wired.passes(hours=24)
        assert len(wired.server.messages(olga.inbox)) == before


async def test_who_has_left_the_server_is_found_out_within_a_day_and_off_the_board(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        ana = wired.server.member("ana", channel.guild)
        await olga.uses(channel, "study post-now", {"kind": "challenge"})
        await wired.passes(seconds=1)
        shared = {"link": "https://example.org/x", "learned": "much"}
        for who in (ana, olga):
            assert "Shared" in (await who.uses(channel, "challenge submit", shared)).text
        del channel.guild.members[ana.id]
        await wired.passes(hours=23)
        assert "ana" in (await olga.uses(channel, "leaderboard")).text
        await wired.passes(hours=2)
        assert "ana" not in (await olga.uses(channel, "leaderboard")).text
        assert "Olga" in (await olga.uses(channel, "leaderboard")).text
        channel.guild.members[ana.id] = ana.member
        assert (
            "updated"
            in (await ana.uses(channel, "challenge submit", shared | {"learned": "more"})).text.lower()
        )
        assert "ana" in (await olga.uses(channel, "leaderboard")).text
