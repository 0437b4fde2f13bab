"""Answering the group's question: what a member is told, what is counted, what is refused."""

import asyncio
from dataclasses import replace

import pytest

from bot.chat import decode, encode
from bot.domain.model import PostState
from content.model import Status
from tests.support.deliveries import forget_the_sending
from tests.support.helpers import library_with, post_of, quiz_of
from tests.support.people import MONDAY, Room, items_of, question_in, words, world_at

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize(("right", "title"), [(True, "✓ Correct"), (False, "✗ Not quite")])
async def test_an_answer_is_told_its_verdict_feedback_reason_and_sources(study, right, title):
    ana, quiz = study.person("Ana"), quiz_of(study)
    question = question_in(study, quiz)
    await ana.answers(quiz, right=right)
    chosen = question.option(decode(ana.did.action).params["o"])
    shown = ana.shown()
    for expected in (title, chosen.feedback, question.explanation, question.references[0].title):
        assert expected.replace("\\", "") in shown
    assert ("**The answer is:**" in shown) is not right
    assert ana.reply.visibility == "private"


async def test_a_wrong_answer_names_the_key_with_its_letter(study):
    ana, quiz = study.person("Ana"), quiz_of(study)
    letter = next(
        item.label
        for item in items_of(quiz.message)
        if question_in(study, quiz).key.id == decode(item.action).params["o"]
    )
    await ana.answers(quiz, right=False)
    assert ana.sees(f"**The answer is:** **{letter}** {question_in(study, quiz).key.text}")


async def test_an_answer_tells_the_streak_and_what_is_still_open(study):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study), right=False)
    assert ana.sees("Streak: 1 day")
    assert ana.sees("Active: 1 of 1 day asked")
    assert ana.sees("Today is done ✓ · Still open: the prompt on Data types.")
    await ana.presses("Mark done")
    await study.passes(days=1)
    await ana.answers(quiz_of(study))
    assert ana.sees("Streak: 2 days")
    assert not ana.sees("Still open")


async def test_the_post_counts_the_answers_without_telling_who_was_right(study):
    quiz = quiz_of(study)
    assert "0 answers · closes Tue 3 Mar, 09:30" in words(quiz.message)
    await study.person("Ana").answers(quiz)
    await study.run_once()
    assert "1 answer · closes" in words(quiz.message)
    await study.person("Ben").answers(quiz, right=False)
    await study.run_once()
    shown = words(quiz.message)
    assert "2 answers · closes" in shown
    assert "%" not in shown.split("2 answers")[1]
    assert question_in(study, quiz).explanation not in shown


async def test_the_closed_question_reveals_who_chose_what_and_why(study):
    quiz = quiz_of(study)
    question = question_in(study, quiz)
    for name in ("Ana", "Chidi", "Dora"):
        await study.person(name).answers(quiz)
    await study.person("Ben").answers(quiz, right=False)
    await study.passes(days=1)
    shown = words(quiz.message)
    assert "closed" in shown
    assert "4 answers, 75 % right." in shown
    assert "3 answers, 75 %" in shown
    assert "1 answer, 25 %" in shown
    assert question.explanation in shown
    assert shown.count("✓") == 1
    assert shown.split("✓ ")[1].startswith("**")
    assert question.key.text in shown.split("✓ ")[1].split("\n")[0]
    labels = [item.label for item in items_of(quiz.message)]
    assert labels == ["Practise this topic"]


async def test_a_question_that_nobody_answered_is_revealed_all_the_same(study):
    quiz = quiz_of(study)
    await study.passes(days=1)
    shown = words(quiz.message)
    assert "No answers this time." in shown
    assert question_in(study, quiz).explanation in shown
    assert "0 answers" not in shown  # four empty bars say less than the sentence
    assert "✓ **" in shown


async def test_a_second_answer_is_refused_and_changes_nothing(study):
    ana, quiz = study.person("Ana"), quiz_of(study)
    await ana.answers(quiz)
    before = study.dump()
    await ana.answers(quiz, right=False)
    assert ana.sees("You've already answered this one")
    assert ana.sees("right. Only the first answer counts.")
    assert study.dump() == before


async def test_the_first_answer_is_named_even_when_its_option_is_gone(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds()
        await world.passes(minutes=31)
        ana, quiz = world.person("Ana"), quiz_of(world)
        await ana.answers(quiz, right=False)
        room, clock, question = world.room, world.clock, question_in(world, quiz)
        gone = decode(ana.did.action).params["o"]
    fewer = [option for option in question.options if option.id != gone]
    library = library_with(question.model_copy(update={"options": tuple(fewer)}))
    async with world_at(tmp_path, room=room, clock=clock, library=library) as world:
        ana = world.person("Ana")
        await ana.acts(encode("quiz.answer", p=post_of(quiz), o=question.key.id))
        assert ana.sees(
            "You've already answered this one: an option that has been removed, not quite right."
        )


async def test_a_double_click_is_two_events_and_one_answer(study):
    ana, quiz = study.person("Ana"), quiz_of(study)
    twice = study.person("Ana")
    await asyncio.gather(ana.answers(quiz), twice.answers(quiz))
    verdicts = sorted("✓ Correct" in shown for shown in (ana.shown(), twice.shown()))
    assert verdicts == [False, True]
    await study.run_once()
    assert "1 answer ·" in words(quiz.message)
    assert await study.problems() == ()


async def test_a_redelivered_answer_is_answered_again_and_not_repeated(study):
    ana, quiz = study.person("Ana"), quiz_of(study)
    await ana.answers(quiz)
    first, before = ana.shown(), study.dump()
    await ana.is_delivered_again()
    assert ana.shown() == first
    assert study.dump() == before


async def test_an_answer_redelivered_after_a_restart_is_answered_again_and_not_repeated(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        await world.passes(minutes=31)
        ana = world.person("Ana")
        await ana.answers(quiz_of(world), right=False)
        first, clock, did, before = ana.shown(), world.clock, ana.did, world.dump()
    async with world_at(tmp_path, room=room, clock=clock) as world:
        ana = world.person("Ana")
        ana.did = did
        await ana.is_delivered_again()
        assert ana.shown() == first
        assert world.dump() == before


@pytest.mark.parametrize("state", [PostState.FAILED, PostState.MISSED])
async def test_a_question_that_was_never_posted_takes_no_answer(study, state):
    ana, quiz = study.person("Ana"), quiz_of(study)

    async def unmake(unit):
        await unit.posts.save(replace(await unit.posts.get(post_of(quiz)), state=state))

    await study.run(unmake)
    before = study.dump()
    await ana.answers(quiz)
    assert ana.sees("This question is closed.")
    assert study.dump() == before


async def test_an_option_of_another_question_is_refused(study):
    ana, old = study.person("Ana"), post_of(quiz_of(study))
    await study.passes(days=1)
    foreign = decode(items_of(quiz_of(study).message)[0].action).params["o"]
    before = study.dump()
    await ana.acts(encode("quiz.answer", p=old, o=foreign))
    assert ana.sees("That isn't one of the options")
    assert study.dump() == before


@pytest.mark.parametrize("number", ["999", "0", "", "-1", "1e3", "9" * 25, "²"])
async def test_an_unknown_post_is_refused_in_a_sentence(study, number):
    ana = study.person("Ana")
    before = study.dump()
    await ana.acts(encode("quiz.answer", p=number, o="a"))
    assert ana.sees("This button no longer works")
    assert study.dump() == before


async def test_a_prompt_is_no_question(study):
    ana = study.person("Ana")
    prompt = study.newest("Roadmap")
    number = decode(items_of(prompt.message)[0].action).params["p"]
    await ana.acts(encode("quiz.answer", p=number, o="a"))
    assert ana.sees("This button no longer works")


async def test_the_post_of_another_workspace_is_out_of_reach(study):
    stranger = study.person("Eve", workspace="elsewhere")
    button = items_of(quiz_of(study).message)[0]
    before = study.dump()
    await stranger.acts(button.action)
    assert stranger.sees("This button no longer works")
    assert study.dump() == before


async def test_a_question_is_closed_by_time_though_no_beat_has_come(study):
    ana, ben, quiz = study.person("Ana"), study.person("Ben"), quiz_of(study)
    study.clock.set(MONDAY.replace(day=3, hour=8, minute=30))
    before = study.dump()
    await ana.answers(quiz)
    assert ana.sees("This question is closed.")
    assert study.dump() == before
    study.clock.advance(milliseconds=-1)
    await ben.answers(quiz)
    assert ben.sees("✓ Correct")


async def test_a_click_before_closing_counts_though_it_arrives_after_it(study):
    ana, quiz = study.person("Ana"), quiz_of(study)
    button = items_of(quiz.message)[0]
    ana.clicks_at = study.clock.now()
    await study.passes(days=1)
    assert "No answers this time." in words(quiz.message)
    await ana.acts(button.action)
    assert "**Why:**" in ana.shown()
    await study.run_once()
    assert "1 answer, " in words(quiz.message)


async def test_an_answer_counts_although_the_bot_fell_between_sending_and_writing_it_down(study):
    await study.passes(days=1)
    quiz = quiz_of(study)
    await study.run(lambda unit: forget_the_sending(unit, post_of(quiz)))
    ana = study.person("Ana")
    await ana.answers(quiz)
    assert ana.sees("✓ Correct")
    posted = len(study.channel_posts())
    await study.passes(minutes=2)
    assert len(study.channel_posts()) == posted
    assert "1 answer ·" in words(quiz.message)


@pytest.mark.parametrize("status", [Status.RETIRED, Status.DRAFT])
async def test_a_question_retired_after_it_was_asked_is_closed(tmp_path, status):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        await world.passes(minutes=31)
        quiz, clock = quiz_of(world), world.clock
        retired = question_in(world, quiz).model_copy(update={"status": status})
    async with world_at(tmp_path, room=room, clock=clock, library=library_with(retired)) as world:
        ana = world.person("Ana")
        await ana.answers(quiz)
        assert ana.sees("This question was retired, so it's closed.")
        await world.passes(minutes=1)
        assert "closed" in words(quiz.message)


async def test_a_question_that_left_the_pack_is_refused_in_a_sentence(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        await world.passes(minutes=31)
        quiz, clock = quiz_of(world), world.clock
        gone = question_in(world, quiz)
        button = items_of(quiz.message)[0]
    async with world_at(tmp_path, room=room, clock=clock, library=library_with(without=gone)) as world:
        ana = world.person("Ana")
        await ana.acts(button.action)
        assert ana.sees("This question was taken out of the roadmap, so it's closed.")


async def test_buttons_work_and_keep_their_order_after_a_restart(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        await world.passes(minutes=31)
        quiz, clock = quiz_of(world), world.clock
        order = [item.action for item in items_of(quiz.message)]
    async with world_at(tmp_path, room=room, clock=clock) as world:
        ana = world.person("Ana")
        await ana.answers(quiz)
        await world.run_once()
        assert "1 answer ·" in words(quiz.message)
        assert [item.action for item in items_of(quiz.message)] == order
        assert ana.sees("✓ Correct")
