"""The status of a group: what is planned, what happened, and why."""

import pytest

from bot.chat import decode
from tests.support.helpers import quiz_of
from tests.support.people import items_of

pytestmark = pytest.mark.asyncio


def organiser(world):
    return world.person("Olga", organiser=True)


async def test_the_status_tells_what_is_planned_what_happened_and_why(study):
    await study.person("Ana").answers(quiz_of(study))
    olga = organiser(study)
    await olga.uses("/study")
    assert olga.sees("State: Running")
    assert olga.sees("Members: 1")
    assert olga.sees("**Question**: 09:30, weekdays; next Tue 3 Mar, 09:30")
    assert olga.sees("question posted (Data types: not asked before; 4 of 54 topics open)")
    await study.days_pass(1)
    await olga.uses("/study status")
    assert olga.sees("question posted and closed")
    assert olga.shown().count("09:31") <= 8


async def test_the_status_of_a_new_group_says_that_nothing_was_posted(world):
    olga = await world.founds()
    await olga.uses("/study status")
    assert olga.sees("Nothing posted yet.")


async def test_where_there_is_no_group_there_is_nothing_to_run(world):
    olga = organiser(world)
    for command in ("status", "pause", "resume"):
        await olga.uses(f"/study {command}")
        assert olga.sees("This channel isn't a study group yet.")


async def test_help_shows_an_organiser_more_than_a_member(study):
    olga, ana = organiser(study), study.person("Ana")
    await olga.uses("/help")
    await ana.uses("/help")
    assert olga.sees("/study pause")
    assert not ana.sees("/study")
    assert ana.sees("/quiz [topic]")
    assert not ana.sees("/press")
    assert [decode(item.action).route for item in items_of(ana.last.message)] == [
        "quiz.topic",
        "progress.mine",
    ]
