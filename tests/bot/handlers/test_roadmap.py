"""The roadmap, its steps, and how far a member and the group are."""

import pytest

from bot.chat import encode
from tests.support.helpers import PROMPT, first_project, library_with, quiz_of
from tests.support.people import world_at

pytestmark = pytest.mark.asyncio


async def test_the_roadmap_shows_every_step_and_where_the_group_is(study):
    ana = study.person("Ana")
    await ana.uses("/roadmap")
    steps = study.library.packs["backend-python"].roadmap.steps
    assert all(step.title.replace("\\", "") in ana.shown() for step in steps)
    assert ana.shown().count("← your group is here") == 1
    assert f"1. **{steps[0].title}** ← your group is here" in ana.shown()
    assert ana.shown().count("0 %") == len(steps)


async def test_mastery_grows_with_right_answers(study):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    await ana.uses("/roadmap")
    assert ana.sees("6 %, 1 of 8 topics started")
    await ana.uses("/roadmap", step="1")
    assert ana.sees("**Data types**: 50 %")
    assert ana.sees("**Variables**: not started")


async def test_a_wrong_answer_meets_the_topic_without_mastering_it(study):
    ben = study.person("Ben")
    await ben.answers(quiz_of(study), right=False)
    await ben.uses("/roadmap", step="1")
    assert ben.sees("**Data types**: 0 %")


async def test_the_group_is_nowhere_before_its_first_prompt(world):
    olga = await world.founds()
    await olga.uses("/roadmap")
    assert not olga.sees("← your group is here")


@pytest.mark.parametrize("typed", ["4", "database", "Learn a database", "LEARN A DATABASE"])
async def test_a_step_is_found_by_number_id_or_title(study, typed):
    ana = study.person("Ana")
    await ana.uses("/roadmap", step=typed)
    assert ana.sees("Step 4 · Learn a database")
    assert ana.sees("Common advice, corrected")
    assert ana.sees("[Project: ")


@pytest.mark.parametrize("typed", ["0", "9", "99999", "nope", "-1", "²", "**x**"])
async def test_an_unknown_step_is_answered_with_the_range(study, typed):
    ana = study.person("Ana")
    await ana.uses("/roadmap", step=typed)
    assert ana.sees(f"There is no step “{typed}”. Choose a number from 1 to 8.")


async def test_the_menus_lead_from_the_roadmap_to_a_step_to_a_question(study):
    ana = study.person("Ana")
    await ana.uses("/roadmap")
    await ana.chooses("6. Learn about security")
    assert ana.sees("Step 6 · Learn about security")
    await ana.chooses("CSRF")
    assert ana.sees("Practice · ")
    assert ana.sees("CSRF")


async def test_a_menu_without_a_choice_is_refused(study):
    ana = study.person("Ana")
    await ana.acts(encode("roadmap.step"))
    assert ana.sees("This button no longer works")


async def test_a_step_leads_to_its_challenge(study):
    ana = study.person("Ana")
    await ana.uses("/roadmap", step="6")
    challenge = first_project("security")
    await ana.presses(f"Project: {challenge.title}")
    assert ana.sees(f"Project · {challenge.title}")


async def test_a_step_without_a_challenge_has_no_button_for_one(tmp_path):
    async with world_at(tmp_path, library=library_with(challenges={})) as world:
        ana = world.person("Ana")
        await ana.uses("/roadmap", step="6")
        assert ana.sees("Step 6")
        assert not ana.sees("[Challenge")


async def test_steps_are_suggested_while_typing(study):
    ana = study.person("Ana")
    suggested = await ana.completes("roadmap", "step", "sec")
    assert [choice.value for choice in suggested] == ["security"]
    assert suggested[0].label == "6. Learn about security"


async def test_the_marker_moves_on_with_the_prompts(study):
    olga = study.person("Olga", organiser=True)
    first_step = study.library.packs["backend-python"].roadmap.steps[0]
    for _ in first_step.topics:
        await olga.uses("/study post-now", kind="prompt")
        await study.passes(minutes=2)
    assert len(study.channel_posts(about=PROMPT)) == len(first_step.topics) + 1
    await olga.uses("/roadmap")
    second = study.library.packs["backend-python"].roadmap.steps[1]
    assert olga.sees(f"2. **{second.title}** ← your group is here")
