"""App Home over the wire: each member's own page, with buttons that answer in the direct conversation."""

import pytest

from tests.adapters.slack.wired import running, study
from tests.loopback.slack import LoopbackSlack
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio


async def member(wired, channel, name="Ana"):
    """Somebody who takes part: they have answered the first question of the group."""
    await wired.passes(hours=1, minutes=1)
    post = next(m for m in wired.server.messages(channel) if m.only is None and "Question" in m.summary)
    ana = wired.server.member(name, channel.team, tz="UTC")
    await ana.joins(channel)
    await ana.presses(post, "A")
    return ana


async def opened(person):
    """The home view that somebody sees who opens it."""
    shown = await person.opens_home()
    await shown.until(lambda _: shown.home)
    return shown.home


async def test_a_members_home_shows_what_they_did_and_what_comes(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        ana = await member(wired, channel)
        home = await opened(ana)
        (picture,) = [block for block in home.blocks if block["type"] == "image"]
        assert picture["slack_file"]["id"] in channel.team.files
        assert "Streak 1 day" in home.text.replace("\n", " ").replace("  ", " "), home.text
        assert "Nothing is open right now." in home.text
        assert "Today is done ✓" in home.text
        assert "09:00" in home.text
        assert not wired.server.refused
        assert not wired.server.late


async def test_an_open_question_is_answered_and_the_next_opening_says_so(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        ana = await member(wired, channel)
        await wired.passes(days=1)
        home = await opened(ana)
        assert "the question on" in home.text
        shown = await ana.presses(home, "Show the question")
        assert shown.message.channel is ana.inbox
        await ana.presses(shown.message, "B")
        assert wired.rows("SELECT count(*) FROM answer") == [(2,)]
        assert "Nothing is open right now." in (await opened(ana)).text


async def test_preferences_changed_from_home_stand_there_at_once(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        ana = await member(wired, channel)
        form = await ana.presses(await opened(ana), "Change preferences")
        sent = await ana.submits(form, {"reminder": "25:99"})
        assert "reminder" in sent.errors
        sent = await ana.submits(form, {"reminder": "19:00"})
        assert await sent.until(lambda _: sent.home and "19:00" in sent.home.text)
        assert "I'll message you at 19:00" in sent.posts[-1].text
        assert sent.posts[-1].channel is ana.inbox


async def test_somebody_of_no_group_is_welcome_and_practises(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        ben = wired.server.member("Ben", channel.team)
        home = await opened(ben)
        assert "You aren't in a study group yet." in home.text
        shown = await ben.presses(home, "Try a question")
        assert shown.message.channel is ben.inbox
        assert "Practice" in shown.text
        assert not wired.server.refused


async def test_one_of_two_groups_sees_both(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        other = wired.server.channel(channel.team, "second")
        await olga.joins(other)
        await wired.founds(other, olga)
        ana = await member(wired, channel)
        await ana.joins(other)
        posts = [m for m in wired.server.messages(other) if not m.only]
        await ana.presses(next(m for m in posts if "Question" in m.summary), "A")
        assert (await opened(ana)).text.count("Question, ") == 2


async def test_the_tab_of_messages_is_no_home(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        ana = wired.server.member("Ana", channel.team)
        wired.server.rules.patience = 0.2
        await ana.opens_home("messages")
        assert not wired.server.called("views.publish")


async def test_old_buttons_of_a_home_work_after_a_restart(tmp_path):
    clock = FakeClock()
    async with LoopbackSlack(clock=lambda: clock.now().timestamp()) as server:
        team = server.team("Berlin")
        ana = server.member("Ana", team)
        async with running(tmp_path, server, team, clock):
            home = await opened(ana)
        async with running(tmp_path, server, team, clock):
            assert "Practice" in (await ana.presses(home, "Try a question")).text
