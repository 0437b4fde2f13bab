"""One member's flood over the wire: told in private to slow down, and everybody else is answered."""

import asyncio

import pytest

from bot.allowance import AT_ONCE
from bot.toolkit import drawing as render_queue
from tests.adapters.discord.test_replies import asked, is_verdict
from tests.adapters.discord.wired import options_of, study

pytestmark = pytest.mark.asyncio

SLOWLY = "Slowly, please. Try again in 5 seconds."


def slowed(answers):
    """Answers that ask for patience. Fails unless every answer came, in private."""
    assert all(shown.ephemeral and not shown.failed for shown in answers)
    return [shown for shown in answers if SLOWLY in plain(shown)]


def plain(shown):
    """The words without the backslashes that keep them from being Markdown."""
    return shown.text.replace("\\", "")


async def others_answer(wired, channel, post, number=10):
    people = [wired.server.member(f"Member {n}", channel.guild) for n in range(number)]
    return await asyncio.gather(*(who.presses(post, options_of(post)[0]) for who in people))


async def test_a_flood_of_commands_is_told_to_slow_down_and_others_are_answered(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(render_queue, "png_of", lambda picture: drawn.append(picture.svg) or b"png")
    async with study(tmp_path) as (wired, channel, _):
        post = await asked(wired, channel)
        eve = wired.server.member("Eve", channel.guild)
        flood = asyncio.gather(*(eve.uses(channel, "progress") for _ in range(100)))
        verdicts = await others_answer(wired, channel, post)
        answers = await flood
        assert all(is_verdict(shown.text) for shown in verdicts)
        assert len(slowed(answers)) == 100 - AT_ONCE
        assert len(drawn) == 1, "the same picture is drawn once"
        assert wired.rows("SELECT count(*) FROM answer") == [(10,)]
        accounts = wired.rows("SELECT user_id FROM account")
        assert (str(eve.id),) not in accounts, "looking makes nobody a member"
        assert not wired.server.refused
        wired.clock.advance(seconds=5)
        assert "Your progress" in (await eve.uses(channel, "progress")).text


async def test_a_flood_through_several_servers_and_directly_is_one_persons(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        eve = wired.server.member("Eve", channel.guild)
        elsewhere = [wired.server.guild(f"Server {n}") for n in range(3)]
        hands = [(eve, channel), (eve, eve.inbox)]
        for guild in elsewhere:
            place = wired.server.channel(guild, "any")
            hands.append((wired.server.member("Eve", guild, user=eve.user), place))
        answers = [await hand.uses(where, "help") for _ in range(10) for hand, where in hands]
        told = [SLOWLY in plain(shown) for shown in answers]
        assert told == [False] * AT_ONCE + [True] * (len(answers) - AT_ONCE)


async def test_many_clicks_on_one_message_are_one_answer_and_one_edit(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        post = await asked(wired, channel)
        eve, option = wired.server.member("Eve", channel.guild), options_of(post)[0]
        answers = await asyncio.gather(*(eve.presses(post, option) for _ in range(60)))
        assert len(slowed(answers)) == 60 - AT_ONCE
        assert sum(is_verdict(shown.text) for shown in answers) == 1
        assert wired.rows("SELECT count(*) FROM answer") == [(1,)]
        for _ in range(5):
            await wired.passes(seconds=11)
        assert len(wired.server.requested("PATCH", str(post.id))) == 1


async def test_a_form_that_comes_too_fast_shows_the_typed_words_again(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        eve = wired.server.member("Eve", channel.guild)
        await olga.uses(channel, "study post-now", {"kind": "challenge"})
        await wired.passes()
        opened = await eve.uses(channel, "challenge submit")
        for _ in range(AT_ONCE):
            await eve.uses(channel, "help")
        words = "That a reply is written slowly, and lost fast. " * 3
        shown = await eve.submits(opened, {"link": "https://example.org/x", "learned": words})
        assert shown.ephemeral
        assert SLOWLY in plain(shown)
        assert words.strip() in plain(shown)
        assert "Nothing was saved" in plain(shown)
        assert wired.rows("SELECT count(*) FROM submission") == [(0,)]


async def test_an_autocompletion_storm_is_answered_with_nothing_and_costs_no_command(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        eve, ana = (wired.server.member(name, channel.guild) for name in ("Eve", "Ana"))
        typed = await asyncio.gather(*(eve.types(channel, "quiz", "topic", "h") for _ in range(100)))
        assert sum(bool(shown.choices) for shown in typed) == 40
        assert not any(shown.failed for shown in typed)
        assert (await ana.types(channel, "quiz", "topic", "h")).choices
        assert "Practice" in (await eve.uses(channel, "quiz")).text


async def test_forms_that_are_opened_and_never_sent_leave_nothing(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        eve = wired.server.member("Eve", channel.guild)
        before = wired.rows("SELECT count(*) FROM event")
        opened = [await eve.uses(channel, "preferences") for _ in range(AT_ONCE)]
        assert all(shown.modal for shown in opened)
        assert wired.rows("SELECT count(*) FROM event") == before
        assert SLOWLY in plain(await eve.uses(channel, "preferences"))
