"""Whoever answers every question while it is open keeps the streak, wherever they live.

A question's date is the group's, and a member's day is their own: what counts is when it was open.
"""

import datetime as dt

import pytest

from tests.support.helpers import PROMPT
from tests.support.people import world_at

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
    while (due := await world.application.scheduler.next_due_at()) and due <= end:
        before = len(world.channel_posts(about=QUESTION))
        world.clock.set(max(due, world.clock.now()))
        await world.run_once()
        questions = world.channel_posts(about=QUESTION)
        if len(questions) > before:
            world.clock.set(looks(world.clock.now(), home, wait))
            await world.run_once()
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


async def asked(world, at, days, zone="Europe/Berlin"):
    """A group, and the first question of its own; Ana has been here since the day before it."""
    ana = world.person("Ana", zone=zone)
    await world.founds(time=at, days=days)
    await practises(ana)
    await world.slots_pass(days=1)
    return ana


async def practises(person):
    await person.uses("/quiz")
    await person.answers(person.last)


async def streak_of(person):
    await person.uses("/streak")
    return person.shown()


async def line_of(person, date):
    return next(line for line in (await streak_of(person)).splitlines() if line.startswith(f"`{date}`"))


async def test_a_missed_day_stays_open_until_its_question_closes_and_is_final_then(world):
    ana = await asked(world, "19:00", "tue,thu,sat")
    await world.slots_pass(days=1)  # Wednesday, 09:00: what came at 19:00 on Tuesday is the duty of today
    assert "– day off (no question) · 1" in await line_of(ana, "Tue 3 Mar")
    await world.slots_pass(days=1)
    assert "… still open: you can still answer · 1" in await line_of(ana, "Wed 4 Mar")
    await world.slots_pass(hours=9, minutes=59)
    assert "still open" in await line_of(ana, "Wed 4 Mar")
    await world.slots_pass(minutes=1)  # Thu 5 Mar, 19:00 in Berlin
    assert "❄ covered by a freeze · 1" in await line_of(ana, "Wed 4 Mar")
    await world.slots_pass(days=1)
    assert "❄ covered by a freeze · 1" in await line_of(ana, "Wed 4 Mar")
    assert await world.problems() == ()


async def test_a_question_answered_at_its_last_minute_keeps_the_day_on_which_it_was_due(world):
    ana = await asked(world, "19:00", "tue,thu,sat")
    await world.slots_pass(days=2, hours=9, minutes=59)
    await ana.answers(world.newest(QUESTION))
    assert "✓ answered in time · 1" in await line_of(ana, "Wed 4 Mar")
    assert ana.sees("Active: 2 of 2 days asked")
    assert await world.problems() == ()


async def test_a_prompt_of_another_day_asks_by_itself_and_one_beside_a_question_does_not(world):
    olga, ana = await world.founds(time="09:00", days="mon,wed,fri"), world.person("Ana")
    await olga.uses("/study schedule", kind="prompt", time="09:00", days="tue,wed")
    await practises(ana)
    for _ in range(8):
        await world.slots_pass(days=1)
        if world.clock.now().weekday() in (0, 2, 4):
            await ana.answers(world.newest(QUESTION))
    assert "❄ covered by a freeze" in await line_of(ana, "Tue 3 Mar")
    assert "● active" in await line_of(ana, "Wed 4 Mar")
    assert "– day off (no question)" in await line_of(ana, "Thu 5 Mar")
    assert await world.problems() == ()


async def test_a_challenge_asks_nothing_joined_or_not(world):
    olga, ana = await world.founds(days="daily"), world.person("Ana")
    for kind in ("quiz", "prompt"):
        await olga.uses("/study schedule", kind=kind, time="off")
    await practises(ana)
    await ana.uses("/challenge join")
    await world.slots_pass(days=12)
    assert "no activity" not in await streak_of(ana)
    assert "❄" not in ana.shown()
    assert ana.sees("Active: 1 of 1 day asked")


async def test_a_question_open_for_half_a_day_of_nobody_asks_nothing(world):
    """By hand on Sunday evening, and closed by the slot of Monday morning."""
    olga, ana = await world.founds(time="09:00", days="mon"), world.person("Ana")
    await olga.uses("/study schedule", kind="prompt", time="off")
    await practises(ana)
    await world.slots_pass(days=6, hours=14)
    await olga.uses("/study post-now", kind="quiz")
    await world.run_once()
    await world.slots_pass(days=1)
    assert "– day off (no question)" in await line_of(ana, "Sun 8 Mar")


@pytest.mark.parametrize("how", ["skip", "schedule", "pause"])
async def test_when_an_organiser_moves_its_closing_a_question_asks_until_the_new_one(world, how):
    olga, ana = await world.founds(time="09:30", days="daily"), world.person("Ana")
    await practises(ana)
    await world.slots_pass(days=1, hours=1)
    question = world.newest(QUESTION)
    if how == "skip":
        await olga.uses("/study skip", add="2026-03-04..2026-03-06")
    elif how == "schedule":
        await olga.uses("/study schedule", kind="quiz", time="09:30", days="sat")
    else:
        await olga.uses("/study pause", until="2026-03-07")
    await world.slots_pass(days=1, hours=3)
    line = await line_of(ana, "Tue 3 Mar")
    if how == "pause":
        assert "❄ covered by a freeze" in line, "what is open closes when it was to"
        return
    assert "still open" in line
    await world.slots_pass(days=1)
    await ana.answers(question)
    assert "✓ answered in time" in await line_of(ana, "Tue 3 Mar")
    assert await world.problems() == ()


async def test_a_reward_goes_when_the_question_closes_that_ends_the_streak(tmp_path):
    async with world_at(tmp_path) as world:
        olga, ana = await world.founds(time="09:30", days="daily"), world.person("Ana")
        await olga.uses("/study reward", role="9001", days="2")
        for _ in range(2):
            await world.slots_pass(days=1)
            await practises(ana)
        await world.run_once()
        assert world.room.roles["9001"] == {"ana"}
        await world.slots_pass(days=3, minutes=25)  # Thursday is frozen, Friday still open until 09:30
        assert world.room.roles["9001"] == {"ana"}
        await world.slots_pass(minutes=10)
        assert world.room.roles["9001"] == set()


async def test_the_page_says_what_is_at_stake_and_until_when(world):
    ana = await asked(world, "09:30", "daily")
    assert "Your streak is safe until the next question." in await streak_of(ana)
    await world.slots_pass(hours=1)
    assert "You have until 03:00 to keep your streak." in await streak_of(ana)
    await practises(ana)
    assert "Today is done ✓" in await streak_of(ana)
    await world.slots_pass(days=2)
    assert "To keep your streak, answer" not in await streak_of(ana), "a freeze covers a day"
    await world.slots_pass(hours=22)
    late = "To keep your streak, answer the question that's still open, by Fri 6 Mar, 09:30."
    assert late in await streak_of(ana)
    await world.slots_pass(hours=2)
    assert "to start a new streak." in await streak_of(ana)
    await practises(ana)
    await world.person("Olga", organiser=True).uses("/study pause")
    await world.slots_pass(days=2)
    assert "Your streak is safe until the next question." in await streak_of(ana)


async def test_a_newcomers_streak_starts_today(world):
    await world.founds()
    ana = world.person("Ana")
    for command in ("/streak", "/progress", "/home"):
        await ana.uses(command)
        assert ana.sees("Your streak starts today"), ana.shown()
    await ana.uses("/streak")
    assert ana.sees("You have until 03:00 to start your streak.")


async def test_days_without_a_question_are_not_held_against_anybody(world):
    """Three questions a week, all of them answered."""
    await world.founds(days="mon,wed,fri")
    ana = world.person("Ana")
    await world.slots_pass(hours=1)
    for _ in range(29):
        if world.clock.now().weekday() in (0, 2, 4):
            await ana.answers(world.newest(QUESTION))
        await world.slots_pass(days=1)
    for command in ("/streak", "/progress", "/home"):
        await ana.uses(command)
        assert ana.sees("Active: 13 of 13 days asked"), ana.shown()
    await ana.uses("/progress")
    assert ana.last.message.summary == "Your progress: active 13 of 13 days asked"


async def test_a_prompt_done_while_the_question_of_its_date_is_open_meets_both(world):
    ana = await asked(world, "12:00", "tue,fri")
    await world.slots_pass(hours=24)  # Wednesday, 09:00: question and prompt came on Tuesday at noon
    assert "still open" in await line_of(ana, "Tue 3 Mar")
    await ana.presses("Mark done", on=world.newest(PROMPT))
    assert await world.problems() == ()
    assert "✓ answered in time · 1" in await line_of(ana, "Tue 3 Mar")
    await world.slots_pass(days=4)
    assert "✓ answered in time · 1" in await line_of(ana, "Tue 3 Mar")
