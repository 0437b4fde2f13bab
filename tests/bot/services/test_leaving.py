"""Members who leave are off the boards, counts and reminders; whoever comes back has what they had."""

from __future__ import annotations

from dataclasses import replace

import pytest
import pytest_asyncio

from bot.allowance import unlimited
from bot.chat import Transient, UserRef
from tests.support.helpers import posts_project
from tests.support.people import Room, markdown, words, world_at

pytestmark = pytest.mark.asyncio
QUIZ, PROJECT = "Question of the day", "Project"
ASKED = replace(Room().capabilities, knows_who_is_there=True, roles=True)


@pytest_asyncio.fixture
async def world(tmp_path):
    async with world_at(tmp_path, room=Room(ASKED), allowance=unlimited()) as world:
        await world.founds(zone="UTC", time="09:30", days="daily")
        await world.passes(minutes=91)
        await posts_project(world)
        for name in ("Ana", "Ben"):
            await shares(world.person(name))
        yield world


async def shares(who):
    await who.uses("/challenge submit", link="https://example.org/x", learned=f"much, says {who.name}")
    assert who.sees("Shared"), who.shown()


async def seen(world):
    """Everything in which members are named or counted."""
    ben, olga = world.person("Ben"), world.person("Olga", organiser=True)
    shown = []
    for who, typed in (
        (ben, "/leaderboard"),
        (ben, "/challenge list"),
        (ben, "/challenge show"),
        (olga, "/study status"),
    ):
        await who.uses(typed)
        shown.append(words(who.last.message))
    return "\n".join(shown)


async def assert_gone(world):
    now = await seen(world)
    assert "Ana" not in now, now
    assert "Members: 1" in now
    assert "1 taking part · 1 built" in now
    ben = world.person("Ben")
    await ben.uses("/progress", member="ana")
    assert ben.sees("hasn't taken part yet")
    assert await world.problems() == ()


async def assert_there(world):
    now = await seen(world)
    assert "Ana" in now, now
    assert "much, says Ana" in now
    assert "Members: 2" in now
    assert "2 taking part · 2 built" in now
    assert await world.problems() == ()


async def leaves(world, name="Ana"):
    person = world.person(name)
    await person.uses("/leave")
    assert person.sees("You've left the study group for Backend"), person.shown()
    assert person.sees("take part in it again and you're back")
    return person


async def test_who_leaves_is_named_and_counted_nowhere_and_has_it_all_again_after_any_act(world):
    await assert_there(world)
    ana = await leaves(world)
    await assert_gone(world)
    await world.days_pass(2)
    await ana.answers(world.newest(QUIZ))
    await assert_there(world)
    await ana.uses("/leaderboard")
    assert "**Ana** 5 points" in markdown(ana.last.message)


@pytest.mark.parametrize("direct", [False, True])
async def test_leaving_twice_or_as_a_stranger_is_told(world, direct):
    ana = await leaves(world)
    for who in (ana, world.person("Zed")):
        await who.uses("/leave")
        assert who.sees("You aren't in this study group"), who.shown()


async def test_the_recap_counts_those_who_are_there(world):
    await world.person("Ana").answers(world.newest(QUIZ))
    await world.person("Ben").answers(world.newest(QUIZ))
    await leaves(world)
    await world.slots_pass(days=7)
    recap = words(world.newest("week").message)
    assert "Ana" not in recap
    assert "Took part: 1 member" in recap, recap


async def test_a_rank_counts_nobody_who_has_left(world):
    ana, ben = world.person("Ana"), world.person("Ben")
    await ana.answers(world.newest(QUIZ))
    await world.days_pass(1)
    await ben.uses("/leaderboard")
    assert "2\\. **Ben**" in markdown(ben.last.message)
    await leaves(world)
    await ben.uses("/leaderboard")
    assert "1\\. **Ben**" in markdown(ben.last.message)


async def test_what_a_streak_gave_is_taken_back(world):
    olga = world.person("Olga", organiser=True)
    await olga.uses("/study reward", role="stars", days="2")
    for _ in range(2):
        await world.person("Ana").answers(world.newest(QUIZ))
        await world.days_pass(1)
    assert "ana" in world.room.roles["stars"]
    await leaves(world)
    await world.passes(minutes=1)
    assert "ana" not in world.room.roles["stars"]


async def test_who_has_left_is_not_reminded(world):
    ana = world.person("Ana", zone="UTC")
    await ana.uses("/preferences", reminder="19:00")
    await leaves(world)
    letters = world.room.letters
    await world.slots_pass(days=5)
    assert world.room.letters == letters


async def test_what_was_asked_while_they_were_away_costs_nothing(world):
    ana = world.person("Ana")
    await ana.answers(world.newest(QUIZ))
    await leaves(world)
    await world.days_pass(6)
    await ana.uses("/streak")
    assert "❄" not in ana.shown(), ana.shown()
    await ana.answers(world.newest(QUIZ))
    await ana.uses("/streak")
    assert ana.sees("Streak: 2 days"), ana.shown()
    assert await world.problems() == ()
    await world.days_pass(2)
    await ana.uses("/streak")
    assert "❄" in ana.shown() or "○" in ana.shown(), "what is asked after that counts again"


async def test_a_platform_tells_who_has_left_and_who_is_back(world):
    app, ana = world.application.app, world.person("Ana").user
    for gone, channel in ((ana, None), (ana, "study")):
        await app.member_left(gone, "w", channel)
        await app.member_left(gone, "w", channel)
        await assert_gone(world)
        await app.member_came_back(gone, "w", channel)
        await app.member_came_back(gone, "w", channel)
        await assert_there(world)
    for user, workspace, channel in (
        (ana, "other", None),
        (ana, "w", "lounge"),
        (stranger(ana), "w", None),
    ):
        await app.member_left(user, workspace, channel)
        await assert_there(world)


async def kept_of(world, user):
    found = await world.run(lambda unit: unit.persons.kept_of(user, 1000))
    return [row for one in found if one.name == "absence" for row in one.rows]


async def test_leaving_and_joining_over_and_over_keeps_nothing_without_posts_in_between(world):
    app, ana = world.application.app, world.person("Ana").user
    world.clock.advance(minutes=1)
    for _ in range(50):
        await app.member_left(ana, "w", "study")
        world.clock.advance(seconds=1)
        await app.member_came_back(ana, "w", "study")
    assert await kept_of(world, ana) == []
    await app.member_left(ana, "w", "study")
    world.clock.advance(minutes=11)
    await app.member_came_back(ana, "w", "study")
    assert len(await kept_of(world, ana)) == 1
    assert await world.problems() == ()


async def test_a_brief_absence_in_which_a_post_came_is_kept(world):
    app, ana, olga = world.application.app, world.person("Ana"), world.person("Olga", organiser=True)
    await olga.uses("/study post-now", kind="prompt")
    await app.member_left(ana.user, "w", "study")
    await world.passes(minutes=1)
    await app.member_came_back(ana.user, "w", "study")
    assert len(await kept_of(world, ana.user)) == 1


def stranger(user):
    return UserRef(user.platform, user.workspace, "nobody")


async def test_who_left_by_choice_is_not_brought_back_by_being_there(world):
    ana = await leaves(world)
    await world.application.app.member_came_back(ana.user, "w", "study")
    await assert_gone(world)
    await ana.uses("/challenge join")
    assert ana.sees("You're in!"), ana.shown()
    await assert_there(world)
    await leaves(world)
    await ana.uses("/challenge submit", link="https://example.org/x", learned="much, says Ana")
    assert ana.sees("already")
    await assert_there(world)


async def test_a_platform_that_can_be_asked_is_asked_once_a_day_and_never_on_the_first(world):
    await world.passes(hours=1)
    assert world.room.asked_for == []
    world.room.gone.add(("ana", "w"))
    await world.passes(hours=24)
    await world.passes(minutes=1)
    assert sorted(world.room.asked_for) == [("ana", "w"), ("ben", "w")]
    await assert_gone(world)
    await world.passes(hours=12)
    assert len(world.room.asked_for) == 2
    await world.passes(hours=24)
    await world.passes(minutes=1)
    assert world.room.asked_for[2:] == [("ben", "w")]


async def test_nobody_is_taken_off_while_a_platform_does_not_answer(world):
    world.room.gone.add(("ana", "w"))
    world.room.refuse_presence = Transient("busy")
    await world.passes(hours=26)
    await assert_there(world)
    world.room.refuse_presence = None
    await world.passes(hours=26)
    await assert_gone(world)


async def test_a_platform_that_tells_itself_is_not_asked(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds(zone="UTC", time="09:30", days="daily")
        await posts_project(world)
        await shares(world.person("Ana"))
        await world.passes(hours=50)
        assert world.room.asked_for == []


@pytest.mark.parametrize("kept_in", ["file", "memory"], indirect=True)
async def test_no_points_are_promised_to_a_board_that_one_has_left(world):
    ana = world.person("Ana")
    await ana.answers(world.newest(QUIZ))
    await ana.uses("/leaderboard")
    assert ana.sees("3 more points of yours join the board")
    await ana.uses("/leave")
    await ana.uses("/leaderboard")
    assert not ana.sees("of yours join the board")
    await world.slots_pass(days=1)
    await ana.answers(world.newest(QUIZ))
    await ana.uses("/leaderboard")
    assert ana.sees("**Ana** 8 points")
    assert ana.sees("3 more points of yours join the board")
