"""B01. Whoever answers every question within minutes keeps the streak, wherever they live.

A question's date is the group's (post.local_date); a member's day is their own. Where the two differ a member
"misses" a day on which nothing was asked of them (bot/features/activity.py, _days_without_posts).
"""

import datetime as dt

import pytest

from tests.people import world_at

PLACES = [("America/Los_Angeles", "18:00", "Asia/Tokyo")]


async def answers_everything(world, zone, at, home, days="mon-fri", weeks=6):
    await world.founds(zone=zone, time=at, days=days)
    member = world.person("Yuki", zone=home)
    end, answered = world.clock.now() + dt.timedelta(weeks=weeks), 0
    while (due := await world.house.heart.next_due_at()) and due <= end:
        before = len(world.channel_posts(about="Question of the day"))
        world.clock.set(max(due, world.clock.now()))
        await world.beat()
        questions = world.channel_posts(about="Question of the day")
        if len(questions) > before:
            world.clock.advance(minutes=5)
            await member.answers(questions[-1])
            answered += 1
    await member.uses("/streak")
    return member, answered


@pytest.mark.asyncio
@pytest.mark.parametrize(("zone", "at", "home"), PLACES)
async def test_every_question_answered_at_once_breaks_no_streak(tmp_path, zone, at, home):
    async with world_at(tmp_path) as world:
        member, answered = await answers_everything(world, zone, at, home)
        assert member.sees(f"Streak: {answered} days"), (
            f"answered {answered} of {answered}\n{member.shown()}"
        )
        assert not member.sees("no activity"), member.shown()
        assert not member.sees("covered by a freeze"), member.shown()
