"""``/next``: what comes when, for members."""

import datetime as dt

import pytest

from bot.domain.model import PostKind
from tests.support.deliveries import ledger
from tests.support.helpers import (
    first_project,
    last_day_of_first_project,
    library_with,
    posts_project,
    quiz_of,
)
from tests.support.people import shipped_library, world_at

pytestmark = pytest.mark.asyncio

PACK = shipped_library().packs["backend-python"]


async def test_a_member_learns_what_comes_when(study):
    ana = study.person("Ana")
    await ana.uses("/next")
    assert ana.sees("**Question**: Tue 3 Mar, 09:30")
    assert ana.sees("**Prompt**: Wed 4 Mar, 09:30, on Variables")
    assert ana.sees("**Weekly recap**: Sun 8 Mar, 09:30")
    assert ana.sees("**Next project**: at the end of “Learn the basics of Python”, around Wed 18 Mar")
    assert "Question: Tue 3 Mar" in ana.last.message.summary
    assert "**" not in ana.last.message.summary


async def test_what_it_says_comes_true(study):
    ana = study.person("Ana")
    await study.slots_pass(days=16, hours=4)
    (project,) = await ledger(study, PostKind.CHALLENGE)
    assert project.local_date == dt.date(2026, 3, 18)
    await ana.uses("/next")
    until = last_day_of_first_project(project.local_date)
    assert ana.sees(f"**Project**: {first_project('python-basics').title}, until {until}")
    assert ana.sees("**Next project**: at the end of “Understand web development concepts”")


async def test_who_may_not_see_the_status_is_told_of_it(study):
    ana = study.person("Ana")
    for command in ("/study status", "/study"):
        await ana.uses(command)
        assert ana.shown() == "Only organisers can do that here. To see what comes next, use /next."
    await ana.uses("/help")
    assert ana.sees("/next")


async def test_a_pause_and_skipped_dates_are_told(study):
    ana, olga = study.person("Ana"), study.person("Olga", organiser=True)
    await olga.uses("/study skip", add="2026-03-03")
    await ana.uses("/next")
    assert ana.sees("**Question**: Wed 4 Mar, 09:30")
    assert ana.sees("**No posts on** Tue 3 Mar")
    await olga.uses("/study pause", until="2026-03-10")
    await ana.uses("/next")
    assert ana.sees("Paused until Tue 10 Mar 2026.")
    await olga.uses("/study pause")
    await ana.uses("/next")
    assert ana.sees("Paused. An organiser can resume it.")


async def test_nothing_planned_is_said_too(study):
    olga = study.person("Olga", organiser=True)
    for kind in PostKind:
        await olga.uses("/study schedule", kind=kind, time="off")
    await olga.uses("/next")
    assert olga.sees("Nothing is scheduled.")


async def test_in_a_direct_conversation_all_groups_are_told(study):
    await study.founds("lounge", time="20:00", days="daily")
    for channel in ("study", "lounge"):
        await study.passes(hours=11)
        await study.person("Ana", channel=channel).answers(quiz_of(study, channel))
    ana = study.person("Ana", direct=True)
    await ana.uses("/next")
    assert ana.shown().count("**Question**") == 2
    assert ana.sees("20:00")
    stranger = study.person("Ben", direct=True)
    await stranger.uses("/next")
    assert "**Question**" not in stranger.shown()


async def test_where_there_is_no_group_it_says_so(world):
    ana = world.person("Ana")
    await ana.uses("/next")
    assert ana.sees("study group")


async def test_a_project_by_hand_is_told_while_it_runs(study):
    await posts_project(study)
    ana = study.person("Ana")
    await ana.uses("/next")
    assert ana.sees(f"until {last_day_of_first_project(dt.date(2026, 3, 2))}")
    assert ana.sees("**Next project**: at the end of “Understand web development concepts”")


async def test_what_is_read_aloud_has_no_signs_of_markdown(study):
    for _ in range(7):
        await study.passes(days=1)
    await posts_project(study)
    ana = study.person("Ana")
    await ana.uses("/next")
    summary = ana.last.message.summary
    assert f"Project: {first_project('python-basics').title}" in summary
    assert not set("\\*") & set(summary)


@pytest.mark.parametrize("empty", ["prompts", "challenges", "questions"])
async def test_a_pack_without_a_kind_does_no_harm(tmp_path, empty):
    async with world_at(tmp_path, library=library_with(**{empty: {}})) as world:
        await world.founds()
        ana = world.person("Ana")
        await ana.uses("/next")
        assert ana.sees("Coming up")
