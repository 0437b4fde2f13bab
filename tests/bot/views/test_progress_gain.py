"""Gains shown with a verdict: points, days in a row, freezes earned and spent."""

import pytest

from tests.support.helpers import PROMPT, posts_project, quiz_of
from tests.support.people import key_letter, world_at
from tests.support.room import words

pytestmark = pytest.mark.asyncio


@pytest.fixture
def ana(study):
    return study.person("Ana")


async def practises_on(world, person, days):
    """Let days pass one by one; the person practises on each that has a 1."""
    for practises in days:
        if practises == "1":
            await person.uses("/quiz")
            await person.answers(person.last)
        await world.days_pass(1)


async def test_a_right_and_a_wrong_answer_tell_their_points_and_what_was_chosen(study):
    question = quiz_of(study)
    for name, right, said in (("Ana", True, "+3 points"), ("Ben", False, "+1 point")):
        person = study.person(name)
        letter = key_letter(study, question, right=right)
        await person.presses(letter, on=question)
        assert person.sees(f"{said} · day 1 of your streak")
        assert person.sees(f"**You chose:** **{letter}** ")


async def test_practice_says_that_it_counts_for_the_streak_alone(study, ana):
    await ana.uses("/quiz")
    await ana.answers(ana.last)
    assert ana.sees("Practice counts for your streak and earns no points · day 1 of your streak")
    assert not ana.sees("+0")


async def test_the_seventh_day_is_celebrated_and_tells_of_the_freeze_that_it_earns(study, ana):
    await practises_on(study, ana, "111111")
    await ana.uses("/quiz")
    await ana.answers(ana.last)
    assert ana.sees("7 days in a row 🎉 · you earned a freeze ❄")
    await study.days_pass(1)
    await ana.presses("Next question")
    await ana.answers(ana.last)
    assert ana.sees("8 days in a row")
    assert not ana.sees("🎉")
    assert not ana.sees("❄")


async def test_a_freeze_that_was_spent_is_told_with_its_date(study, ana):
    await practises_on(study, ana, "110")
    await ana.presses("Mark done", on=study.newest(PROMPT))
    assert ana.sees("Done! +1 point · 3 days in a row · a freeze covered Wed 4 Mar ❄.")
    await practises_on(study, ana, "1")
    await ana.presses("Next question")
    await ana.answers(ana.last)
    assert not ana.sees("covered")


async def test_a_streak_that_has_ended_begins_again_without_a_word_of_blame(study, ana):
    await practises_on(study, ana, "110000")
    await ana.uses("/quiz")
    await ana.answers(ana.last)
    assert ana.sees("day 1 of your streak")
    assert not ana.sees("freeze covered")


async def test_a_reply_and_a_project_tell_their_points(study, ana):
    await ana.replies("A bool is an int.", to=study.newest(PROMPT))
    assert ana.sees("Done! +2 points · day 1 of your streak.")
    await posts_project(study)
    await ana.uses("/challenge submit", link="https://example.org/log", learned="Generators.")
    assert ana.sees("Shared with the group. +5 points · day 1 of your streak.")


async def test_a_click_that_is_delivered_again_after_a_restart_is_told_the_same(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds(days="daily")
        await world.passes(minutes=31)
        ana = world.person("Ana")
        await practises_on(world, ana, "111111")
        await ana.answers(quiz_of(world))
        first, did, clock, room = words(ana.last.message), ana.did, world.clock, world.room
        assert "you earned a freeze ❄" in first
    async with world_at(tmp_path, clock=clock, room=room) as world:
        ana = world.person("Ana")
        ana.did = did
        await ana.is_delivered_again()
        assert words(ana.last.message) == first
