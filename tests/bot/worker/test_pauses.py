"""A pause with an end: the posts go on by themselves, and what fell into it is left out."""

import dataclasses
import datetime as dt

import pytest

from bot.domain.model import (
    PostKind,
    PostState,
)
from bot.domain.reasons import PauseReason
from bot.services.scheduling import pause_group
from tests.support.helpers import QUIZ, facts
from tests.support.people import MONDAY, FakeClock, Room, words, world_at

pytestmark = pytest.mark.asyncio


def organiser(world):
    return world.person("Olga", organiser=True)


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


async def quizzes(world, group=1):
    posts = await world.run(lambda unit: unit.posts.history(group, PostKind.QUIZ, 50))
    return sorted(posts, key=lambda post: post.due_at)


async def days_of(world, *states):
    return [post.local_date.day for post in await quizzes(world) if not states or post.state in states]


async def group_in(world):
    return await world.run(lambda unit: unit.groups.get(1))


async def test_the_posts_go_on_with_the_first_slot_of_the_date(study):
    olga = organiser(study)
    await olga.uses("/study pause", until="2026-03-05")
    assert olga.sees("State: Paused until Thu 5 Mar 2026: an organiser paused it")
    await study.slots_pass(days=4)
    assert await days_of(study) == [2, 5, 6]
    assert len(study.channel_posts(about=QUIZ)) == 3
    await olga.uses("/study status")
    assert olga.sees("State: Running")
    assert olga.sees("next Mon 9 Mar, 09:30")


async def test_it_ends_at_the_first_moment_of_the_date_and_not_before(study):
    await organiser(study).uses("/study pause", until="2026-03-05")
    study.clock.set(utc("2026-03-04T22:59:59"))
    await study.run_once()
    assert (await group_in(study)).paused_at is not None
    await study.passes(seconds=1)
    assert (await group_in(study)).paused_at is None
    assert await study.application.scheduler.next_due_at() == utc("2026-03-05T08:30")


async def test_it_survives_a_restart_and_a_downtime_beyond_its_end(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        olga = await world.founds(days="daily")
        await world.passes(minutes=31)
        await olga.uses("/study pause", until="2026-03-05")
        clock = world.clock
    clock.advance(days=5)
    async with world_at(tmp_path, room=room, clock=clock) as world:
        await world.run_once()
        assert await days_of(world) == [2, 5, 6, 7]
        assert await days_of(world, PostState.MISSED) == [5, 6]
        assert await world.problems() == ()


async def test_resuming_before_the_end_forgets_it(study):
    olga = organiser(study)
    await olga.uses("/study pause", until="2026-03-05")
    await olga.uses("/study resume")
    assert olga.sees("next Tue 3 Mar, 09:30")
    group = await group_in(study)
    assert (group.resume_on, group.resume_at) == (None, None)
    await study.slots_pass(days=4)
    assert await days_of(study) == [2, 3, 4, 5, 6]


async def test_a_pause_can_be_given_an_end_and_another_one(study):
    olga = organiser(study)
    await olga.uses("/study pause")
    assert olga.sees("State: Paused: an organiser paused it")
    await olga.uses("/study pause", until="2026-03-20")
    await olga.uses("/study pause", until="2026-03-05")
    assert olga.sees("State: Paused until Thu 5 Mar 2026")
    await study.slots_pass(days=4)
    assert await days_of(study) == [2, 5, 6]


async def test_an_end_can_be_taken_from_a_pause(study):
    olga = organiser(study)
    await olga.uses("/study pause", until="2026-03-05")
    await olga.uses("/study pause")
    assert olga.sees("The pause no longer has an end date. Posts stay off until you run")
    await olga.uses("/study status")
    assert olga.sees("State: Paused: an organiser paused it")
    await study.slots_pass(days=4)
    assert await days_of(study) == [2]
    await olga.uses("/study pause")
    assert olga.sees("The group is already paused.")


async def test_a_pause_that_the_bot_made_has_no_end(study):
    olga = organiser(study)
    await study.run(lambda unit: _pause(unit, study.clock.now()))
    await olga.uses("/study pause", until="2026-03-05")
    assert olga.sees("The group is already paused. Run /study resume to continue.")
    await study.slots_pass(days=8)
    assert await days_of(study) == [2]


async def _pause(unit, now):
    await pause_group(unit, await unit.groups.get(1), now, PauseReason.REFUSED)


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2026-03-02", "That's too soon. Choose 3 March or later."),
        ("2029-03-02", "2029-03-02 is too far ahead"),
        ("2026-03-01", "That date has passed. Choose 3 March or later."),
        ("Easter", "I can't read “Easter” as a date."),
    ],
)
async def test_an_end_that_is_none_is_refused_and_pauses_nothing(study, until, said):
    olga, before = organiser(study), facts(study)
    await olga.uses("/study pause", until=until)
    assert olga.sees(said)
    assert facts(study) == before


async def test_the_end_moves_with_the_group_to_another_zone(study):
    olga = organiser(study)
    await olga.uses("/study pause", until="2026-03-05")
    for zone, begins in (("Asia/Tokyo", "2026-03-04T15:00"), ("America/New_York", "2026-03-05T05:00")):
        await olga.uses("/study zone", zone=zone)
        assert (await group_in(study)).resume_at == utc(begins)
    await study.slots_pass(days=5)
    assert await days_of(study) == [2, 5, 6]


async def test_a_move_that_ends_the_pause_at_once_posts_nothing_that_fell_into_it(tmp_path):
    async with world_at(tmp_path, clock=FakeClock(MONDAY)) as world:
        olga = await world.founds(zone="America/New_York", days="daily")
        await olga.uses("/study pause", until="2026-03-03")
        world.clock.set(utc("2026-03-03T03:00"))  # noon of the 3rd in Tokyo
        await olga.uses("/study zone", zone="Asia/Tokyo")
        await world.slots_pass(days=2)
        assert await days_of(world) == [4, 5]


async def test_a_schedule_that_is_changed_in_the_pause_goes_on_under_its_new_rule(study):
    olga = organiser(study)
    await olga.uses("/study pause", until="2026-03-05")
    await olga.uses("/study schedule", kind="quiz", time="00:00", days="daily")
    await olga.uses("/study schedule", kind="recap", time="off")
    await study.slots_pass(days=4)
    assert [(post.local_date.day, post.due_at) for post in await quizzes(study)][1:3] == [
        (5, utc("2026-03-04T23:00")),
        (6, utc("2026-03-05T23:00")),
    ]
    group = await group_in(study)
    recap = (await study.run(lambda unit: unit.groups.schedules(group.id)))[-1]
    assert (recap.enabled, recap.next_due_at) == (False, None)


async def test_an_end_that_nobody_has_served_yet_comes_before_what_an_organiser_changes(study):
    olga = organiser(study)
    await olga.uses("/study pause", until="2026-03-05")
    study.clock.set(utc("2026-03-06T10:00"))
    await olga.uses("/study pause")
    assert olga.sees("State: Paused: an organiser paused it")
    await study.run_once()
    assert await days_of(study, PostState.MISSED) == [5]
    await olga.uses("/study resume")
    await study.run_once()
    assert await days_of(study) == [2, 5, 6]


async def test_a_group_that_cannot_go_on_holds_up_no_other(tmp_path, caplog):
    async with world_at(tmp_path) as world:
        for channel in ("good", "bad"):
            olga = await world.founds(channel)
            await olga.uses("/study pause", until="2026-03-05")
        await world.run(_break_a_zone)
        await world.slots_pass(days=5)
        assert len(world.channel_posts("good", about=QUIZ)) == 2
        assert world.channel_posts("bad") == []
        assert "the pause of group 2 cannot end; it is tried again in an hour" in caplog.text
        await olga.uses("/study status")
        assert olga.sees(
            "State: Paused: I couldn't resume on Thu 5 Mar 2026 and will try again Sat 7 Mar, 10:"
        )
        (told,) = [post for post in world.room.posted if post.ref.channel.id == "@olga"]
        assert "couldn't end on Thu 5 Mar: there is no time zone" in words(told.message)
        await olga.uses("/study schedule", kind="prompt", zone="Europe/Berlin")
        await world.slots_pass(days=3)
        assert [post.local_date.day for post in await quizzes(world, 2)] == [9]
        await olga.uses("/study status")
        assert olga.sees("State: Running")


async def _break_a_zone(unit):
    """As if the database of zones had lost one."""
    schedule = (await unit.groups.schedules(2))[0]
    await unit.groups.put_schedule(dataclasses.replace(schedule, zone="Europe/Atlantis"))
