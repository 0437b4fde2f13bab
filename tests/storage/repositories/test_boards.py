"""Dates of points: counted once a question has closed, and each in the window of one recap."""

import datetime as dt

import pytest
import pytest_asyncio

from bot.domain.boards import Scored
from bot.domain.model import ActivityKind, PostKind, PostState
from bot.domain.scoring import period_keys
from bot.errors import Conflict
from storage import verify
from tests.storage.facts import DAY, HOUR, NOW, PERIODS, act, group, post, sent, user
from tests.support.memory import MemoryDatabase

pytestmark = pytest.mark.asyncio

WEEK = dt.timedelta(days=7)


@pytest_asyncio.fixture
async def scene(database):
    """A group, two members, and a question that is open."""

    async def build(unit):
        of = await unit.groups.add(group())
        members = [await unit.members.add(user(number), NOW) for number in (1, 2)]
        for number, who in enumerate(members, 1):
            await unit.members.join(of.id, who.id, NOW, f"Member {number}")
        return of, members, await unit.posts.add(sent(of.id))

    return await database.run(build)


def answers(member, of, quiz, points, periods=()):
    row = act(member.id, of.id, f"post:{quiz.id}", points=points)
    return lambda unit: _add(unit, row, periods, correct=points == 3)


def does(member, of, key, points=1):
    row = act(member.id, of.id, key, points=points, kind=ActivityKind.PROMPT_DONE)
    return lambda unit: _add(unit, row, PERIODS)


async def _add(unit, row, periods, correct=None):
    unit.learning.add_activity(row, periods, correct=correct)


def closes(quiz, day=DAY):
    async def close(unit):
        await unit.posts.save(sent(quiz.group_id, id=quiz.id, state=PostState.CLOSED))
        unit.boards.settle(quiz, day)

    return close


async def recap(database, of, slot, at, state=PostState.SENT):
    """A recap whose window is sealed, and what was counted in it."""

    async def seal(unit):
        new = await unit.posts.add(post(of.id, slot, PostKind.RECAP))
        await unit.boards.seal(new, of, at)
        await unit.boards.seal(new, of, at + HOUR)
        await unit.posts.save(post(of.id, slot, PostKind.RECAP, id=new.id, state=state))
        return await unit.boards.counted(new.id)

    return await database.run(seal)


async def points(database, of, period):
    best, _ = await database.run(lambda unit: unit.boards.standings(of.id, period, 9, None))
    return {row.member_id: (row.points, row.answers, row.correct) for row in best}


async def is_right(database):
    return isinstance(database, MemoryDatabase) or await verify(database) == ()


async def test_points_of_an_open_question_wait_and_count_on_the_day_on_which_it_closes(database, scene):
    of, (ana, ben), quiz = scene
    next_month = dt.date(2026, 4, 1)
    await database.run(answers(ana, of, quiz, 3))
    await database.run(answers(ben, of, quiz, 1))
    assert await points(database, of, "all") == {}
    assert await database.run(lambda unit: unit.boards.waiting_points(of.id, ana.id)) == 3
    answered = await database.run(lambda unit: unit.boards.answered_open(of.id, 5))
    assert answered == (("Member 2", "Member 1"), 2)
    assert await database.run(lambda unit: unit.boards.settled_on(quiz.id)) is None
    await database.run(closes(quiz, next_month))
    assert await database.run(lambda unit: unit.boards.waiting_points(of.id, ana.id)) == 0
    assert await database.run(lambda unit: unit.boards.answered_open(of.id, 5)) == ((), 0)
    assert await database.run(lambda unit: unit.boards.settled_on(quiz.id)) == next_month
    for period in period_keys(next_month):
        assert await points(database, of, period) == {ana.id: (3, 1, 1), ben.id: (1, 1, 0)}
    assert await points(database, of, "2026-03") == {}
    assert await is_right(database)


async def test_an_answer_that_comes_in_after_closing_counts_at_once_and_once(database, scene):
    of, (ana, ben), quiz = scene
    await database.run(answers(ana, of, quiz, 3))
    await database.run(closes(quiz))
    await database.run(answers(ben, of, quiz, 3, period_keys(DAY)))
    assert await points(database, of, "all") == {ana.id: (3, 1, 1), ben.id: (3, 1, 1)}
    assert await is_right(database)


async def test_a_question_is_counted_once(database, scene):
    *_, quiz = scene
    await database.run(closes(quiz))
    with pytest.raises(Conflict):
        await database.run(closes(quiz))


async def test_each_recap_looks_back_on_what_was_written_down_since_the_last_one(database, scene):
    of, (ana, ben), quiz = scene
    await database.run(does(ana, of, "prompt:1"))
    await database.run(answers(ana, of, quiz, 3))
    await database.run(answers(ben, of, quiz, 1))
    first = await recap(database, of, "1", NOW + WEEK)
    assert (first.since, first.until) == (NOW, NOW + WEEK)
    assert (first.active, first.questions) == (2, ())
    assert first.scored == (Scored(ana.id, 1, 0, 0),)
    await database.run(closes(quiz))
    second = await recap(database, of, "2", NOW + 2 * WEEK)
    assert (second.since, second.until, second.active) == (NOW + WEEK, NOW + 2 * WEEK, 0)
    assert second.scored == (Scored(ana.id, 3, 1, 1), Scored(ben.id, 1, 1, 0))
    assert second.questions == ((quiz.id, 2, 1),)
    third = await recap(database, of, "3", NOW)  # the clock was set back
    assert (third.since, third.until) == (NOW + 2 * WEEK, NOW + 2 * WEEK)
    assert (third.active, third.scored, third.questions) == (0, (), ())


async def test_a_recap_takes_over_what_one_that_never_came_looked_back_on(database, scene):
    of, (ana, ben), _ = scene
    await database.run(does(ana, of, "a", 5))
    lost = await recap(database, of, "1", NOW + WEEK, state=PostState.FAILED)
    assert lost.scored == (Scored(ana.id, 5, 0, 0),)
    await database.run(does(ben, of, "b", 2))
    found = await recap(database, of, "2", NOW + 2 * WEEK)
    assert (found.since, found.active) == (NOW, 2)
    assert found.scored == (Scored(ana.id, 5, 0, 0), Scored(ben.id, 2, 0, 0))


async def test_groups_do_not_count_for_each_other(database, scene):
    of, (ana, _), quiz = scene
    other = await database.run(lambda unit: unit.groups.add(group(2)))
    await database.run(lambda unit: unit.members.join(other.id, ana.id, NOW, "Ana"))
    await database.run(does(ana, other, "a"))
    await database.run(answers(ana, of, quiz, 3))
    await database.run(closes(quiz))
    there = await recap(database, other, "1", NOW + WEEK)
    assert (there.active, there.scored, there.questions) == (1, (Scored(ana.id, 1, 0, 0),), ())
    assert await database.run(lambda unit: unit.boards.counted(99)) is None
    assert await database.run(lambda unit: unit.boards.tied(of.id, "all", 3)) == 1
    assert await database.run(lambda unit: unit.boards.tied(other.id, "all", 3)) == 0
