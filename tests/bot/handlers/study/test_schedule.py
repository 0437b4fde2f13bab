"""Changing when the posts of a kind come: at once or by a form, and which day is next then."""

import datetime as dt

import pytest

from bot.chat import encode
from bot.domain.model import PostKind
from storage.tables import post, schedule
from tests.support.helpers import QUIZ, facts
from tests.support.people import MONDAY, FakeClock, world_at

pytestmark = pytest.mark.asyncio


def organiser(world, **where):
    return world.person("Olga", organiser=True, **where)


async def schedules_of(world):
    async def ask(unit):
        group = (await unit.groups.all())[0]
        return {found.kind: found for found in await unit.groups.schedules(group.id)}

    return await world.run(ask)


async def test_a_schedule_is_changed_at_once_or_by_a_form(study):
    olga = organiser(study)
    await olga.uses("/study schedule", kind="quiz", time="18:00", days="sat,sun")
    assert olga.sees("Schedule saved")
    assert olga.sees("**Question**: 18:00, weekends; next Sat 7 Mar, 18:00")
    await olga.uses("/study schedule", kind="quiz")
    assert {f.name: f.value for f in olga.form.fields} == {
        "time": "18:00", "days": "sat,sun", "zone": "Europe/Berlin",
    }  # fmt: skip
    await olga.sends(time="17:00", zone="Asia/Tokyo")
    assert olga.sees("**Question**: 17:00, weekends; next Sat 7 Mar, 17:00")
    assert (await schedules_of(study))[PostKind.QUIZ].zone == "Asia/Tokyo"


async def test_wrong_schedules_are_refused_field_by_field(study):
    olga = organiser(study)
    await olga.uses("/study schedule", kind="quiz", time="x", days="y", zone="z")
    for said in ("I can't read “x” as a time", "I don't recognise “y”", "I don't know the time zone “z”"):
        assert olga.sees(said)
    before = facts(study)
    await olga.uses("/study schedule", kind="quiz", time="off", days="y")
    assert olga.sees("I don't recognise “y”")
    assert facts(study) == before
    await olga.uses("/study schedule", kind="quiz")
    await olga.sends(time="x", days="none")
    assert olga.errors.keys() == {"time", "days"}
    await olga.sends(time="10:00", days="daily")
    assert olga.sees("**Question**: 10:00, every day")


EVERY_NAME = "monday, tuesday, wednesday, thursday, friday, saturday, sunday"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ({"days": "sat"}, "**Question**: 09:30, Sat; next Sat 7 Mar, 09:30"),
        ({"days": EVERY_NAME}, "**Question**: 09:30, every day; next Tue 3 Mar, 09:30"),
        (
            {"zone": "Asia/Tokyo"},
            "**Question**: 09:30, weekdays; next Tue 3 Mar, 09:30 (Asia/Tokyo)",
        ),
        ({"time": "off", "days": "sun"}, "**Question**: 09:30, Sun (off)"),
    ],
)
async def test_one_option_is_enough_to_act_and_the_others_stay(study, typed, shown):
    olga = organiser(study)
    await olga.uses("/study schedule", kind="quiz", **typed)
    assert olga.sees(shown)


async def test_other_days_alone_do_not_switch_on_what_is_off(study):
    olga = organiser(study)
    await olga.uses("/study schedule", kind="quiz", time="off")
    await olga.uses("/study schedule", kind="quiz", days="sat")
    assert olga.sees("**Question**: 09:30, Sat (off)")


async def test_a_schedule_form_of_no_kind_is_refused(study):
    olga = organiser(study)
    await olga.acts(encode("study.schedule", k="song"))
    assert olga.sees("This button no longer works")
    await olga.uses("/study schedule", kind="song")
    assert olga.sees("Please choose prompt, quiz, challenge or recap")


async def test_a_kind_is_switched_off_and_on_again(study):
    olga = organiser(study)
    await olga.uses("/study schedule", kind="quiz", time="OFF")
    assert olga.sees("**Question**: 09:30, weekdays (off)")
    quizzes = len(study.channel_posts(about=QUIZ))
    await study.days_pass(3)
    assert len(study.channel_posts(about=QUIZ)) == quizzes
    await olga.uses("/study schedule", kind="quiz", time="09:30")
    assert olga.sees("**Question**: 09:30, weekdays; next Fri 6 Mar, 09:30")
    await study.days_pass(1)
    assert len(study.channel_posts(about=QUIZ)) == quizzes + 1


async def test_a_schedule_changed_in_a_pause_waits_for_its_end(study):
    olga = organiser(study)
    await olga.uses("/study pause")
    await olga.uses("/study schedule", kind="quiz", time="10:00")
    assert olga.sees("**Question**: 10:00, weekdays (paused)")
    await olga.uses("/study resume")
    assert olga.sees("**Question**: 10:00, weekdays; next Tue 3 Mar, 10:00")


@pytest.mark.parametrize(
    ("changed_at", "to", "zone"),
    [
        ("09:00", "10:00", "Europe/Berlin"),
        ("09:35", "10:00", "Europe/Berlin"),
        ("09:35", "09:30", "Europe/Berlin"),
        ("09:30", "09:00", "Europe/Berlin"),
        ("09:35", "09:30", "America/New_York"),
        ("09:35", "23:30", "Asia/Tokyo"),
        ("09:20", "17:25", "Asia/Tokyo"),
    ],
)
async def test_a_change_neither_doubles_nor_drops_a_day(tmp_path, changed_at, to, zone):
    hour, minute = map(int, changed_at.split(":"))
    clock = FakeClock(MONDAY.replace(hour=hour - 1, minute=0) - dt.timedelta(hours=1))
    async with world_at(tmp_path, clock=clock) as world:
        olga = await world.founds(days="daily")
        clock.set(MONDAY.replace(hour=hour - 1, minute=minute))
        if changed_at > "09:30":
            await world.run_once()
        await olga.uses("/study schedule", kind="quiz", time=to, zone=zone)
        await world.slots_pass(days=4)
        posts = await world.run(lambda unit: unit.posts.history(1, PostKind.QUIZ, 50))
        days = sorted(post.local_date for post in posts)
        first = dt.date(2026, 3, 2)
        assert days == [first + dt.timedelta(days=n) for n in range(len(days))]
        assert len(days) in (4, 5)


async def test_a_slot_that_is_due_but_not_planned_yet_is_not_lost_by_a_change(world):
    olga = await world.founds()
    world.clock.set(MONDAY.replace(hour=8, minute=30, second=1))
    await olga.uses("/study schedule", kind="quiz", time="08:00")
    await world.run_once()
    assert len(world.channel_posts(about=QUIZ)) == 1


async def test_a_time_that_has_passed_today_begins_tomorrow(world):
    olga = await world.founds()
    await olga.uses("/study schedule", kind="quiz", time="08:00")
    assert olga.sees("**Question**: 08:00, weekdays; next Tue 3 Mar, 08:00")


async def test_where_there_is_no_group_nothing_can_be_scheduled(world):
    olga = organiser(world)
    await olga.uses("/study schedule", kind="quiz", time="10:00")
    assert olga.sees("This channel isn't a study group yet.")


async def test_a_schedule_that_never_was_is_made(study):
    olga = organiser(study)

    async def take_away(unit):
        await unit.session.now(post.delete().where(post.c.kind == "challenge"), post, {})
        await unit.session.now(schedule.delete().where(schedule.c.kind == "challenge"), schedule, {})

    await study.run(take_away)
    await olga.uses("/study schedule", kind="challenge", time="12:00", days="wed")
    assert olga.sees("**Project**: 12:00, Wed; next Wed 4 Mar, 12:00")
