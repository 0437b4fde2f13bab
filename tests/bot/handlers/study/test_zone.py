"""A group that was set up in a wrong zone is moved to the right one."""

import datetime as dt

import pytest

from bot.domain.model import PostKind
from tests.support.helpers import QUIZ, facts, quiz_of
from tests.support.people import MONDAY, FakeClock, world_at

pytestmark = pytest.mark.asyncio


def organiser(world):
    return world.person("Olga", organiser=True)


async def test_the_group_and_all_its_schedules_move(study):
    olga = organiser(study)
    await olga.uses("/study schedule", kind="challenge", time="off")
    await olga.uses("/study zone", zone="america/new york")
    assert olga.sees("**Question**: 09:30, weekdays; next Tue 3 Mar, 09:30")
    assert olga.sees("**Project**: 12:30, weekdays (off)")
    assert olga.sees("Times are in America/New_York.")
    assert not olga.sees("(America")
    await olga.uses("/study status")
    assert olga.sees("Time zone: America/New_York")
    assert len(study.channel_posts(about=QUIZ)) == 1
    await study.passes(hours=29, minutes=58)
    assert len(study.channel_posts(about=QUIZ)) == 1
    await study.passes(hours=1)
    assert len(study.channel_posts(about=QUIZ)) == 2


async def test_new_members_start_in_the_new_zone_and_others_keep_theirs(study):
    old, new = study.person("Ana"), study.person("Ben")
    await old.answers(quiz_of(study))
    await organiser(study).uses("/study zone", zone="Asia/Tokyo")
    await new.answers(quiz_of(study))
    for person, zone in ((old, "Europe/Berlin"), (new, "Asia/Tokyo")):
        await person.uses("/streak")
        assert person.sees(f"Your zone: {zone}.")


async def test_a_schedule_of_another_zone_is_named_and_moves_too(study):
    olga = organiser(study)
    await olga.uses("/study schedule", kind="quiz", zone="Asia/Tokyo")
    for command in ("/study status", "/study zone"):
        await olga.uses(command, **({"zone": "Europe/Paris"} if command == "/study zone" else {}))
        named = "**Question**: 09:30, weekdays; next Tue 3 Mar, 09:30 (Asia/Tokyo)"
        assert olga.sees(named) == (command == "/study status")
    assert olga.sees("**Question**: 09:30, weekdays; next Tue 3 Mar, 09:30")


async def test_a_paused_group_moves_and_stays_paused(study):
    olga = organiser(study)
    await olga.uses("/study pause")
    await olga.uses("/study zone", zone="Asia/Tokyo")
    assert olga.sees("**Question**: 09:30, weekdays (paused)")
    await olga.uses("/study resume")
    assert olga.sees("**Question**: 09:30, weekdays; next Tue 3 Mar, 09:30")
    await olga.uses("/study status")
    assert olga.sees("Time zone: Asia/Tokyo")


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"zone": "Berlin"}, "Did you mean Europe/Berlin?"), ({}, "Please add “zone” (")],
)
async def test_a_zone_that_is_none_is_refused(study, typed, said):
    olga, before = organiser(study), facts(study)
    await olga.uses("/study zone", **typed)
    assert olga.sees(said)
    assert facts(study) == before


async def test_zones_are_suggested_and_without_a_group_there_is_none_to_move(world):
    olga = organiser(world)
    assert "Asia/Tokyo" in [choice.value for choice in await olga.completes("study zone", "zone", "tok")]
    await olga.uses("/study zone", zone="Asia/Tokyo")
    assert olga.sees("This channel isn't a study group yet.")


@pytest.mark.parametrize("old", ["Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati"])
@pytest.mark.parametrize("new", ["Asia/Tokyo", "America/Los_Angeles", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("hours", [0, 8, 16])
async def test_a_move_neither_doubles_nor_drops_a_day(tmp_path, old, new, hours):
    async with world_at(tmp_path, clock=FakeClock(MONDAY)) as world:
        olga = await world.founds(days="daily", zone=old)
        for hour in range(5 * 24):
            if hour == 24 + hours:
                await olga.uses("/study zone", zone=new)
            await world.passes(hours=1)
        posts = await world.run(lambda unit: unit.posts.history(1, PostKind.QUIZ, 50))
        days = sorted(post.local_date for post in posts)
        assert days == [days[0] + dt.timedelta(days=n) for n in range(len(days))]
        assert len(days) in (4, 5, 6)
        assert {post.state for post in posts} <= {"sent", "closed"}
