"""Skipped dates: what falls on them, what comes around them, and what they do to a streak."""

import datetime as dt

import pytest

from bot.chat import Transient
from bot.domain.model import (
    PostKind,
    PostState,
)
from bot.domain.reasons import Fault
from bot.handlers.study.skip import MOST_SKIPPED
from tests.support.helpers import QUIZ, facts, quiz_of
from tests.support.people import Room, words, world_at

pytestmark = pytest.mark.asyncio

TUESDAY, WEDNESDAY = dt.date(2026, 3, 3), dt.date(2026, 3, 4)


def organiser(world):
    return world.person("Olga", organiser=True)


async def quizzes(world):
    posts = await world.run(lambda unit: unit.posts.history(1, PostKind.QUIZ, 50))
    return sorted(posts, key=lambda post: post.due_at)


async def days_of(world):
    return [post.local_date.day for post in await quizzes(world)]


async def test_on_a_skipped_date_nothing_comes_and_on_the_next_it_does(study):
    olga = organiser(study)
    before = len(study.channel_posts())
    await olga.uses("/study skip", add="2026-03-03..2026-03-04")
    assert olga.sees("Tue 3 Mar to Wed 4 Mar 2026")
    assert olga.sees("**Question**: 09:30, weekdays; next Thu 5 Mar, 09:30")
    await study.days_pass(2)
    assert len(study.channel_posts()) == before
    await study.days_pass(1)
    assert await days_of(study) == [2, 5]
    assert all(post.state is not PostState.MISSED for post in await quizzes(study))


async def test_a_question_closes_with_the_slot_after_the_skipped_dates(study):
    olga, ana = organiser(study), study.person("Ana")
    assert "closes Tue 3 Mar, 09:30" in words(quiz_of(study).message)
    await olga.uses("/study skip", add="2026-03-03")
    await study.passes(seconds=30)
    assert "closes Wed 4 Mar, 09:30" in words(quiz_of(study).message)
    await study.days_pass(1)
    await ana.answers(quiz_of(study))
    assert ana.sees("✓ Correct")
    await olga.uses("/study skip", add="2026-03-05")
    await study.days_pass(1)
    assert "closes Fri 6 Mar, 09:30" in words(quiz_of(study).message)
    await olga.uses("/study skip", remove="2026-03-05")
    await study.passes(seconds=30)
    assert "closes Thu 5 Mar, 09:30" in words(quiz_of(study).message)


async def test_a_date_that_is_taken_off_the_list_has_its_post_again(study):
    olga = organiser(study)
    await olga.uses("/study skip", add="2026-03-03, 2026-03-05")
    await olga.uses("/study skip", remove="2026-03-03")
    assert olga.sees("next Tue 3 Mar, 09:30")
    await study.days_pass(4)
    assert await days_of(study) == [2, 3, 4, 6]


async def test_skipping_today_after_its_post_takes_no_other_day(study):
    olga = organiser(study)
    await olga.uses("/study skip", add="2026-03-02")
    await olga.uses("/study skip", remove="2026-03-02")
    await study.days_pass(1)
    assert await days_of(study) == [2, 3]


@pytest.mark.parametrize(
    ("command", "options", "fault"),
    [
        ("/study skip", {"add": "2026-03-02"}, Fault.DATE_SKIPPED),
        ("/study schedule", {"kind": "quiz", "time": "off"}, Fault.SWITCHED_OFF),
        ("/study schedule", {"kind": "quiz", "days": "tue"}, Fault.DAY_REMOVED),
    ],
)
async def test_a_post_that_waits_for_its_platform_is_not_sent_when_it_is_not_wanted_any_more(
    world, command, options, fault
):
    olga = await world.founds()
    world.room.refuse_channel["study"] = Transient("busy")
    await world.passes(minutes=31)
    await olga.uses(command, **options)
    world.room.refuse_channel.clear()
    await world.passes(minutes=10)
    assert world.channel_posts(about=QUIZ) == []
    (post,) = await quizzes(world)
    assert (post.state, post.fault) == (PostState.MISSED, fault)


async def test_the_answer_says_that_what_was_posted_today_stays(study):
    olga, said = organiser(study), "Today's posts that are already out stay."
    await olga.uses("/study skip", add="2026-03-03")
    assert not olga.sees(said)
    await olga.uses("/study skip", add="2026-03-02")
    assert olga.sees(said)
    await olga.uses("/study skip")
    assert not olga.sees(said)


async def test_a_skipped_date_costs_nobody_a_streak(study):
    olga, ana = organiser(study), study.person("Ana")
    await ana.answers(quiz_of(study))
    await olga.uses("/study skip", add="2026-03-03")
    await study.days_pass(2)
    await ana.answers(quiz_of(study))
    assert ana.sees("Streak: 2 days")
    await ana.uses("/streak")
    assert ana.sees("day off (no question)")
    assert not ana.sees("covered by a freeze")
    assert await study.problems() == ()


async def test_without_the_list_the_same_day_is_missed(study):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    await study.days_pass(2)
    await ana.answers(quiz_of(study))
    await ana.uses("/streak")
    assert not ana.sees("day off (no question)")


async def test_the_status_names_what_is_to_come_and_the_list_shows_all(study):
    olga = organiser(study)
    await olga.uses("/study")
    assert olga.sees("Skipped dates: None")
    await olga.uses("/study skip")
    assert olga.sees("None yet.")
    dates = ", ".join(f"2026-0{month}-01" for month in range(4, 10))
    await olga.uses("/study skip", add=f"{dates} 2026-03-02")
    assert olga.sees("Mon 2 Mar 2026, Wed 1 Apr 2026")
    assert olga.sees("Tue 1 Sep 2026")
    await study.passes(days=1)
    await olga.uses("/study status")
    assert olga.sees(
        "Skipped dates: Wed 1 Apr 2026, Fri 1 May 2026, Mon 1 Jun 2026, Wed 1 Jul 2026 and 2 more"
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"add": "Easter"}, "I can't read “Easter” as dates. Try 24 Dec - 2 Jan"),
        ({"add": "2026-03-01"}, "That date has passed. Choose 2 March or later."),
        ({"add": "2062-03-01"}, "2062-03-01 is too far ahead"),
        ({"add": "2026-03-05..2026-03-04"}, "ends before it begins"),
        ({"remove": "2026-03-05"}, "None of those dates are skipped."),
        ({"remove": "x"}, "I can't read “x” as dates."),
    ],
)
async def test_what_cannot_be_meant_is_refused_and_changes_nothing(study, typed, said):
    olga, before = organiser(study), facts(study)
    await olga.uses("/study skip", **typed)
    assert olga.sees(said)
    assert facts(study) == before


async def test_a_group_skips_a_bounded_number_of_dates(study):
    olga = organiser(study)
    await olga.uses("/study skip", add="2026-04-01..2026-07-09")
    assert olga.sees("Wed 1 Apr to Thu 9 Jul 2026")
    await olga.uses("/study skip", add="2026-08-01")
    assert olga.sees(f"That makes 101 dates, and a group can skip up to {MOST_SKIPPED}")
    await olga.uses("/study skip", add="2026-08-01", remove="2026-04-01")
    assert olga.sees("Thu 2 Apr to Thu 9 Jul 2026, Sat 1 Aug 2026")


async def test_the_list_survives_a_restart_a_pause_and_a_change_of_schedule_and_zone(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        olga = await world.founds(days="daily")
        await olga.uses("/study skip", add="2026-03-03, 2026-03-05, 2026-03-07")
        await world.passes(minutes=31)
        clock = world.clock
    async with world_at(tmp_path, room=room, clock=clock) as world:
        olga = organiser(world)
        await olga.uses("/study pause")
        await olga.uses("/study resume")
        await world.days_pass(2)
        await olga.uses("/study schedule", kind="quiz", time="08:00")
        await world.days_pass(2)
        await olga.uses("/study zone", zone="Europe/London")
        await world.days_pass(2)
        assert await days_of(world) == [2, 4, 6, 8]


async def test_only_an_organiser_skips(study):
    ana = study.person("Ana")
    await ana.uses("/study skip", add="2026-03-03")
    await study.days_pass(1)
    assert await days_of(study) == [2, 3]
