"""Clicks over the wire: each is acknowledged in time and answered once, whatever goes wrong."""

import pytest

from tests.adapters.discord.wired import options_of, study

pytestmark = pytest.mark.asyncio

CALLBACK = "/interactions/*/callback"
ORIGINAL = "/webhooks/*/messages/@original"


def is_verdict(text):
    """Tell if the text says how a member's answer was."""
    return "Correct" in text or "Not quite" in text


async def asked(wired, channel):
    """The first question, posted."""
    await wired.passes(hours=1, minutes=1)
    return wired.posts(channel)[0]


async def test_a_verdict_is_private_and_counted_in_the_channel(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        post = await asked(wired, channel)
        ana = wired.server.member("Ana", channel.guild)
        shown = await ana.presses(post, options_of(post)[0])
        assert shown.ephemeral
        assert is_verdict(shown.text)
        assert not olga.sees(channel)[-1].ephemeral
        await wired.passes(seconds=11)
        assert "1 answer" in wired.posts(channel)[0].text
        assert not wired.server.refused


async def test_thirty_answers_within_seconds_are_one_edit(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        post = await asked(wired, channel)
        people = [wired.server.member(f"Member {n}", channel.guild) for n in range(30)]
        for person in people:
            await person.presses(post, options_of(post)[0])
            await wired.passes(seconds=0.2)
        await wired.passes(seconds=10)
        assert "30 answers" in wired.posts(channel)[0].text
        assert len(wired.server.requested("PATCH", str(post.id))) <= 2


@pytest.mark.parametrize(
    "fault",
    [
        {"reset": True},
        {"reset": True, "acted": True},
        {"status": 503},
        {"status": 502, "acted": True},
        {"status": 429, "via": True, "retry_after": 0.05},
    ],
    ids=str,
)
async def test_an_answer_whose_way_back_breaks_is_shown_once(tmp_path, fault):
    async with study(tmp_path) as (wired, channel, _):
        post = await asked(wired, channel)
        ana = wired.server.member("Ana", channel.guild)
        wired.server.faults.add(method="POST", path=CALLBACK, **fault)
        shown = await ana.presses(post, options_of(post)[0])
        assert wired.server.faults.struck
        assert is_verdict(shown.text)
        assert len([m for m in ana.sees(channel) if m.only == ana.id]) == 1
        assert wired.rows("SELECT count(*) FROM answer") == [(1,)]


async def announced(wired, act):
    """Reply to an act that is finished only after it was announced."""
    use_case, acting = await wired.begins(act)
    await wired.until(lambda: wired.newest.deferred)
    use_case.release()
    return await acting


@pytest.mark.parametrize(
    "fault",
    [
        None,
        {"path": CALLBACK, "method": "POST", "reset": True, "acted": True},
        {"path": ORIGINAL, "method": "PATCH", "reset": True},
        {"path": ORIGINAL, "method": "PATCH", "status": 503},
    ],
    ids=str,
)
async def test_a_slow_answer_is_announced_in_private_and_filled_in(tmp_path, fault):
    async with study(tmp_path, answer_seconds=0.05) as (wired, channel, _):
        post = await asked(wired, channel)
        ana = wired.server.member("Ana", channel.guild)
        if fault:
            wired.server.faults.add(**fault)
        shown = await announced(wired, ana.presses(post, options_of(post)[0]))
        assert shown.deferred
        assert shown.ephemeral
        assert not shown.thinking
        assert is_verdict(shown.text)


async def test_a_form_is_never_announced(tmp_path):
    async with study(tmp_path, answer_seconds=1e-6) as (wired, channel, olga):
        second = wired.server.channel(channel.guild, "second")
        # Whatever else the core serves would have been announced by the time that it has begun.
        use_case, acting = await wired.begins(olga.uses(second, "study setup"))
        use_case.release()
        shown = await acting
        assert shown.modal is not None


async def test_a_click_that_comes_twice_is_answered_once(tmp_path):
    """After a resume Discord may deliver what was served already."""
    async with study(tmp_path) as (wired, channel, _):
        post = await asked(wired, channel)
        ana = wired.server.member("Ana", channel.guild)
        await ana.presses(post, options_of(post)[0])
        again = await ana.presses(post, options_of(post)[0])
        assert "answered this one" in again.text
        assert wired.rows("SELECT count(*) FROM answer") == [(1,)]


async def test_suggestions_come_while_one_types(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        ana = wired.server.member("Ana", channel.guild)
        shown = await ana.types(channel, "quiz", "topic", "htt")
        assert shown.choices
        assert all(len(choice["name"]) <= 100 for choice in shown.choices)
