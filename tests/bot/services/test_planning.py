"""From schedules to the ledger: each slot once, catch-up bounded, whatever the clocks do."""

import asyncio
import datetime as dt

import pytest

from bot.domain.model import (
    PostKind,
    PostState,
)
from bot.domain.reasons import Fault
from bot.library import Library
from tests.support.helpers import QUIZ, RECAP, library_with, quiz_of
from tests.support.people import FakeClock, Room, words, world_at

pytestmark = pytest.mark.asyncio

DAY = dt.timedelta(days=1)


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


async def ledger(world, kind=PostKind.QUIZ):
    """The posts of a kind, oldest first."""
    posts = await world.run(lambda unit: unit.posts.history(1, kind, 1000))
    return sorted(posts, key=lambda post: post.due_at)


async def test_a_due_slot_is_planned_once_however_often_the_scheduler_runs(study):
    for _ in range(3):
        await study.run_once()
        await study.passes(seconds=1)
    assert len(await ledger(study)) == 1
    assert len(study.channel_posts(about=QUIZ)) == 1


async def test_nothing_is_planned_before_its_time(world):
    await world.founds()
    await world.passes(minutes=29, seconds=59)
    assert world.channel_posts() == []
    await world.passes(seconds=1)
    assert len(world.channel_posts(about=QUIZ)) == 1


async def test_two_beats_at_the_same_moment_plan_once(world):
    await world.founds()
    world.clock.advance(minutes=31)
    await asyncio.gather(*(world.run_once() for _ in range(4)))
    assert len(world.channel_posts(about=QUIZ)) == 1


async def test_catch_up_on_the_same_day_posts_once(world):
    await world.founds()
    await world.passes(hours=13)
    assert len(world.channel_posts(about=QUIZ)) == 1
    assert "closes Tue 3 Mar, 09:30" in words(quiz_of(world).message)


async def test_older_slots_are_missed_and_only_todays_is_posted(study):
    await study.passes(days=3)
    states = [post.state for post in await ledger(study)]
    assert states == [PostState.CLOSED, PostState.MISSED, PostState.MISSED, PostState.SENT]
    assert len(study.channel_posts(about=QUIZ)) == 2
    olga = study.person("Olga", organiser=True)
    await olga.uses("/study status")
    assert olga.sees("question missed because the bot was down")
    assert not olga.sees("(the bot was down)")


async def test_a_year_of_downtime_is_bounded_and_the_roadmap_goes_on(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds(days="daily")
        await world.passes(minutes=31)
        await world.days_pass(6)
        stop = (await ledger(world, PostKind.PROMPT))[-1].topic
        posts = len(world.channel_posts())
        await world.passes(days=2 * 365)
        assert len(world.channel_posts()) <= posts + 4
        quizzes = await ledger(world)
        assert sum(post.state is PostState.MISSED for post in quizzes) <= 28
        order = [topic.id for topic in world.library.packs["backend-python"].topics]
        for _ in range(2):
            await world.days_pass(1)
        newest = (await ledger(world, PostKind.PROMPT))[-1].topic
        assert order.index(newest) in (order.index(stop) + 1, order.index(stop) + 2)


async def test_a_slot_shortly_before_midnight_is_posted_though_the_beat_comes_after_it(tmp_path):
    clock = FakeClock(utc("2026-03-02T22:00"))
    async with world_at(tmp_path, clock=clock) as world:
        await world.founds(time="23:59")
        clock.set(utc("2026-03-02T23:00:03"))
        await world.run_once()
        (post,) = await ledger(world)
        assert (post.state, post.local_date) == (PostState.SENT, dt.date(2026, 3, 2))
        await world.passes(days=1)
        assert [p.local_date.day for p in await ledger(world)] == [2, 3]


@pytest.mark.parametrize(
    ("zone", "time", "start", "first"),
    [
        ("Europe/Berlin", "02:30", "2026-03-27T12:00", "2026-03-28"),
        ("Europe/Berlin", "02:30", "2026-10-23T12:00", "2026-10-24"),
        ("America/Nuuk", "23:30", "2024-03-28T12:00", "2024-03-28"),
        ("Africa/Cairo", "00:00", "2026-04-22T12:00", "2026-04-23"),
        ("Australia/Lord_Howe", "02:15", "2026-10-02T12:00", "2026-10-03"),
        ("Europe/London", "01:30", "2026-10-23T12:00", "2026-10-24"),
    ],
)
async def test_each_day_is_served_once_where_clocks_change(tmp_path, zone, time, start, first):
    clock = FakeClock(utc(start))
    async with world_at(tmp_path, clock=clock) as world:
        await world.founds(zone=zone, time=time, days="daily")
        await world.slots_pass(days=4)
        posts = await ledger(world)
        begin = dt.date.fromisoformat(first)
        assert [post.local_date for post in posts] == [begin + DAY * n for n in range(len(posts))]
        assert len(posts) in (3, 4)
        assert {post.state for post in posts} <= {PostState.SENT, PostState.CLOSED}


async def test_a_pack_that_is_not_installed_fails_its_slots_and_comes_back(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        clock = world.clock
    async with world_at(tmp_path, room=room, clock=clock, library=Library({})) as world:
        await world.passes(minutes=31)
        (post,) = await ledger(world)
        assert post.state is PostState.FAILED
        assert (post.fault, post.detail) == (Fault.PACK_MISSING, "backend-python")
    async with world_at(tmp_path, room=room, clock=clock) as world:
        await world.passes(days=1)
        assert [post.state for post in await ledger(world)] == [PostState.FAILED, PostState.SENT]
        olga = world.person("Olga", organiser=True)
        await olga.uses("/study status")
        assert olga.sees("question failed because the pack backend-python isn't installed")


async def test_a_pack_without_questions_leaves_the_slot_empty(tmp_path):
    async with world_at(tmp_path, library=library_with(questions={})) as world:
        await world.founds()
        await world.passes(minutes=31)
        assert await ledger(world) == []
        assert world.channel_posts() != []


async def test_the_prompt_comes_first_so_that_the_question_can_follow_it(study):
    prompt = (await ledger(study, PostKind.PROMPT))[0]
    quiz = (await ledger(study))[0]
    assert prompt.id < quiz.id
    assert quiz.topic == prompt.topic == "data-types"


async def test_the_recap_comes_on_sunday(study):
    await study.days_pass(6)
    assert len(study.channel_posts(about=RECAP)) == 1
    assert study.clock.now().weekday() == 6


async def test_the_same_slot_shuffles_alike_and_others_otherwise(study):
    await study.days_pass(4)
    seeds = [post.seed for post in await ledger(study)]
    assert len(set(seeds)) == len(seeds) == 5
    assert all(0 <= seed < 2**31 for seed in seeds)


async def test_more_groups_than_one_batch_are_all_planned_in_one_pass(tmp_path):
    async with world_at(tmp_path, plan_batch=2) as world:
        for number in range(3):
            await world.founds(f"channel-{number}")
        await world.passes(minutes=31)
        for number in range(3):
            assert len(world.channel_posts(f"channel-{number}", about=QUIZ)) == 1


async def test_the_next_due_instant_is_the_earliest_of_all_schedules(world):
    assert await world.application.scheduler.next_due_at() is None
    await world.founds()
    assert await world.application.scheduler.next_due_at() == utc("2026-03-02T08:30")
