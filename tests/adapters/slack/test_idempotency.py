"""Events that Slack delivers twice change nothing the second time, and are still acknowledged."""

import pytest

from tests.adapters.slack.test_adapter import posts, question, verdict
from tests.adapters.slack.wired import over_http, over_socket, running, study

pytestmark = pytest.mark.asyncio

MODES = pytest.mark.parametrize("mode", [over_socket, over_http])


async def again(wired, done, **changed):
    """Deliver an event again, as a retry with these parts of it changed, and wait until it's served."""
    done.payload = {**done.payload, **changed}
    ack = await wired.server.delivery.again(done)
    assert ack.status == 200
    await wired.adapter._serving.finish(10)


@MODES
async def test_a_click_counts_once_and_is_answered_each_time(tmp_path, mode):
    async with study(tmp_path, mode=mode) as (wired, channel, olga):
        post = await question(wired, channel)
        done = await olga.presses(post, "A")
        await again(wired, done)
        assert wired.rows("SELECT count(*) FROM answer") == [(1,)]
        assert [verdict(message) for message in done.ephemerals] == [True, True]


async def test_a_click_counts_once_after_a_restart(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        done = await olga.presses(await question(wired, channel), "A")
        await wired.adapter.stop()
        async with running(tmp_path, wired.server, channel.team, wired.clock) as anew:
            await again(anew, done)
            assert anew.rows("SELECT count(*) FROM answer") == [(1,)]


@MODES
async def test_a_command_works_once(tmp_path, mode):
    async with study(tmp_path, mode=mode) as (wired, channel, olga):
        done = await olga.uses(channel, "/study", "post-now quiz")
        await again(wired, done)
        await wired.passes(seconds=5)
        assert len(posts(wired, channel)) == 1


@MODES
async def test_a_form_is_taken_once(tmp_path, mode):
    async with study(tmp_path, mode=mode) as (wired, channel, olga):
        other = wired.server.channel(channel.team, "second")
        form = await olga.uses(other, "/study", "setup")
        done = await olga.submits(form, {"zone": "UTC", "time": "10:00", "days": "daily"})
        await again(wired, done)
        assert wired.rows("SELECT count(*) FROM study_group") == [(2,)]


@MODES
async def test_a_reply_under_another_event_id_counts_once(tmp_path, mode):
    async with study(tmp_path, quiz_only=False, mode=mode) as (wired, channel, olga):
        await wired.passes(hours=1, minutes=1)
        prompt = next(m for m in posts(wired, channel) if "Mark done" in m.text)
        said = await olga.replies(prompt, "A bool is an int.")
        await again(wired, said, event_id="Ev0ANOTHER")
        assert wired.rows("SELECT count(*) FROM activity WHERE kind = 'prompt_reply'") == [(1,)]
        assert wired.rows("SELECT count(*) FROM activity") == [(1,)]


async def test_a_click_that_was_acknowledged_too_late_for_slack_counts_once(tmp_path):
    rules = {"redelivers": ("interactive",), "redelivers_after": (0.0,), "acknowledge_within": 0.0}
    async with study(tmp_path) as (wired, channel, olga):
        post = await question(wired, channel)
        for name, value in rules.items():
            setattr(wired.server.rules, name, value)
        done = await olga.presses(post, "A")
        await wired.until(lambda: len(done.deliveries) == 2 and len(done.ephemerals) == 2)
        assert wired.rows("SELECT count(*) FROM answer") == [(1,)]
