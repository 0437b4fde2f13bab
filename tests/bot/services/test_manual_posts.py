"""A button pressed twice acts once; an hour later a second press is meant."""

import asyncio
import datetime as dt

import pytest

from bot.chat import Forbidden, Transient
from tests.support.deliveries import quiz_only
from tests.support.helpers import CHALLENGE, PROMPT, QUIZ, RECAP, library_with, posts_project
from tests.support.people import shipped_library, words, world_at

pytestmark = pytest.mark.asyncio

KINDS = [("prompt", PROMPT), ("quiz", QUIZ), ("challenge", CHALLENGE), ("recap", RECAP)]


async def test_two_clicks_on_the_button_post_one_question(world):
    olga = await world.founds(zone="UTC", time="09:30", days="daily")
    await asyncio.gather(olga.presses("Post a question now"), olga.presses("Post a question now"))
    await world.run_once()
    assert len(world.channel_posts(about=QUIZ)) == 1


@pytest.mark.parametrize(("kind", "about"), KINDS)
@pytest.mark.parametrize("seconds", [0, 1, 20])
async def test_twice_within_seconds_is_once_and_an_hour_later_it_is_meant(world, kind, about, seconds):
    olga = await world.founds()
    otto = world.person("Otto", organiser=True)
    await olga.uses("/study post-now", kind=kind)
    await world.passes(seconds=seconds)
    await otto.uses("/study post-now", kind=kind)
    assert otto.sees("was asked for just now, so I'm posting one. For another, ask again in 60 seconds.")
    await world.run_once()
    assert len(world.channel_posts(about=about)) == 1
    days = 6 if kind == "challenge" else 0
    world.clock.advance(days=days, hours=1)
    await otto.uses("/study post-now", kind=kind)
    assert otto.sees("Posting the ")
    before = len(world.channel_posts(about=about))
    await world.run_once()
    assert len(world.channel_posts(about=about)) > before


async def test_two_prompts_by_a_double_click_skip_no_stop(world):
    olga = await world.founds()
    await asyncio.gather(*(olga.uses("/study post-now", kind="prompt") for _ in range(3)))
    await world.slots_pass(days=1)
    for number, post in enumerate(world.channel_posts(about=PROMPT), 1):
        assert f"Stop {number} of" in words(post.message)
    assert len(world.channel_posts(about=PROMPT)) == 2


async def test_other_kinds_are_other_wishes(world):
    olga = await world.founds()
    for kind, _ in KINDS:
        await olga.uses("/study post-now", kind=kind)
        assert olga.sees("Posting the ")
    await world.run_once()
    assert [len(world.channel_posts(about=about)) for _, about in KINDS] == [1, 1, 1, 1]


async def test_what_failed_may_be_asked_for_again_at_once(world):
    olga = await quiz_only(world)
    world.room.refuse_channel["study"] = Forbidden("no permission")
    await olga.uses("/study post-now", kind="quiz")
    await world.run_once()
    world.room.refuse_channel.clear()
    await olga.uses("/study post-now", kind="quiz")
    assert olga.sees("Posting the question now.")
    await world.run_once()
    assert len(world.channel_posts(about=QUIZ)) == 1


async def test_what_is_being_tried_again_is_waited_for(world):
    olga = await quiz_only(world)
    world.room.refuse_channel["study"] = Transient("busy", retry_after=300)
    await olga.uses("/study post-now", kind="quiz")
    await world.passes(minutes=2)
    await olga.uses("/study post-now", kind="quiz")
    assert olga.sees("so I'm posting one.")
    world.room.refuse_channel.clear()
    await world.passes(minutes=9)
    assert len(world.channel_posts(about=QUIZ)) == 1


async def test_two_processes_on_one_database_post_one(server_url, tmp_path):
    url = {"database_url": server_url}
    async with (
        world_at(tmp_path, **url) as one,
        world_at(tmp_path, clock=one.clock, room=one.room, **url) as other,
    ):
        olga = await one.founds()
        otto = other.person("Otto", organiser=True)
        asking = (who.uses("/study post-now", kind="quiz") for who in (olga, otto) for _ in range(3))
        await asyncio.gather(*asking)
        await asyncio.gather(one.run_once(), other.run_once())
        assert len(one.channel_posts(about=QUIZ)) == 1


async def test_an_open_question_is_not_posted_again_from_a_small_pack(tmp_path):
    pack = shipped_library().packs["backend-python"]
    topic, questions = next(iter(pack.questions.items()))
    async with world_at(tmp_path, library=library_with(questions={topic: questions[:2]})) as world:
        olga = await quiz_only(world)
        for _ in range(2):
            await olga.uses("/study post-now", kind="quiz")
            await world.passes(minutes=2)
        await olga.uses("/study post-now", kind="quiz")
        assert olga.sees("Every question on this roadmap is open already.")
        await world.run_once()
        stems = [words(post.message).splitlines()[1:3] for post in world.channel_posts(about=QUIZ)]
        assert len(stems) == 2
        assert stems[0] != stems[1]


async def test_with_one_question_a_slot_passes_while_it_is_open_and_the_next_one_asks_it(tmp_path):
    pack = shipped_library().packs["backend-python"]
    topic, questions = next(iter(pack.questions.items()))
    async with world_at(tmp_path, library=library_with(questions={topic: questions[:1]})) as world:
        olga = await quiz_only(world)
        await olga.uses("/study post-now", kind="quiz")
        await world.slots_pass(hours=3)
        assert len(world.channel_posts(about=QUIZ)) == 1
        await world.slots_pass(days=1)
        assert len(world.channel_posts(about=QUIZ)) == 2
        open_now = [p for p in world.channel_posts(about=QUIZ) if "· closes " in words(p.message)]
        assert len(open_now) == 1
        assert await world.problems() == ()


async def test_set_up_sent_twice_makes_one_group_and_says_it_twice(world):
    olga = world.person("Olga", organiser=True)
    given = {"pack": "backend-python", "zone": "UTC", "time": "09:30", "days": "daily"}
    await asyncio.gather(*(olga.uses("/study setup", **given) for _ in range(2)))
    assert olga.sees("The study group is set up")
    await olga.uses("/study setup", **given)
    assert olga.sees("The study group is set up")
    world.clock.advance(hours=1)
    await olga.uses("/study setup", **given)
    assert olga.sees("This channel is already a study group.")
    groups = await world.run(lambda unit: unit.groups.all())
    assert len(groups) == 1


async def test_a_pause_and_a_resume_pressed_twice_act_once(study):
    olga = study.person("Olga", organiser=True)
    await olga.uses("/study status")
    status = olga.last
    await asyncio.gather(*(olga.presses("Pause", on=status) for _ in range(2)))
    await olga.presses("Pause", on=status)
    assert olga.sees("State: Paused")
    paused = olga.last
    for _ in range(2):
        await olga.presses("Resume", on=paused)
        assert olga.sees("State: Running")


async def test_a_double_click_on_pause_keeps_the_end_that_was_given(study):
    olga = study.person("Olga", organiser=True)
    await olga.uses("/study status")
    status = olga.last
    await olga.uses("/study pause", until=f"{study.clock.now().date() + dt.timedelta(days=9)}")
    await olga.presses("Pause", on=status)
    assert olga.sees("Paused until Wed 11 Mar 2026")


async def test_a_project_shared_twice_is_kept_once(study):
    await posts_project(study)
    ana = study.person("Ana")
    given = {"link": "https://example.org/ana", "learned": "Much."}
    for said in ("Shared ", "You've shared this already."):
        await ana.uses("/challenge submit", **given)
        assert ana.sees(said)
    assert study.dump().count("https://example.org/ana") == 1
