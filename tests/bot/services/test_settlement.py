"""While a question is open, nothing tells anybody else whether somebody was right."""

import re

import pytest

from bot.chat import Picture, Visibility
from tests.support.deliveries import forget_the_sending
from tests.support.helpers import PROMPT, RECAP, post_of, quiz_of
from tests.support.people import words, world_at

pytestmark = pytest.mark.asyncio


def seen_by(person):
    """All that a message gives away: its words, its summary, and its pictures whole."""
    message = person.last.message
    pictures = [block.svg for block in message.blocks if isinstance(block, Picture)]
    return "\n".join([message.summary, words(message), *pictures])


async def what_others_see(folder, *, right, closes=False):
    """Everything that Ben and the channel are shown after Ana has answered."""
    async with world_at(folder) as world:
        await world.founds(days="daily")
        await world.passes(minutes=31)
        ana, ben = world.person("Ana"), world.person("Ben")
        await ana.presses("Mark done", on=world.newest(PROMPT))
        await ana.uses("/quiz", topic="http")
        await ana.answers(ana.last, right=right)
        await ana.answers(quiz_of(world), right=right)
        await world.passes(days=1 if closes else 0, seconds=1)
        seen = []
        for typed in ("/leaderboard", "/roadmap", "/home", "/streak", "/challenge show", "/help"):
            await ben.uses(typed)
            seen.append(seen_by(ben))
        for period in ("week", "month", "all"):
            await ben.uses("/leaderboard", period=period)
            seen.append(seen_by(ben))
        await ben.uses("/progress", member="ana")
        assert "Progress of Ana" in ben.shown()
        seen.append(seen_by(ben))
        await world.person("Olga", organiser=True).uses("/study post-now", kind="recap")
        await world.run_once()
        assert world.channel_posts(about=RECAP)
        seen += [words(posted.message) for posted in world.channel_posts()]
        assert await world.problems() == ()
        return seen


async def test_right_and_wrong_look_alike_while_the_question_is_open(tmp_path):
    (tmp_path / "right").mkdir()
    (tmp_path / "wrong").mkdir()
    right = await what_others_see(tmp_path / "right", right=True)
    wrong = await what_others_see(tmp_path / "wrong", right=False)
    assert right == wrong
    assert not any(re.search(r"\d+ points", text) for text in right)


async def test_once_it_has_closed_only_the_points_differ_and_no_share_is_shown(tmp_path):
    (tmp_path / "right").mkdir()
    (tmp_path / "wrong").mkdir()
    right = await what_others_see(tmp_path / "right", right=True, closes=True)
    wrong = await what_others_see(tmp_path / "wrong", right=False, closes=True)
    assert right != wrong
    assert [text.replace("4 points", "2 points") for text in right] == wrong
    assert not any(re.search(r"\d %[^\n]*right|right[^\n]*\d %", text) for text in right)


async def test_ones_own_view_is_whole_and_private(study):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    await ana.uses("/progress")
    assert ana.sees("Questions answered: 1, 100 % right")
    assert ana.sees("Mastery by step")
    await ana.uses("/leaderboard")
    assert ana.sees("3 more points of yours join the board")
    assert ana.reply.visibility is Visibility.PRIVATE


async def test_the_points_of_friday_s_question_are_on_the_board_of_the_week_in_which_it_closes(study):
    await study.slots_pass(days=4)
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    await ana.uses("/leaderboard")
    assert not ana.sees("1. **Ana**")
    await study.slots_pass(days=3)
    await ana.uses("/leaderboard")
    assert ana.sees("1. **Ana** 3 points")
    assert await study.problems() == ()


async def test_a_click_in_time_that_arrives_after_closing_counts_with_the_question(study):
    ana, ben, quiz = study.person("Ana"), study.person("Ben"), quiz_of(study)
    await ben.answers(quiz, right=False)
    buttons = quiz.message
    ana.clicks_at = study.clock.now()
    await study.passes(days=1)
    quiz.message = buttons
    await ana.answers(quiz)
    assert ana.sees("✓ Correct")
    ana.clicks_at = None
    await ben.uses("/leaderboard")
    assert ben.sees("1. **Ana** 3 points")
    assert ben.sees("2. **Ben** 1 point")
    assert await study.problems() == ()


async def test_a_question_posted_but_given_up_counts_all_the_same(tmp_path):
    """It was answered after it had been sent, and before that could be written down."""
    async with world_at(tmp_path) as world:
        await world.founds(days="daily")
        await world.passes(minutes=31)
        ana, quiz = world.person("Ana"), quiz_of(world)

        await world.run(lambda unit: forget_the_sending(unit, post_of(quiz)))
        await ana.answers(quiz)
        world.clock.advance(days=2)
        await world.run_once()
        await ana.uses("/leaderboard", period="all")
        assert ana.sees("1. **Ana** 3 points")
        assert await world.problems() == ()


async def test_the_reveal_of_a_lone_answer_does_not_tell_how_it_went(study):
    quiz = quiz_of(study)
    await study.person("Ana").answers(quiz, right=False)
    await study.passes(days=1)
    shown = words(quiz.message)
    assert "1 answer, and its result stays private." in shown
    assert "%" not in shown.split("**Why:**")[0].replace("%s", "")
