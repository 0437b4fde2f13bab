"""Preferences: one's own zone and rest days, when they take over, and what is refused."""

import pytest

from tests.support.helpers import facts, quiz_of
from tests.support.people import world_at

pytestmark = pytest.mark.asyncio


@pytest.fixture
def ana(study):
    return study.person("Ana")


async def streak_of(person):
    await person.uses("/streak")
    return person.shown()


async def test_another_zone_takes_over_at_the_next_rollover(study, ana):
    await ana.answers(quiz_of(study))
    study.clock.advance(minutes=1)
    await ana.uses("/preferences", zone="america/new york")
    assert ana.sees("From tomorrow, your time zone is America/New_York.")
    assert "Your zone: Europe/Berlin." in await streak_of(ana)
    await study.days_pass(1)
    assert "Your zone: America/New_York." in await streak_of(ana)
    await ana.answers(quiz_of(study))
    assert ana.sees("Streak: 2 days")
    assert await study.problems() == ()


async def test_a_waiting_zone_may_be_taken_back(study, ana):
    await ana.answers(quiz_of(study))
    study.clock.advance(minutes=1)
    await ana.uses("/preferences", zone="Asia/Tokyo")
    await ana.uses("/preferences")
    assert ana.form.fields[0].value == "Asia/Tokyo"
    await ana.uses("/preferences", zone="Europe/Berlin")
    assert ana.sees("From tomorrow, your time zone is Europe/Berlin.")
    await study.days_pass(1)
    assert "Your zone: Europe/Berlin." in await streak_of(ana)
    assert await study.problems() == ()


async def test_a_second_zone_within_a_week_is_refused(study, ana):
    await ana.answers(quiz_of(study))
    study.clock.advance(minutes=1)
    await ana.uses("/preferences", zone="Asia/Tokyo")
    await study.days_pass(2)
    before = facts(study)
    await ana.uses("/preferences", zone="America/New_York")
    assert ana.sees("You changed your time zone less than a week ago.")
    await ana.uses("/preferences")
    await ana.sends(zone="America/New_York", rest="xyz")
    assert ana.errors.keys() == {"zone", "rest"}
    assert facts(study) == before
    await study.days_pass(6)
    await ana.uses("/preferences", zone="America/New_York")
    assert ana.sees("From tomorrow, your time zone is America/New_York.")
    assert await study.problems() == ()


async def test_rest_days_hold_from_the_next_day_on(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds(days="daily")
        await world.passes(minutes=31)
        ana = world.person("Ana")
        await ana.answers(quiz_of(world))
        await ana.uses("/preferences", rest="mon, tue,wed")
        assert ana.sees("From tomorrow, your rest days are: Mon–Wed.")
        await world.days_pass(3)
        await ana.answers(quiz_of(world))
        shown = await streak_of(ana)
        assert "Mon 2 Mar` ● active · 1" in shown
        assert "Tue 3 Mar` – rest day · 1" in shown
        assert "Streak: 2 days" in shown
        assert await world.problems() == ()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"zone": "Berlin"}, "Did you mean Europe/Berlin?"),
        ({"rest": "someday"}, "I don't recognise “someday”."),
        ({"rest": "daily"}, "Keep at least one day of the week that isn't a rest day."),
        ({"zone": "Europe/Berlin"}, "Nothing changed."),
        ({"rest": "none"}, "Nothing changed."),
    ],
)
async def test_preferences_are_checked_before_they_change_anything(study, ana, typed, said):
    await ana.answers(quiz_of(study))
    before = facts(study)
    await ana.uses("/preferences", **typed)
    assert ana.sees(said)
    assert facts(study) == before


async def test_an_unchanged_form_changes_nothing(study, ana):
    await ana.uses("/preferences", zone="Asia/Tokyo", rest="sat,sun")
    await ana.uses("/preferences")
    shown = {f.name: f.value for f in ana.form.fields}
    assert shown == {"zone": "Asia/Tokyo", "rest": "weekends", "reminder": "off"}
    before = facts(study)
    await ana.sends()
    assert ana.sees("Nothing changed.")
    assert facts(study) == before


async def test_zone_and_rest_days_are_set_together_by_the_form(study, ana):
    await ana.answers(quiz_of(study))
    await ana.uses("/preferences")
    await ana.sends(zone="Asia/Tokyo", rest="fri")
    assert ana.sees("From tomorrow, your time zone is Asia/Tokyo.")
    assert ana.sees("From tomorrow, your rest days are: Fri.")
    await ana.uses("/preferences", rest="none")
    assert ana.sees("From tomorrow, your rest days are: none.")
    assert await study.problems() == ()


async def test_zones_are_suggested_while_typing(study, ana):
    assert "Asia/Tokyo" in [choice.value for choice in await ana.completes("preferences", "zone", "tok")]
