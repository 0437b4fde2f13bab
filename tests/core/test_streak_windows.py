"""Whoever answers every question while it is open keeps the streak, wherever they live.

A question's date is the group's, and a member's day is their own: what counts is when it was open.
"""

import datetime as dt

import pytest

from tests.people import world_at

pytestmark = pytest.mark.asyncio

QUESTION = "Question of the day"
AT_ONCE = dt.timedelta(minutes=5)


async def answers_everything(world, place, at, days, home, wait, weeks):
    """Found a group, let weeks pass, and answer each question at once, or at a time of one's own day.

    Returns the member and how many questions they answered.
    """
    await world.founds(zone=place, time=at, days=days)
    member, answered = world.person("Yuki", zone=home), 0
    end = world.clock.now() + dt.timedelta(weeks=weeks)
    while (due := await world.house.heart.next_due_at()) and due <= end:
        before = len(world.channel_posts(about=QUESTION))
        world.clock.set(max(due, world.clock.now()))
        await world.beat()
        questions = world.channel_posts(about=QUESTION)
        if len(questions) > before:
            world.clock.set(looks(world.clock.now(), home, wait))
            await world.beat()
            await member.answers(questions[-1])
            answered += 1
    return member, answered


def looks(posted, home, wait):
    """Five minutes after the post, or at the first time of day (on one's own clock) after it."""
    if wait is AT_ONCE:
        return posted + wait
    from zoneinfo import ZoneInfo

    local = posted.astimezone(ZoneInfo(home))
    look = dt.datetime.combine(local.date(), dt.time.fromisoformat(wait), ZoneInfo(home))
    return (look if look > local else look + dt.timedelta(days=1)).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("place", "at", "days", "home", "wait"),
    [
        # answered five minutes after it came
        ("America/Los_Angeles", "18:00", "mon-fri", "Asia/Tokyo", AT_ONCE),
        ("Asia/Tokyo", "09:30", "mon-fri", "America/New_York", AT_ONCE),
        ("Europe/Berlin", "09:30", "mon-fri", "America/Los_Angeles", AT_ONCE),
        ("Pacific/Honolulu", "09:30", "mon-fri", "Pacific/Kiritimati", AT_ONCE),
        ("Europe/Berlin", "00:30", "mon-fri", "Europe/Berlin", AT_ONCE),
        ("America/New_York", "20:00", "mon-fri", "Europe/London", AT_ONCE),
        # answered at the first look of the day
        ("America/New_York", "20:00", "mon,wed,fri", "Asia/Tokyo", "10:30"),
        ("Asia/Kolkata", "18:30", "mon,wed,fri", "Australia/Sydney", "08:00"),
        ("America/New_York", "20:00", "mon,wed,fri", "Europe/Berlin", "08:00"),
        ("America/New_York", "20:00", "mon,wed,fri", "Europe/London", "08:00"),
        ("Europe/Berlin", "19:00", "mon,wed,fri", "Europe/Berlin", "07:30"),
        ("Europe/Berlin", "12:00", "mon,thu", "Europe/Berlin", "07:30"),
        ("Asia/Kolkata", "18:30", "mon,wed,fri", "Asia/Kolkata", "19:00"),
        ("Europe/Berlin", "19:00", "mon-fri", "America/Los_Angeles", "12:00"),
    ],
)
async def test_every_question_answered_while_it_is_open_breaks_no_streak(
    tmp_path, place, at, days, home, wait
):
    async with world_at(tmp_path) as world:
        member, answered = await answers_everything(world, place, at, days, home, wait, weeks=6)
        await member.uses("/streak")
        assert member.sees(f"\nStreak: {answered} days"), f"answered {answered}\n{member.shown()}"
        assert member.sees(f"Best streak: {answered} days"), member.shown()
        assert not member.sees("no activity"), member.shown()
        assert not member.sees("covered by a freeze"), member.shown()
        assert member.sees(f"of {await asked_lately(member)} days asked"), member.shown()
        assert await world.problems() == ()


async def asked_lately(member):
    """As many as were active: nothing was missed."""
    return member.shown().partition("Active: ")[2].partition(" of ")[0]
