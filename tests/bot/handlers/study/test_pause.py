"""Pausing and resuming a group: what is left out, and what stays as it is."""

import pytest

from tests.support.helpers import PROMPT, QUIZ, quiz_of
from tests.support.people import words

pytestmark = pytest.mark.asyncio


def organiser(world):
    return world.person("Olga", organiser=True)


async def test_a_pause_stops_every_post_and_resuming_leaves_out_what_fell_in_it(study):
    olga = organiser(study)
    before = len(study.channel_posts())
    await olga.uses("/study pause")
    assert olga.sees("State: Paused: an organiser paused it")
    assert olga.sees("(paused)")
    await study.days_pass(8)
    assert len(study.channel_posts()) == before
    await olga.presses("Resume")
    assert olga.sees("State: Running")
    assert olga.sees("**Question**: 09:30, weekdays; next Wed 11 Mar, 09:30")
    await study.days_pass(1)
    assert len(study.channel_posts(about=QUIZ)) == 2
    assert len(study.channel_posts(about=PROMPT)) == 2


async def test_what_is_open_stays_open_in_a_pause(study):
    olga, ana = organiser(study), study.person("Ana")
    await olga.uses("/study pause")
    await ana.answers(quiz_of(study))
    assert ana.sees("✓ Correct")
    await study.days_pass(1)
    assert "closed" in words(quiz_of(study).message)


async def test_pausing_twice_and_resuming_twice_are_refused(study):
    olga = organiser(study)
    await olga.uses("/study resume")
    assert olga.sees("The group isn't paused.")
    await olga.uses("/study pause")
    await olga.uses("/study pause")
    assert olga.sees("The group is already paused. Run /study resume, or give the pause an end date.")


async def test_a_pause_of_minutes_neither_doubles_nor_drops_the_day(world):
    olga = await world.founds()
    await olga.uses("/study pause")
    await olga.uses("/study resume")
    await world.passes(minutes=31)
    await olga.uses("/study pause")
    await olga.uses("/study resume")
    await world.passes(minutes=1)
    assert len(world.channel_posts(about=QUIZ)) == 1


async def test_a_kind_that_is_off_stays_off_when_the_group_resumes(study):
    olga = organiser(study)
    await olga.uses("/study schedule", kind="quiz", time="off")
    await olga.uses("/study pause")
    await olga.uses("/study resume")
    assert olga.sees("**Question**: 09:30, weekdays (off)")
