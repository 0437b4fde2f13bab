"""Milepost is put out of a workspace and comes back: its groups pause and go on by themselves."""

import pytest

from bot.domain.model import PostKind
from tests.support.helpers import QUIZ, facts
from tests.support.people import PLATFORM

pytestmark = pytest.mark.asyncio


def organiser(world, channel="study", workspace="w"):
    return world.person("Olga", organiser=True, channel=channel, workspace=workspace)


async def lose(world, workspace="w"):
    await world.application.app.workspace_lost(PLATFORM, workspace)


async def find(world, workspace="w"):
    await world.application.app.workspaces_found(PLATFORM, {workspace})


async def test_a_lost_workspace_gets_no_posts_and_the_others_go_on(study):
    await study.founds("elsewhere", workspace="other")
    await lose(study)
    await study.days_pass(2)
    assert len(study.channel_posts(about=QUIZ)) == 1
    assert len(study.channel_posts("elsewhere", about=QUIZ)) == 2
    olga = organiser(study)
    await olga.uses("/study status")
    assert olga.sees("Paused: Milepost was removed from this place")


async def test_a_workspace_that_is_found_again_goes_on_with_its_next_post_alone(study):
    await study.founds("second")
    await lose(study)
    await study.days_pass(8)
    await find(study)
    await study.run_once()
    assert len(study.channel_posts(about=QUIZ)) == 1
    await study.days_pass(1)
    assert len(study.channel_posts(about=QUIZ)) == 2
    assert len(study.channel_posts("second", about=QUIZ)) == 1


async def test_losing_and_finding_twice_is_as_once(study):
    await lose(study)
    lost = facts(study)
    study.clock.advance(hours=1)
    await lose(study)
    assert facts(study) == lost
    await find(study)
    found = facts(study)
    study.clock.advance(hours=1)
    await find(study)
    assert facts(study) == found


async def test_a_group_that_its_organiser_paused_stays_paused(study):
    olga = organiser(study)
    await olga.uses("/study pause")
    await lose(study)
    await find(study)
    await olga.uses("/study status")
    assert olga.sees("Paused: an organiser paused it")


@pytest.mark.parametrize(("away", "days"), [(1, [2, 5, 6]), (3, [2, 5, 6]), (4, [2, 6])])
async def test_a_pause_with_an_end_goes_on_to_it_when_the_workspace_is_back(study, away, days):
    olga = organiser(study)
    await olga.uses("/study pause", until="2026-03-05")
    await lose(study)
    await study.slots_pass(days=away - 1, hours=23)
    await find(study)
    await study.run_once()
    await olga.uses("/study status")
    assert olga.sees("an organiser paused it") == (away < 3)
    await study.slots_pass(days=5 - away)
    posts = await study.run(lambda unit: unit.posts.history(1, PostKind.QUIZ, 9))
    assert sorted(post.local_date.day for post in posts) == days


async def test_a_workspace_without_groups_and_one_found_before_it_was_lost_change_nothing(study):
    before = facts(study)
    await lose(study, "unheard-of")
    await find(study, "unheard-of")
    await find(study)
    assert facts(study) == before
