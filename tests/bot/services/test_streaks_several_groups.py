"""A member of several groups: each counts for their streak from the day of joining it on."""

import pytest

from tests.support.helpers import PROMPT, posts_project, quiz_of

pytestmark = pytest.mark.asyncio

PAUSED_DAYS = 6


async def joins(person, world, how):
    match how:
        case "join":
            await person.uses("/challenge join")
        case "press":
            await person.presses("Join", on=await posts_project(world, "lounge"))
        case "submit":
            await posts_project(world, "lounge")
            await person.uses("/challenge submit", link="https://example.org/x", learned="Much.")
        case "done":
            await person.presses("Mark done", on=world.newest(PROMPT, "lounge"))
        case "reply":
            await person.replies("Here.", to=world.newest(PROMPT, "lounge"))
        case "answer":
            await person.answers(quiz_of(world, "lounge"))
        case "practice":
            await person.uses("/quiz")
            await person.answers(person.last)


@pytest.mark.parametrize("how", ["join", "press", "submit", "done", "reply", "answer", "practice"])
async def test_days_before_joining_a_second_group_are_not_held_against_anybody(world, how):
    olga = await world.founds(days="daily")
    await world.founds(channel="lounge", days="daily")
    await world.passes(minutes=31)
    ana = world.person("Ana")
    await ana.answers(quiz_of(world))
    await olga.uses("/study pause")
    await world.days_pass(PAUSED_DAYS)
    await joins(world.person("Ana", channel="lounge"), world, how)
    await ana.uses("/streak")
    assert "○" not in ana.shown()
    assert "❄" not in ana.shown()
    assert ana.shown().count("day off (no question)") == PAUSED_DAYS - 1
    assert await world.problems() == ()


async def test_days_after_joining_a_second_group_count(world):
    olga = await world.founds(days="daily")
    await world.founds(channel="lounge", days="daily")
    await world.passes(minutes=31)
    ana = world.person("Ana")
    await ana.answers(quiz_of(world))
    await olga.uses("/study pause")
    await world.days_pass(2)
    await world.person("Ana", channel="lounge").uses("/challenge join")
    await world.days_pass(2)
    await ana.uses("/streak")
    assert "Tue 3 Mar` – day off (no question)" in ana.shown()
    assert "Wed 4 Mar` – day off (no question)" in ana.shown(), "its question was open before she joined"
    assert "Thu 5 Mar` ❄ covered by a freeze" in ana.shown()


async def test_before_the_first_group_nobody_asks_anything(world):
    ana = world.person("Ana", channel="elsewhere", zone="Europe/Berlin")
    await ana.uses("/quiz")
    await ana.answers(ana.last)
    await world.founds(days="daily")
    await world.days_pass(2)
    await world.person("Ana").uses("/challenge join")
    await ana.uses("/streak")
    assert "Tue 3 Mar` – day off (no question)" in ana.shown()


async def test_the_day_of_joining_is_the_members_own(world):
    """It is Tuesday in Tokyo while the group, which pauses from then on, still has Monday."""
    olga = await world.founds(channel="lounge", days="daily", time="21:00")
    ana = world.person("Ana", channel="elsewhere", zone="Asia/Tokyo")
    await ana.uses("/quiz")
    await ana.answers(ana.last)
    await world.passes(hours=13)
    await world.person("Ana", channel="lounge").uses("/challenge join")
    await olga.uses("/study pause")
    await world.days_pass(2)
    await ana.uses("/streak")
    assert "Tue 3 Mar` – day off (no question)" in ana.shown()
