"""Posts whose content has left the pack since: what they say when they are changed or sent."""

import pytest

from bot.chat import Transient
from bot.domain.model import PostKind
from bot.library import Library
from tests.support.helpers import library_with, quiz_of
from tests.support.people import Room, items_of, question_in, words, world_at

pytestmark = pytest.mark.asyncio


async def test_a_question_that_left_the_pack_is_closed_honestly(tmp_path):
    """With the first pass after the start, and with nothing left that can be pressed in vain."""
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        await world.passes(minutes=31)
        quiz, clock = quiz_of(world), world.clock
        await world.person("Ana").answers(quiz)
        gone = question_in(world, quiz)
    async with world_at(tmp_path, room=room, clock=clock, library=library_with(without=gone)) as world:
        await world.passes(minutes=1)
        assert "This question was taken out of the roadmap" in words(quiz.message)
        assert "Data types · withdrawn" in words(quiz.message)
        assert [item.label for item in items_of(quiz.message)] == ["Practise this topic"]
        shown = words(quiz.message)
        await world.passes(days=1)
        assert words(quiz.message) == shown


async def test_a_question_that_leaves_the_pack_while_milepost_runs_says_so_at_once(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds()
        await world.passes(minutes=31)
        quiz = quiz_of(world)
        gone = question_in(world, quiz)
        world.application.installed.library = library_with(without=gone)
        world.application.scheduler.packs_changed()
        await world.passes(minutes=1)
        assert "This question was taken out of the roadmap" in words(quiz.message)


async def test_a_prompt_that_left_the_pack_says_so_when_it_is_changed(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        await world.passes(minutes=31)
        prompt, clock = world.newest("Roadmap"), world.clock
        await world.person("Ana").presses("Mark done", on=prompt)
    async with world_at(tmp_path, room=room, clock=clock, library=library_with(prompts={})) as world:
        await world.passes(minutes=1)
        assert "This prompt was taken out of the roadmap" in words(prompt.message)
        assert [item.label for item in items_of(prompt.message)] == ["Practise this topic"]


async def test_a_message_whose_pack_is_gone_stays_as_it_is(tmp_path, caplog):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        await world.passes(minutes=31)
        quiz, clock = quiz_of(world), world.clock
        before = words(quiz.message)
    async with world_at(tmp_path, room=room, clock=clock, library=Library({})) as world:
        await world.passes(days=1)
        await world.passes(days=1)
        assert words(quiz.message) == before
        assert sum("stays as it is" in line for line in caplog.messages) == 1


async def test_answers_for_an_option_that_is_gone_are_counted(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        await world.passes(minutes=31)
        quiz, clock = quiz_of(world), world.clock
        question = question_in(world, quiz)
        await world.person("Ana").answers(quiz)
        await world.person("Ben").answers(quiz, right=False)
        taken = await chosen_by(world, "Ben")
    changed = question.model_copy(update={"options": tuple(o for o in question.options if o.id != taken)})
    async with world_at(tmp_path, room=room, clock=clock, library=library_with(changed)) as world:
        await world.passes(days=1)
        shown = words(quiz.message)
        assert "Answers that no longer fit the question" in shown
        assert shown.count("1 answer, 50 %") == 2
        assert "2 answers, 50 % right" in shown


async def chosen_by(world, name):
    """The id of the option in the newest answer of a person."""
    person = world.person(name)

    async def ask(unit):
        member = await unit.members.find(person.user)
        post = await unit.posts.open_of(1, PostKind.QUIZ)
        return (await unit.learning.answer_to_post(post.id, member.id)).response.ids[0]

    return await world.run(ask)


@pytest.mark.parametrize("empty", ["questions", "prompts", "challenges"])
async def test_what_left_the_pack_between_planning_and_sending_is_given_up(tmp_path, empty):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        olga, by_hand = await world.founds(), empty == "challenges"
        if by_hand:  # no project is due on the first day
            await world.passes(minutes=31)
            await olga.uses("/study post-now", kind="challenge")
        room.refusals = [Transient("down", retry_after=1)] * 2
        await world.passes(minutes=0 if by_hand else 31)
        sent, clock = len(world.channel_posts()), world.clock
        room.refusals = []
    async with world_at(tmp_path, room=room, clock=clock, library=library_with(**{empty: {}})) as world:
        await world.passes(minutes=1)
        assert len(world.channel_posts()) - sent == (0 if by_hand else 1)
        olga = world.person("Olga", organiser=True)
        await olga.uses("/study status")
        assert olga.sees("no longer in the pack"), olga.shown()
