"""Streaks as members live them: weeks pass, clicks come late, the cache agrees with the facts."""

import datetime as dt

import pytest

from tests.support.helpers import PROMPT, quiz_of
from tests.support.people import FakeClock, Room, world_at

pytestmark = pytest.mark.asyncio


@pytest.fixture
def ana(study):
    return study.person("Ana")


async def answers_on(world, person, days):
    """Let days pass one by one; the person answers on each that has a 1."""
    for answers in days:
        if answers == "1":
            await person.uses("/quiz")
            await person.answers(person.last)
        await world.days_pass(1)


async def streak_of(person):
    await person.uses("/streak")
    return person.shown()


async def test_a_streak_grows_with_each_day_and_earns_a_freeze(study, ana):
    await answers_on(study, ana, "1111111")
    shown = await streak_of(ana)
    assert "Streak: 7 days" in shown
    assert "Best streak: 7 days" in shown
    assert "Freezes: 2" in shown
    assert "You have until 03:00 to keep your streak." in shown
    assert await study.problems() == ()


async def test_a_second_act_on_a_day_changes_nothing(study, ana):
    await ana.answers(quiz_of(study))
    await ana.presses("Mark done", on=study.newest(PROMPT))
    await ana.replies("Here.", to=study.newest(PROMPT))
    assert "Streak: 1 day" in await streak_of(ana)
    assert ana.sees("Today is done ✓")
    assert await study.problems() == ()


async def test_a_missed_day_is_covered_by_a_freeze(study, ana):
    await answers_on(study, ana, "11011")
    shown = await streak_of(ana)
    assert "Wed 4 Mar` ❄ covered by a freeze · 2" in shown
    assert "Streak: 4 days" in shown
    assert "Freezes: 0" in shown
    assert await study.problems() == ()


async def test_more_missed_days_than_freezes_end_a_streak(study, ana):
    await answers_on(study, ana, "11001")
    shown = await streak_of(ana)
    assert "Wed 4 Mar` ○ no activity (gap longer than your freezes) · 0" in shown
    assert "Thu 5 Mar` ○ no activity (gap longer than your freezes) · 0" in shown
    assert "Streak: 1 day" in shown
    assert "Best streak: 2 days" in shown
    assert "Freezes: 1" in shown
    assert await study.problems() == ()


async def test_weekends_without_posts_are_days_off_for_weeks(study, ana):
    await answers_on(study, ana, "1111100" * 3)
    shown = await streak_of(ana)
    assert "Sat 21 Mar` – day off (no question) · 15" in shown
    assert "Streak: 15 days" in shown
    assert await study.problems() == ()


async def test_an_act_on_a_free_day_counts_as_any_other(study, ana):
    await answers_on(study, ana, "1111110")
    assert "Sat 7 Mar` ● active · 6" in await streak_of(ana)
    assert await study.problems() == ()


async def test_a_paused_group_costs_no_streak(study, ana):
    olga = study.person("Olga", organiser=True)
    await ana.answers(quiz_of(study))
    await olga.uses("/study pause")
    await study.days_pass(20)
    await olga.uses("/study resume")
    await study.days_pass(1)
    await ana.answers(quiz_of(study))
    assert "Streak: 2 days" in ana.shown()
    assert await study.problems() == ()


async def test_the_days_that_the_bot_was_down_cost_no_streak(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds(days="daily")
        await world.passes(minutes=31)
        await world.person("Ana").answers(quiz_of(world))
        clock = world.clock
    clock.advance(days=4)
    async with world_at(tmp_path, room=room, clock=clock) as world:
        await world.run_once()
        ana = world.person("Ana")
        await ana.answers(quiz_of(world))
        assert ana.sees("Streak: 2 days")
        assert ana.sees("Freezes: 1")
        assert await world.problems() == ()


async def test_a_day_that_asked_is_missed_by_who_did_not_answer(study, ana):
    await ana.answers(quiz_of(study))
    await study.days_pass(3)
    shown = await streak_of(ana)
    assert "Tue 3 Mar` ○ no activity" in shown
    assert "day off" not in shown


async def test_somebody_of_no_group_has_a_streak_of_practice_and_is_asked_nothing(world):
    ana = world.person("Ana", channel="lounge", zone="Asia/Tokyo")
    await answers_on(world, ana, "101")
    shown = await streak_of(ana)
    assert "Tue 3 Mar` – day off (no question) · 1" in shown
    assert "Streak: 2 days" in shown
    assert "Your zone: Asia/Tokyo." in shown
    assert await world.problems() == ()


async def test_a_day_whose_question_is_still_open_is_neither_missed_nor_off(tmp_path):
    clock = FakeClock(dt.datetime(2026, 3, 2, 16, 30, tzinfo=dt.UTC))
    async with world_at(tmp_path, clock=clock) as world:
        await world.founds(zone="America/Los_Angeles", time="09:00", days="mon-fri")
        await world.passes(hours=1)
        kiri = world.person("Kiri", zone="Pacific/Auckland")
        await kiri.answers(quiz_of(world))
        await world.passes(days=1)
        await world.passes(hours=21)
        assert "Wed 4 Mar` … still open: you can still answer · 1" in await streak_of(kiri)
        await world.passes(hours=3)
        assert "Wed 4 Mar` ❄ covered by a freeze · 1" in await streak_of(kiri)
        await world.days_pass(4)
        assert "Sun 8 Mar` – day off (no question)" in await streak_of(kiri)
        assert await world.problems() == ()


async def test_the_zone_of_the_profile_is_where_a_streak_begins_else_the_groups(study):
    tokyo, here = study.person("Tomo", zone="Asia/Tokyo"), study.person("Ana", zone="No/Where")
    await tokyo.answers(quiz_of(study))
    assert tokyo.sees("Streak: 1 day")
    assert "Your zone: Asia/Tokyo." in await streak_of(tokyo)
    assert "Your zone: Europe/Berlin." in await streak_of(here)


async def test_a_click_before_the_rollover_counts_for_its_day_though_the_next_day_came_first(study, ana):
    await answers_on(study, ana, "1")
    study.clock.set(dt.datetime(2026, 3, 4, 1, 59, tzinfo=dt.UTC))
    late = study.clock.now()
    study.clock.set(dt.datetime(2026, 3, 4, 2, 1, tzinfo=dt.UTC))
    await ana.uses("/quiz")
    await ana.answers(ana.last)
    await ana.uses("/quiz", topic="http")
    ana.clicks_at = late
    await ana.answers(ana.last)
    ana.clicks_at = None
    shown = await streak_of(ana)
    assert "Tue 3 Mar` ● active · 2" in shown
    assert "Wed 4 Mar` ● active · 3" in shown
    assert await study.problems() == ()


async def test_the_first_click_of_all_may_arrive_after_a_later_one(study, ana):
    await ana.answers(quiz_of(study))
    ana.clicks_at = study.clock.now() - dt.timedelta(days=1)
    await ana.uses("/quiz")
    await ana.answers(ana.last)
    ana.clicks_at = None
    assert "Sun 1 Mar` ● active · 1" in await streak_of(ana)
    assert await study.problems() == ()


async def test_a_cached_state_of_another_version_is_made_anew(study, ana):
    await answers_on(study, ana, "111")

    async def spoil(unit):
        unit.learning.put_streak_state(1, '{"version":0}')

    await study.run(spoil)
    await ana.answers(quiz_of(study))
    assert ana.sees("Streak: 4 days")
    assert await study.problems() == ()


async def test_a_newcomers_ledger_has_one_open_day(study, ana):
    shown = await streak_of(ana)
    assert "Mon 2 Mar` … still open · 0" in shown
    assert "Streak: 0 days" in shown
