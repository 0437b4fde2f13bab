"""Answers that are graded again: what is kept of it, and what follows from it."""

import dataclasses

import pytest
import pytest_asyncio
import sqlalchemy as sa

from bot.domain.model import PostState
from bot.domain.questions import Chosen
from bot.domain.regrading import AnswerKey, Correction, Regrade
from bot.errors import Conflict
from storage import verify
from storage.engine import IMMEDIATE
from tests.storage.facts import DAY, HOUR, NOW, act, answer, group, practice, sent, user
from tests.support.memory import MemoryDatabase

pytestmark = pytest.mark.asyncio

OF = ("backend", "q1")


@pytest_asyncio.fixture
async def scene(database):
    """Two members who have answered a question wrongly, in a post that is open, and one in practice."""

    async def build(unit):
        of = await unit.groups.add(group())
        ana, ben = [await unit.members.add(user(number), NOW) for number in (1, 2)]
        quiz = await unit.posts.add(sent(of.id))
        alone = await unit.practice.add(practice(ben.id))
        for who in (ana, ben):
            await unit.members.join(of.id, who.id, NOW, f"Member {who.id}")
            wrong = answer(who.id, quiz, correct=False, points=1, response=Chosen((f"o{who.id}",)))
            unit.learning.add_answer(wrong)
            unit.learning.add_activity(act(who.id, of.id, f"post:{quiz.id}", points=1), (), correct=False)
        unit.learning.add_answer(answer(ben.id, practice=alone, correct=False, points=0))
        return of, quiz, ana, ben

    return await database.run(build)


async def answers(database):
    return await database.run(lambda unit: unit.regrades.answers(*OF, 0, 9))


def again(found, score, points, now_correct):
    return Regrade(found.id, len(found.scores), 3, score, points, now_correct, NOW + HOUR)


async def add(database, found, regrade, settled_on=None):
    async def put(unit):
        unit.regrades.add(found, regrade, settled_on)

    await database.run(put)


async def settle(database, quiz):
    async def close(unit):
        await unit.posts.save(sent(quiz.group_id, id=quiz.id, state=PostState.CLOSED))
        unit.boards.settle(quiz, DAY)

    await database.run(close)


async def board(database, of):
    best, _ = await database.run(lambda unit: unit.boards.standings(of.id, "all", 9, None))
    return {row.member_id: (row.points, row.answers, row.correct) for row in best}


async def is_right(database):
    return isinstance(database, MemoryDatabase) or await verify(database) == ()


async def test_answers_are_found_by_their_question_a_page_at_a_time(database, scene):
    of, quiz, ana, ben = scene
    found = await answers(database)
    assert [(each.member_id, each.post_id, each.scores) for each in found] == [
        (ana.id, quiz.id, (0.0,)),
        (ben.id, quiz.id, (0.0,)),
        (ben.id, None, (0.0,)),
    ]
    assert await database.run(lambda unit: unit.regrades.answers(*OF, found[0].id, 1)) == found[1:2]
    assert await database.run(lambda unit: unit.regrades.answers_in(*OF, of.id)) == found[:2]
    assert await database.run(lambda unit: unit.regrades.answers("other", "q1", 0, 9)) == ()
    asked = await database.run(lambda unit: unit.regrades.answered("backend", ["q1", "q2"]))
    assert asked == {"q1"}


async def test_the_answer_stays_and_counts_as_its_best_score_does(database, scene):
    _, quiz, ana, _ = scene
    first = (await answers(database))[0]
    await add(database, first, again(first, 0.5, 1, now_correct=False))
    second = (await answers(database))[0]
    assert second.scores == (0.0, 0.5)
    await add(database, second, again(second, 0.0, 0, now_correct=False))
    third = (await answers(database))[0]
    await add(database, third, again(third, 1.0, 1, now_correct=True))
    last = await database.run(lambda unit: unit.learning.answer_to_post(quiz.id, ana.id))
    assert (last.score, last.correct, last.points) == (1.0, True, 3)
    tallies = await database.run(lambda unit: unit.learning.topic_tallies(ana.id, "backend"))
    assert (tallies["http"].seen, tallies["http"].correct, tallies["http"].last_at) == (1, 1, NOW)
    inside = await database.run(lambda unit: unit.learning.topic_tallies_in(ana.id, "backend", [1]))
    assert inside == tallies
    assert await is_right(database)


async def test_practice_counts_as_right_by_now(database, scene):
    *_, ben = scene
    alone = (await answers(database))[2]
    await add(database, alone, again(alone, 1.0, 0, now_correct=True))
    found = await database.run(lambda unit: unit.learning.answer_to_practice(1))
    assert (found.score, found.correct, found.points) == (1.0, True, 0)
    tallies = await database.run(lambda unit: unit.learning.topic_tallies(ben.id, "backend"))
    assert (tallies["http"].seen, tallies["http"].correct) == (2, 1)
    assert await is_right(database)


@pytest.mark.parametrize("closed_first", [False, True])
async def test_gains_are_on_the_boards_of_the_day_on_which_the_question_closed(
    database, scene, closed_first
):
    of, quiz, ana, ben = scene
    found = (await answers(database))[0]
    if closed_first:
        await settle(database, quiz)
        assert await board(database, of) == {ana.id: (1, 1, 0), ben.id: (1, 1, 0)}
    await add(database, found, again(found, 1.0, 2, now_correct=True), DAY if closed_first else None)
    if not closed_first:
        assert await board(database, of) == {}
        assert await database.run(lambda unit: unit.boards.waiting_points(of.id, ana.id)) == 3
        assert await database.run(lambda unit: unit.boards.waiting_points(of.id, ben.id)) == 1
        await settle(database, quiz)
    assert await board(database, of) == {ana.id: (3, 1, 1), ben.id: (1, 1, 0)}
    assert await database.run(lambda unit: unit.regrades.of_post(quiz.id)) == Correction(1, 1)
    assert await is_right(database)


async def test_a_post_whose_answers_stayed_has_no_correction(database, scene):
    assert await database.run(lambda unit: unit.regrades.of_post(scene[1].id)) is None


async def test_an_answer_has_one_regrade_of_a_number(database, scene):
    found = (await answers(database))[0]
    await add(database, found, again(found, 1.0, 2, now_correct=True))
    with pytest.raises(Conflict):
        await add(database, found, again(found, 1.0, 2, now_correct=True))
    assert await is_right(database)


async def test_keys_are_kept_by_pack_and_written_over(database):
    first, second = AnswerKey("q1", 1, "aa", NOW), AnswerKey("q2", 1, "bb", NOW)
    newer = dataclasses.replace(first, rev=2, digest="cc", recorded_at=NOW + HOUR)

    async def record(unit):
        unit.regrades.record("backend", [first, second])
        unit.regrades.record("other", [first])

    async def record_again(unit):
        unit.regrades.record("backend", [newer])

    await database.run(record)
    await database.run(record_again)
    assert await database.run(lambda unit: unit.regrades.keys("backend")) == {"q1": newer, "q2": second}
    assert await database.run(lambda unit: unit.regrades.keys("other")) == {"q1": first}


async def test_the_regrades_of_the_forgotten_stay_without_when_and_those_of_practice_go(database, scene):
    of, quiz, ana, _ = scene
    for found in (await answers(database))[1:]:
        points = 2 if found.post_id else 0
        await add(database, found, again(found, 1.0, points, now_correct=True))
    kept = {each.name for each in await database.run(lambda unit: unit.persons.kept_of(user(2), 9))}
    assert "regrade" in kept
    await database.run(lambda unit: unit.persons.forget(user(2), NOW))
    left = await answers(database)
    assert [(each.member_id, each.scores) for each in left] == [(ana.id, (0.0,)), (None, (0.0, 1.0))]
    assert await database.run(lambda unit: unit.regrades.of_post(quiz.id)) == Correction(1, 1)
    await settle(database, quiz)
    assert await board(database, of) == {ana.id: (1, 1, 0)}
    assert await is_right(database)


@pytest.mark.sql
@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE regrade SET points_gained = 1", "regrade 1 of answer 1: stored [1, True], the facts say"),
        ("UPDATE regrade SET now_correct = 0", "regrade 1 of answer 1: stored [2, False], the facts say"),
        ("UPDATE regrade SET number = 2", "regrade 2 of answer 1: stored [2, True], the facts say"),
    ],
)
async def test_a_regrade_that_does_not_follow_from_its_scores_is_found(database, scene, statement, finding):
    found = (await answers(database))[0]
    await add(database, found, again(found, 1.0, 2, now_correct=True))
    async with database.engine.execution_options(**IMMEDIATE).begin() as connection:
        await connection.execute(sa.text(statement))
    assert any(each.startswith(finding) for each in await verify(database))
