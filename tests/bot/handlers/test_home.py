"""A member's own page: what is due, what comes next, what is set, with working buttons."""

import pytest

from bot.chat import Picture
from tests.support.helpers import QUIZ, quiz_of
from tests.support.people import world_at

pytestmark = pytest.mark.asyncio


async def at_home(world, name="Ana"):
    """A person who has opened their page."""
    person = world.person(name, direct=True)
    await person.uses("/home")
    return person


async def test_a_member_sees_progress_what_is_due_what_is_next_and_what_is_set(study):
    await study.person("Ana").uses("/preferences", reminder="19:00")
    await study.person("Ana").answers(quiz_of(study))
    ana = await at_home(study)
    assert any(isinstance(block, Picture) for block in ana.last.message.blocks)
    assert ana.sees("Streak: 1 day")
    assert ana.sees("the prompt on Data types")
    assert not ana.sees("the question on")
    assert ana.sees("Today is done ✓")
    assert ana.sees("Question, Tue 3 Mar, 09:30"), ana.shown()
    assert ana.sees("Daily reminder: 19:00")


async def test_an_open_question_is_answered_from_there(study):
    await study.person("Ana").replies("Here.", to=study.newest("Roadmap:"))
    ana = await at_home(study)
    assert ana.sees("the question on Data types")
    await ana.presses("Show the question")
    assert ana.sees(QUIZ)
    await ana.answers(ana.last)
    await ana.uses("/home")
    assert ana.sees("Nothing is open right now.")
    assert not ana.sees("Show the question")


async def test_preferences_are_changed_from_there(study):
    ana = await at_home(study)
    await ana.presses("Change preferences")
    assert ana.form.title == "Your preferences"


async def test_somebody_of_no_group_is_welcome(tmp_path):
    async with world_at(tmp_path) as world:
        ana = await at_home(world)
        assert ana.sees("You aren't in a study group yet.")
        assert not ana.sees("Next posts")
        await ana.presses("Try a question")
        assert ana.sees("Practice · ")


async def test_one_of_two_groups_sees_both_and_a_pause(world):
    await world.founds(days="daily")
    olga = world.person("Olga", organiser=True, channel="lounge")
    await world.founds(channel="lounge", days="daily")
    await world.passes(minutes=31)
    for channel in ("study", "lounge"):
        await world.person("Ana", channel=channel).answers(quiz_of(world, channel))
    ana = await at_home(world)
    assert ana.shown().count("Tue 3 Mar, 09:30") == 2, ana.shown()
    assert ana.shown().count("the prompt on") == 2
    await olga.uses("/study pause")
    await ana.uses("/home")
    assert ana.shown().count("Tue 3 Mar, 09:30") == 1
    assert ana.sees("paused")
    assert ana.shown().count("the prompt on") == 1


async def test_menus_leave_it_out(study):
    ana = study.person("Ana")
    await ana.uses("/help")
    assert not ana.sees("/home")
