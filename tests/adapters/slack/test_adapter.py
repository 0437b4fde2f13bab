"""Milepost in a Slack workspace, over the wire: the real slack-bolt against the loopback server."""

from types import SimpleNamespace

import pytest

from bot.chat import SetupError
from tests.adapters.slack.wired import running, study
from tests.loopback.slack import LoopbackSlack
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio


def verdict(shown):
    """Tell if a message says how a member's answer was."""
    return "Correct" in shown.text or "Not quite" in shown.text


def posts(wired, channel):
    """Public messages of the bot in a channel, oldest first."""
    return [m for m in wired.server.messages(channel) if m.only is None and m.blocks]


async def question(wired, channel):
    """Time passes until the first question is posted."""
    await wired.passes(hours=1, minutes=1)
    return posts(wired, channel)[-1]


async def test_a_question_is_answered_in_private(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        post = await question(wired, channel)
        ana = wired.server.member("Ana", channel.team)
        await ana.joins(channel)
        shown = await ana.presses(post, "A")
        assert shown.ephemeral
        assert verdict(shown)
        assert wired.rows("SELECT count(*) FROM answer") == [(1,)]
        await wired.passes(seconds=11)
        assert "1 answer" in posts(wired, channel)[-1].text
        assert not wired.server.refused
        assert not wired.server.late


async def test_setup_by_form_says_what_is_wrong_at_its_field(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        other = wired.server.channel(channel.team, "second")
        await olga.joins(other)
        form = await olga.uses(other, "/study", "setup")
        sent = await olga.submits(form, {"zone": "Nowhere", "time": "10:00", "days": "daily"})
        assert "zone" in sent.errors
        sent = await olga.submits(form, {"zone": "UTC", "time": "10:00", "days": "daily"})
        assert "set up" in sent.text
        assert wired.rows("SELECT count(*) FROM study_group") == [(2,)]


async def test_what_is_typed_wrong_is_said_in_private(tmp_path):
    async with study(tmp_path) as (_, channel, olga):
        shown = await olga.uses(channel, "/milepost", "qiuz")
        assert shown.ephemeral
        assert "Did you mean /quiz?" in shown.text


async def test_only_admins_are_organisers(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        ana = wired.server.member("Ana", channel.team)
        await ana.joins(channel)
        shown = await ana.uses(channel, "/study", "pause")
        assert "organiser" in shown.text
        assert wired.rows("SELECT paused_at FROM study_group") == [(None,)]


@pytest.mark.parametrize(
    "typed",
    [
        "mention <!subteam^S012|@backend>",
        "mention @backend",
        "reward <!subteam^S012> 7",
        "mention <!channel>",
        "mention",
        "reward",
        "reward days:7",
    ],
)
async def test_user_groups_are_neither_mentioned_nor_given(tmp_path, typed):
    async with study(tmp_path) as (wired, channel, olga):
        shown = await olga.uses(channel, "/study", typed)
        assert shown.text == "I can't mention or give roles or user groups in this chat."
        assert wired.rows("SELECT mention_role, reward_role FROM study_group") == [("", "")]


async def test_an_organiser_is_listed_by_the_name_that_slack_tells(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        ana = wired.server.member("Ana", channel.team)
        await ana.joins(channel)
        shown = await olga.uses(channel, "/study", f"organiser <@{ana.id}|Ana>")
        assert "“Ana” can now organise groups here." in shown.text
        shown = await ana.uses(channel, "/study", "organisers")
        assert "Ana" in shown.text
        await ana.uses(channel, "/study", "pause")
        shown = await olga.uses(channel, "/study", "log")
        assert f"“Ana” ({ana.id}) paused the group" in shown.text
        assert f"“Olga” ({olga.id}) added “Ana” ({ana.id}) as an organiser" in shown.text
        shown = await olga.uses(channel, "/milepost", "help")
        assert "/study log" in shown.text
        assert "/study mention" not in shown.text
        assert "/study reward" not in shown.text


async def test_old_buttons_work_after_a_restart(tmp_path):
    clock = FakeClock()
    async with LoopbackSlack(clock=lambda: clock.now().timestamp()) as server:
        team = server.team("Berlin")
        channel, olga = server.channel(team, "study"), server.member("Olga", team, admin=True)
        await olga.joins(channel)
        async with running(tmp_path, server, team, clock) as wired:
            await wired.founds(channel, olga)
            post = await question(wired, channel)
        async with running(tmp_path, server, team, clock) as wired:
            assert verdict(await olga.presses(post, "A"))


@pytest.mark.parametrize(
    "fault",
    [{"reset": True}, {"reset": True, "acted": True}, {"status": 503}, {"status": 429, "retry_after": 30}],
    ids=str,
)
async def test_a_fault_that_passes_posts_once(tmp_path, fault):
    async with study(tmp_path) as (wired, channel, _):
        wired.server.faults.add(method="chat.postMessage", **fault)
        await wired.passes(hours=1, minutes=1)
        assert wired.server.faults.struck
        await wired.passes(minutes=2)
        assert len(posts(wired, channel)) == 1
        assert wired.rows("SELECT state FROM post") == [("sent",)]


async def test_replies_in_a_prompts_thread_count(tmp_path):
    async with study(tmp_path, quiz_only=False) as (wired, channel, olga):
        await wired.passes(hours=1, minutes=1)
        prompt = next(m for m in posts(wired, channel) if "Mark done" in m.text)
        said = await olga.replies(prompt, "A bool is an int.")
        await said.until(lambda _: said.ephemerals)
        assert wired.rows("SELECT count(*) FROM activity WHERE kind = 'prompt_reply'") == [(1,)]


async def test_a_member_begins_in_the_zone_of_their_profile(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        post = await question(wired, channel)
        ana = wired.server.member("Ana", channel.team, tz="Asia/Tokyo")
        await ana.joins(channel)
        await ana.presses(post, "A")
        assert wired.rows("SELECT zone FROM answer") == [("Asia/Tokyo",)]


async def test_a_wrong_token_is_said_in_one_sentence(tmp_path):
    async with LoopbackSlack() as server:
        server.team("Berlin")
        wrong = SimpleNamespace(token="xoxb-wrong")
        with pytest.raises(SetupError, match="token"):
            async with running(tmp_path, server, wrong, FakeClock()):
                pass
