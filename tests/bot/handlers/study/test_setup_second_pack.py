"""A study group on the second pack that ships, as it ships: everything comes from that pack."""

import pytest
import pytest_asyncio

from bot.chat import Button
from bot.library import Library
from content.loader import load_packs, shipped_packs_folder
from tests.support.helpers import PROMPT, quiz_of
from tests.support.kinds import filled
from tests.support.people import items_of, key_letter, question_in, words, world_at

pytestmark = pytest.mark.asyncio

SECOND = "git-and-shell"


@pytest.fixture(scope="module")
def shipped():
    """Every pack that ships, whole."""
    return Library(load_packs(shipped_packs_folder()).packs)


@pytest_asyncio.fixture
async def world(tmp_path, shipped):
    async with world_at(tmp_path, library=shipped) as running:
        yield running


@pytest_asyncio.fixture
async def on_git(world):
    """A group that follows the second pack; its first prompt and question have just come."""
    olga = world.person("Olga", organiser=True)
    await olga.uses("/study setup", pack=SECOND, zone="Europe/Berlin", time="09:30", days="mon-fri")
    assert olga.sees("This channel now follows **Git and the command line**"), olga.shown()
    await world.passes(minutes=31)
    return world


async def answers_rightly(person, posted):
    """Press the right option, or fill in the form with the key."""
    question = question_in(person.world, posted)
    if all(item.label != "Answer" for item in items_of(posted.message) if isinstance(item, Button)):
        await person.presses(key_letter(person.world, posted), on=posted)
        return
    await person.presses("Answer", on=posted)
    if question.type in ("output", "short"):
        await person.sends(answer=question.answer.accept[0])
    elif question.type == "number":
        unit = question.answer.unit
        await person.sends(answer=f"{question.answer.value} {unit.name if unit else ''}".strip())
    else:
        await person.sends(**filled(question, person.form))


async def test_the_second_pack_is_suggested_and_offered_in_the_form(world, shipped):
    olga = world.person("Olga", organiser=True)
    assert [each.value for each in await olga.completes("study setup", "pack", "git")] == [SECOND]
    await olga.uses("/study setup")
    [field] = [each for each in olga.form.fields if each.name == "pack"]
    assert {each.value for each in field.options} == set(shipped.packs)
    await olga.sends(pack=SECOND, zone="Europe/Berlin", time="09:30", days="mon-fri")
    assert olga.sees("This channel now follows **Git and the command line**")


async def test_its_first_prompt_and_question_come(on_git, shipped):
    pack = shipped.packs[SECOND]
    first = pack.topics[0]
    prompt = words(on_git.newest(PROMPT).message)
    assert f"Stop 1 of {len(pack.topics)} · {first.title}" in prompt
    assert pack.active_prompts(first.id)[0].title in prompt
    assert pack.topic_of(question_in(on_git, quiz_of(on_git)).id) == first


async def test_an_answer_counts_and_progress_tells_the_steps_of_the_pack(on_git, shipped):
    ana = on_git.person("Ana")
    await ana.presses("Mark done", on=on_git.newest(PROMPT))
    assert ana.sees("Still open: the question on Files and paths."), ana.shown()
    await answers_rightly(ana, quiz_of(on_git))
    assert ana.sees("Correct"), ana.shown()
    await ana.uses("/progress")
    assert ana.sees("Questions answered: 1, 100 % right")
    mastery = ana.shown().partition("Mastery by step: ")[2].partition("\n")[0]
    for step in shipped.packs[SECOND].roadmap.steps:
        assert f"{step.title} " in mastery
    assert not mastery.startswith(f"{shipped.packs[SECOND].roadmap.steps[0].title} 0 %")
    await ana.uses("/roadmap")
    assert ana.sees(shipped.packs[SECOND].roadmap.steps[0].title), ana.shown()
    assert not ana.sees(shipped.packs["backend-python"].roadmap.steps[0].title)
    assert await on_git.problems() == ()


async def test_a_week_of_questions_comes_from_the_pack_alone(on_git, shipped):
    pack = shipped.packs[SECOND]
    asked = set()
    for _ in range(5):
        question = question_in(on_git, quiz_of(on_git))
        assert pack.question(question.id) is question
        asked.add(question.id)
        await on_git.passes(days=1)
    assert len(asked) == 5
