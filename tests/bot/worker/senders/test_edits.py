"""Keeping posts up to date, closing questions, and the weekly recap."""

import asyncio
import logging

import pytest

from bot.chat import Capabilities, Forbidden, Gone, Transient
from bot.domain.model import PostKind
from tests.support.helpers import QUIZ, RECAP, library_with, quiz_of
from tests.support.people import Room, question_in, shipped_library, words, world_at

pytestmark = pytest.mark.asyncio


async def test_many_answers_between_two_beats_are_one_edit(study):
    for name in ("Ana", "Ben", "Chidi"):
        await study.person(name).answers(quiz_of(study))
    await study.run_once()
    assert "3 answers ·" in words(quiz_of(study).message)
    assert quiz_of(study).edits == 1
    await study.run_once()
    assert quiz_of(study).edits == 1


async def test_a_message_is_edited_no_more_often_than_its_platform_likes(tmp_path):
    async with world_at(tmp_path, room=Room(capabilities=Capabilities(edit_every=10))) as world:
        await world.founds()
        await world.passes(minutes=31)
        await world.person("Ana").answers(quiz_of(world))
        await world.run_once()
        await world.person("Ben").answers(quiz_of(world))
        await world.passes(seconds=9)
        assert "1 answer ·" in words(quiz_of(world).message)
        await world.passes(seconds=1)
        assert "2 answers ·" in words(quiz_of(world).message)
        assert quiz_of(world).edits == 2
        await world.passes(hours=2)
        await world.person("Eve").answers(quiz_of(world))
        await world.run_once()
        assert "3 answers ·" in words(quiz_of(world).message)


async def test_messages_that_must_wait_stand_in_nobodys_way(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.worker.pool.BATCH", 1)
    async with world_at(tmp_path, room=Room(capabilities=Capabilities(edit_every=600))) as world:
        for channel in ("one", "two"):
            await world.founds(channel)
        await world.passes(minutes=31)
        ana, ben = world.person("Ana", channel="one"), world.person("Ben", channel="two")
        await ana.answers(quiz_of(world, "one"))
        await world.run_once()
        await world.person("Eve", channel="one").answers(quiz_of(world, "one"))
        await ben.answers(quiz_of(world, "two"))
        await world.run_once()
        assert "1 answer ·" in words(quiz_of(world, "one").message)
        assert "1 answer ·" in words(quiz_of(world, "two").message)


async def test_an_edit_that_fails_for_now_is_made_later(study):
    await study.person("Ana").answers(quiz_of(study))
    study.room.refuse_edits = [Transient("bad gateway")]
    await study.run_once()
    assert "0 answers ·" in words(quiz_of(study).message)
    await study.passes(seconds=2)
    assert "1 answer ·" in words(quiz_of(study).message)


async def test_an_edit_waits_as_long_as_its_platform_says(study):
    await study.person("Ana").answers(quiz_of(study))
    study.room.refuse_edits = [Transient("too many", retry_after=60)]
    await study.run_once()
    await study.passes(seconds=59)
    assert "0 answers ·" in words(quiz_of(study).message)
    await study.passes(seconds=1)
    assert "1 answer ·" in words(quiz_of(study).message)


@pytest.mark.parametrize("error", [Gone("deleted"), Forbidden("no")])
async def test_a_message_that_can_no_longer_be_edited_is_given_up(study, error, caplog):
    await study.person("Ana").answers(quiz_of(study))
    study.room.refuse_edits = [error]
    with caplog.at_level(logging.WARNING):
        await study.run_once()
        await study.passes(seconds=1)
    assert sum("edit 2 is given up" in line for line in caplog.messages) == 1
    assert "0 answers ·" in words(quiz_of(study).message)


async def test_a_deleted_post_takes_answers_all_the_same(study):
    quiz = quiz_of(study)
    study.room.posted.remove(quiz)
    ana = study.person("Ana")
    await ana.answers(quiz)
    assert ana.sees("✓ Correct")
    await study.days_pass(1)
    assert len(study.channel_posts(about=QUIZ)) == 1


async def test_a_platform_that_cannot_edit_keeps_its_first_message(tmp_path):
    async with world_at(tmp_path, room=Room(capabilities=Capabilities(edit=False))) as world:
        await world.founds()
        await world.passes(minutes=31)
        await world.person("Ana").answers(quiz_of(world))
        await world.run_once()
        assert quiz_of(world).edits == 0
        assert not await world.run(lambda unit: unit.posts.work_waits(world.clock.now()))


async def test_an_edit_for_a_platform_that_is_not_running_here_waits_for_it(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        await world.passes(minutes=31)
        await world.person("Ana").answers(quiz_of(world))
        clock = world.clock
    async with world_at(tmp_path, room=Room(platform="elsewhere"), clock=clock) as world:
        await world.run_once()
    async with world_at(tmp_path, room=room, clock=clock) as world:
        await world.run_once()
        assert "1 answer ·" in words(quiz_of(world).message)


async def test_the_recap_of_a_quiet_week_is_kind(study):
    await study.days_pass(6)
    shown = words(study.newest(RECAP).message)
    assert "Took part" not in shown
    assert "Answers" not in shown
    assert "A quiet week. The next question is a good time to jump back in." in shown
    assert "Most points" not in shown
    assert "Coming up: " in shown.replace("**", "")


async def test_the_recap_of_a_busy_week_tells_who_what_and_what_comes(study):
    ana, ben = study.person("Ana"), study.person("Ben")
    await ana.answers(quiz_of(study))
    hardest = question_in(study, quiz_of(study))
    await ben.answers(quiz_of(study), right=False)
    await study.days_pass(1)
    await ana.answers(quiz_of(study))
    await study.days_pass(5)
    shown = words(study.newest(RECAP).message)
    assert "Took part: 2 members" in shown
    assert "Answers: 3, 67 % right" in shown
    topic = study.library.packs["backend-python"].topic_of(hardest.id)
    assert f"**Worth another look:** {topic.title}" in shown
    assert "1. **Ana** 6 points  \n" in shown
    assert "2. **Ben** 1 point  \n" in shown
    topics = study.library.packs["backend-python"].topics
    assert f"**Coming up:** {topics[3].title}, {topics[4].title}" in shown


async def test_a_week_without_a_wrong_answer_has_nothing_to_look_at_again(study):
    for name in ("Ana", "Ben"):
        await study.person(name).answers(quiz_of(study))
    await study.days_pass(6)
    assert "Worth another look" not in words(study.newest(RECAP).message)


async def test_at_the_end_of_the_roadmap_the_recap_announces_nothing(tmp_path):
    pack = shipped_library().packs["backend-python"]
    last = {pack.topics[-1].id: pack.prompts[pack.topics[-1].id]}
    async with world_at(tmp_path, library=library_with(prompts=last)) as world:
        await world.founds()
        await world.passes(minutes=31)
        await world.days_pass(6)
        assert "Coming up" not in words(world.newest(RECAP).message)


async def test_upkeep_forgets_old_events_and_a_fault_stops_no_clock(study, caplog):
    await study.person("Ana").uses("/challenge join")
    study.clock.advance(days=8)
    with caplog.at_level(logging.INFO):
        await study.application.scheduler.upkeep()
    assert any("upkeep: forgot 2 event ids" in line for line in caplog.messages)
    await study.application.database.close()
    await study.application.scheduler.upkeep()
    await study.application.scheduler.run_once_safely()
    assert any("posts wait; each pass tries again" in line for line in caplog.messages)
    assert "upkeep failed; it is tried again tomorrow" in caplog.messages


async def test_beats_do_not_overlap(study):
    study.room.held["study"] = asyncio.Event()
    study.clock.advance(days=1)
    passes = [asyncio.create_task(study.run_once()) for _ in range(3)]
    study.room.held["study"].set()
    await asyncio.gather(*passes)
    assert len(study.channel_posts(about=QUIZ)) == 2
    posts = await study.run(lambda unit: unit.posts.history(1, PostKind.QUIZ, 10))
    assert len(posts) == 2
