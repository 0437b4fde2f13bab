"""Practice over the wire, in direct messages: no server is named there, and yet it tells no key."""

import pytest

from bot.chat import decode
from tests.adapters.discord.wired import options_of, study
from tests.support.people import shipped_library

pytestmark = pytest.mark.asyncio


def options_in(message):
    """The ids of a practice question's options."""
    ids = [decode(button["custom_id"]) for button in message.buttons if "custom_id" in button]
    return {action.params["o"] for action in ids if action.route == "practice.answer"}


@pytest.mark.parametrize("way", ["left", "never joined"])
async def test_whoever_is_in_no_group_reads_no_key_in_a_direct_message(tmp_path, way):
    async with study(tmp_path) as (wired, channel, _):
        eve = wired.server.member("Eve", channel.guild)
        await wired.passes(hours=1, minutes=1)
        if way == "left":
            await eve.presses(wired.posts(channel)[-1], options_of(wired.posts(channel)[-1])[0])
        await wired.passes(days=1)
        query = "SELECT content_id, topic FROM post WHERE kind = 'quiz' ORDER BY id DESC LIMIT 1"
        ((content, topic),) = wired.rows(query)
        questions = shipped_library().packs["backend-python"].questions[topic]
        if way == "left":
            assert "left the study group" in (await eve.uses(channel, "leave")).text
        served = set()
        for _ in range(2 * len(questions)):
            wired.clock.advance(seconds=10)
            shown = await eve.uses(eve.inbox, "quiz", {"topic": topic})
            found = options_in(shown.message)
            served |= {question.id for question in questions if found == {o.id for o in question.choices}}
            right = next(b["custom_id"] for b in shown.message.buttons if "custom_id" in b)
            await eve.presses(shown.message, right)
        assert served
        assert content not in served
        assert not wired.server.refused
