"""Closing of questions: with the next one, after any change by an organiser."""

import datetime as dt

import pytest

from bot.chat import Transient
from bot.domain.model import PostKind, PostState
from tests.support.helpers import quiz_of
from tests.support.people import FakeClock, words, world_at

pytestmark = pytest.mark.asyncio


def world_on(folder, day):
    """At 08:00 UTC; the question of each day comes at 09:30. The 2nd of March 2026 is a Monday."""
    now = dt.datetime.fromisoformat(f"2026-03-{day}T08:00").replace(tzinfo=dt.UTC)
    return world_at(folder, clock=FakeClock(now))


async def closings(world):
    """Of each question, by the day of its date, when it is to close; those that are not posted too."""
    posts = await world.run(lambda unit: unit.posts.history(1, PostKind.QUIZ, 50))
    return {post.local_date.day: f"{post.closes_at:%d %H:%M}" for post in posts}


async def most_open_at_once(world, days):
    most = 0
    for _ in range(days * 48):
        await world.passes(minutes=30)
        posts = await world.run(lambda unit: unit.posts.history(1, PostKind.QUIZ, 50))
        most = max(most, sum(post.state is PostState.SENT for post in posts))
    return most


@pytest.mark.parametrize(
    ("command", "change", "closes"),
    [
        ("schedule", {"days": "fri"}, "06 09:30"),
        ("schedule", {"time": "07:00"}, "03 07:00"),
        ("schedule", {"time": "12:00"}, "03 12:00"),
        ("schedule", {"zone": "Asia/Tokyo"}, "03 00:30"),
        ("zone", {"zone": "America/New_York"}, "03 14:30"),
        # Nothing comes after it: it closes when it was to close.
        ("schedule", {"time": "off"}, "03 09:30"),
    ],
)
async def test_an_open_question_closes_with_the_slot_that_is_next_after_a_change(
    tmp_path, command, change, closes
):
    async with world_on(tmp_path, "02") as world:
        olga = await world.founds(zone="UTC", days="daily")
        await world.passes(hours=2)
        await olga.uses(f"/study {command}", **change, **{"kind": "quiz"} if command == "schedule" else {})
        assert await closings(world) == {2: closes}
        assert await most_open_at_once(world, 5) == 1


async def test_the_message_tells_the_new_closing(study):
    olga = study.person("Olga", organiser=True)
    await olga.uses("/study schedule", kind="quiz", days="fri")
    await study.passes(seconds=30)
    assert "closes Fri 6 Mar, 09:30" in words(quiz_of(study).message)
    await study.passes(days=2)
    await study.person("Ana").answers(quiz_of(study))
    assert quiz_of(study).message.summary.startswith("Question of the day: ")


async def test_off_and_on_again_closes_with_the_slot_that_is_next_then(tmp_path):
    async with world_on(tmp_path, "02") as world:
        olga = await world.founds(zone="UTC", days="daily")
        await world.passes(hours=2)
        await olga.uses("/study schedule", kind="quiz", time="off")
        await olga.uses("/study schedule", kind="quiz", time="09:30", days="thu")
        assert await closings(world) == {2: "05 09:30"}


@pytest.mark.parametrize("until", [{}, {"until": "2026-03-03"}])
async def test_dates_that_change_in_a_pause_move_the_closing_when_the_posts_go_on(tmp_path, until):
    async with world_on(tmp_path, "02") as world:
        olga = await world.founds(zone="UTC", days="daily")
        await world.passes(hours=2)
        await olga.uses("/study skip", add="2026-03-03")
        assert await closings(world) == {2: "04 09:30"}
        await olga.uses("/study pause", **until)
        await olga.uses("/study skip", remove="2026-03-03")
        assert await closings(world) == {2: "04 09:30"}
        await (world.slots_pass(hours=15) if until else olga.uses("/study resume"))
        assert await closings(world) == {2: "03 09:30"}


async def test_a_question_that_keeps_its_old_time_is_the_next_one_and_closes_with_the_one_after(tmp_path):
    async with world_on(tmp_path, "01") as world:
        olga = await world.founds(zone="UTC", days="daily")
        await world.slots_pass(days=1)
        await olga.uses("/study schedule", kind="quiz", time="07:00")
        assert await closings(world) == {1: "02 09:30", 2: "03 07:00"}
        await olga.uses("/study skip", add="2026-03-03")
        assert await closings(world) == {1: "02 09:30", 2: "04 07:00"}
        await olga.uses("/study skip", remove="2026-03-03", add="2026-03-02")
        assert (await closings(world))[1] == "03 07:00"
        await olga.uses("/study skip", remove="2026-03-02")
        assert await closings(world) == {1: "02 09:30", 2: "03 07:00"}
        assert await most_open_at_once(world, 3) == 1


async def test_a_question_that_waits_for_its_platform_closes_with_the_next_one_too(world):
    olga = await world.founds(zone="UTC", days="daily")
    world.room.refuse_channel["study"] = Transient("busy")
    await world.slots_pass(hours=3)
    await olga.uses("/study skip", add="2026-03-03")
    world.room.refuse_channel.clear()
    await world.passes(minutes=10)
    assert "closes Wed 4 Mar, 09:30" in words(quiz_of(world).message)
