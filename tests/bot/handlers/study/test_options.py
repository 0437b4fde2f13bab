"""Typed options and form fields: stored as they were meant, and confirmed to the organiser."""

import datetime as dt
from dataclasses import replace

import pytest

from adapters.discord.forms import modal
from adapters.slack.forms import Place, view
from bot.domain.model import PostKind
from bot.services.zones import suggest_zones
from tests.support.helpers import facts
from tests.support.people import FakeClock, world_at

pytestmark = pytest.mark.asyncio

LONG_WAYS = (
    "9:30:00 p.m.",
    "12:30\u202fPM",
    "Monday, Wednesday, Friday and Saturday to Sunday",
    "18.30 Uhr",
)


def organiser(world):
    return world.person("Olga", organiser=True)


async def schedule_of(world, kind=PostKind.QUIZ):
    found = await world.run(lambda unit: unit.groups.schedules(1))
    return next(schedule for schedule in found if schedule.kind is kind)


async def group_of(world):
    return await world.run(lambda unit: unit.groups.get(1))


@pytest.mark.parametrize("command", ["/study schedule", "/preferences"])
async def test_every_field_has_room_for_what_is_typed_on_each_platform(study, command):
    olga = organiser(study)
    await olga.uses(command, **({"kind": "quiz"} if command == "/study schedule" else {}))
    rooms = [box["component"]["max_length"] for box in modal(olga.form)["components"]]
    rooms += [
        block["element"]["max_length"]
        for block in view(olga.form, Place("C1"))["blocks"]
        if block["element"]["type"] == "plain_text_input"
    ]
    assert min(rooms) >= 40
    assert all(len(text) <= 200 for text in LONG_WAYS)


async def test_an_evening_typed_with_pm_is_an_evening(study):
    olga = organiser(study)
    await olga.uses("/study schedule", kind="quiz")
    await olga.sends(time="6:30\u202fPM", days="Monday to Friday")
    assert olga.sees("18:30, weekdays")
    await olga.uses("/study schedule", kind="quiz", time="noon", days="mon/wed/fri")
    assert olga.sees("12:00, Mon, Wed, Fri")
    await olga.uses("/preferences", reminder="7:30 PM", rest="weekend")
    assert olga.sees("19:30")
    assert olga.sees("weekends")


async def test_a_time_that_may_be_two_is_refused_and_saves_nothing(study):
    olga, before = organiser(study), facts(study)
    await olga.uses("/study schedule", kind="quiz", time="9")
    assert olga.sees("“9” could be 09:00 or 21:00. Please write one of these.")
    await olga.uses(
        "/study schedule", kind="quiz", time="6:30 in the evening, and not a minute later than that"
    )
    assert olga.sees("Please use 24-hour time, such as 09:00 or 18:30, or add am or pm.")
    assert facts(study) == before


@pytest.mark.parametrize("off", ["off", "Off", "OFF ", "none", "never"])
async def test_each_word_for_off_switches_a_schedule_off(study, off):
    olga = organiser(study)
    await olga.uses("/study schedule", kind="quiz", time=off)
    assert not (await schedule_of(study)).enabled
    await olga.uses("/study schedule", kind="quiz", time="9am")
    assert (await schedule_of(study)).enabled
    await olga.uses("/preferences", reminder=off)
    assert not olga.sees("19:00")


@pytest.mark.parametrize(
    ("zone", "tomorrow"),
    [("Europe/Berlin", dt.date(2026, 3, 4)), ("Pacific/Auckland", dt.date(2026, 3, 5))],
)
async def test_tomorrow_is_reckoned_in_the_zone_of_the_group(tmp_path, zone, tomorrow):
    clock = FakeClock(dt.datetime(2026, 3, 3, 22, 30, tzinfo=dt.UTC))
    async with world_at(tmp_path, clock=clock) as world:
        await world.founds(zone=zone)
        olga = organiser(world)
        await olga.uses("/study pause", until="tomorrow")
        assert (await group_of(world)).resume_on == tomorrow
        await olga.uses("/study resume")
        await olga.uses("/study skip", add="tomorrow")
        assert (await group_of(world)).skipped == {tomorrow}


async def test_a_holiday_over_new_year_is_skipped_as_it_is_written(study):
    olga = organiser(study)
    await olga.uses("/study skip", add="24 Dec – 2 Jan, Good Friday")
    assert olga.sees("as dates. Try 24 Dec - 2 Jan")
    await olga.uses("/study skip", add="24 Dec – 2 Jan, 6 April")
    assert olga.sees("Mon 6 Apr 2026, Thu 24 Dec 2026 to Sat 2 Jan 2027")
    await olga.uses("/study skip", remove="25-26 December")
    assert olga.sees("Thu 24 Dec 2026, Sun 27 Dec 2026 to Sat 2 Jan 2027")
    before = facts(study)
    await olga.uses("/study skip", add="03/04/2026")
    assert olga.sees("“03/04/2026” could be 3 April 2026 or 4 March 2026. Please write one of these.")
    await olga.uses("/study skip", add="1 March 2026")
    assert olga.sees("That date has passed. Choose 2 March or later.")
    assert facts(study) == before


async def test_a_group_with_an_old_zone_keeps_it_until_another_is_chosen(study):
    async def as_years_ago(unit):
        for schedule in await unit.groups.schedules(1):
            await unit.groups.put_schedule(replace(schedule, zone="EST"))
        await unit.groups.save(replace(await unit.groups.get(1), zone="EST"))

    await study.run(as_years_ago)
    olga = organiser(study)
    await olga.uses("/study schedule", kind="quiz", time="10:00")
    assert (await schedule_of(study)).zone == "EST"
    await olga.uses("/study schedule", kind="quiz")
    await olga.sends(time="11:00")
    assert ((await schedule_of(study)).zone, (await schedule_of(study)).at) == ("EST", dt.time(11))
    await olga.uses("/study zone", zone="MST")
    assert olga.sees("Please choose America/Denver, America/Edmonton or America/Phoenix.")
    await olga.uses("/study zone", zone="US/Eastern")
    assert (await group_of(study)).zone == "America/New_York"


async def test_a_profile_may_name_a_zone_that_nobody_may_type(study):
    ana = study.person("Ana", zone="Etc/GMT+5")
    await ana.uses("/streak")
    assert ana.sees("Etc/GMT+5")
    await ana.uses("/preferences")
    await ana.sends(rest="sat+sun")
    assert ana.sees("weekends")
    await ana.uses("/preferences", zone="IST")
    assert ana.sees("Please choose Asia/Kolkata, Europe/Dublin or Asia/Jerusalem.")


@pytest.mark.parametrize(
    ("typed", "label", "zone"),
    [
        ("germany", "Europe/Berlin (Germany)", "Europe/Berlin"),
        ("mumb", "Mumbai: Asia/Kolkata", "Asia/Kolkata"),
        ("münchen", "Europe/Berlin (Germany)", "Europe/Berlin"),
        ("EST", "America/New York (United States)", "America/New_York"),
        ("gmt+1", "Europe/Berlin (Germany)", "Europe/Berlin"),
        ("utc", "UTC", "UTC"),
    ],
)
async def test_the_first_suggestion_is_the_zone_that_was_meant(study, typed, label, zone):
    for command in ("study setup", "study schedule", "study zone", "preferences"):
        first, *others = await organiser(study).completes(command, "zone", typed)
        assert (first.label, first.value) == (label, zone)
        assert len({choice.value for choice in others} | {zone}) == len(others) + 1


async def test_nothing_is_suggested_for_nonsense(study):
    assert await organiser(study).completes("study zone", "zone", "xyzzy plugh") == ()
    assert len(await organiser(study).completes("study zone", "zone", "")) == 25
    for typed in ("", "a", "san", "uni"):  # Slack shows 75 characters of an entry
        assert all(len(choice.label) <= 75 for choice in suggest_zones(typed))


@pytest.mark.parametrize("days", ["seven", "7 days a week", "one thousand", "1"])
async def test_days_of_a_reward_are_refused_for_what_they_mean(study, days):
    olga = organiser(study)
    await olga.uses("/study reward", role="r1", days=days)
    assert olga.sees("Choose between 2 and 365 days.")


@pytest.mark.asyncio
async def test_est_is_refused_with_a_city_or_follows_summer_time(tmp_path):
    async with world_at(tmp_path, clock=FakeClock(dt.datetime(2026, 7, 6, 5, 0, tzinfo=dt.UTC))) as world:
        olga = world.person("Olga", organiser=True)
        await olga.uses("/study setup", pack="backend-python", zone="EST", time="09:30", days="daily")
        if olga.sees("set up"):
            await world.slots_pass(hours=8, minutes=31)  # 13:31 UTC is 09:31 in New York in July
            assert world.channel_posts(about="Question of the day"), olga.shown()
        else:
            assert olga.sees("America/New_York"), olga.shown()


@pytest.mark.asyncio
async def test_nine_thirty_am_is_understood_or_explained(tmp_path):
    async with world_at(tmp_path) as world:
        olga = world.person("Olga", organiser=True)
        await olga.uses(
            "/study setup", pack="backend-python", zone="America/New_York", time="9:30 AM", days="daily"
        )
        assert olga.sees("set up") or olga.sees("24-hour"), olga.shown()
