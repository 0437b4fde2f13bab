"""Answers, activity, and what is counted of them."""

import datetime as dt
from operator import attrgetter

import pytest
import pytest_asyncio

from bot.domain.model import ActivityKind, AskedPost, Met, PostKind, PostState, Standing, TopicTally
from bot.domain.questions import Chosen
from bot.domain.refs import MessageRef
from bot.domain.scoring import lot, salt_of
from bot.errors import Conflict
from tests.storage.facts import (
    DAY,
    HOUR,
    NOW,
    PERIODS,
    act,
    answer,
    channel,
    group,
    post,
    practice,
    sent,
    user,
)

A, B = Chosen(("a",)), Chosen(("b",))

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def scene(database):
    """A group, three members and a quiz."""

    async def build(unit):
        of = await unit.groups.add(group())
        members = [await unit.members.add(user(number), NOW) for number in (1, 2, 3)]
        for number, hours in ((1, -1), (2, 1), (3, 0)):
            joined = NOW + hours * HOUR
            await unit.members.join(of.id, members[number - 1].id, joined, f"Member {number}")
        return of, members, await unit.posts.add(sent(of.id))

    return await database.run(build)


def writing(method, *records, **options):
    async def write(unit):
        for record in records:
            method_of(unit, method)(record, **options)

    return write


def standings(*arguments):
    return reading("boards.standings", *arguments)


def method_of(unit, method):
    """The method of the unit, of learning where it names no port."""
    return attrgetter(method if "." in method else f"learning.{method}")(unit)


def reading(method, *arguments):
    return lambda unit: method_of(unit, method)(*arguments)


async def test_an_answer_to_a_post_is_read_back_whole(database, scene):
    _, (ana, ben, _), quiz = scene
    given = answer(ana.id, quiz, correct=False)

    async def give(unit):
        before = await unit.learning.answer_to_post(quiz.id, ana.id)
        unit.learning.add_answer(given)
        return before, await unit.learning.answer_to_post(quiz.id, ana.id)

    assert await database.run(give) == (None, given)
    assert await database.run(reading("answer_to_post", quiz.id, ana.id)) == given
    assert await database.run(reading("answer_to_post", quiz.id, ben.id)) is None


async def test_a_practice_question_is_served_answered_and_read_back(database, scene):
    _, (ana, _, _), _ = scene

    async def practise(unit):
        served = await unit.practice.add(practice(ana.id))
        before = await unit.learning.answer_to_practice(served.id)
        unit.learning.add_answer(answer(ana.id, practice=served))
        return served, before, await unit.learning.answer_to_practice(served.id)

    served, before, given = await database.run(practise)
    assert served == practice(ana.id, id=served.id, event_id=served.event_id)
    assert (before, given) == (None, answer(ana.id, practice=served))
    assert await database.run(reading("practice.get", served.id)) == served
    assert await database.run(reading("answer_to_practice", served.id)) == given
    assert await database.run(reading("practice.get", 99)) is None
    assert await database.run(reading("answer_to_practice", 99)) is None
    with pytest.raises(Conflict):
        await database.run(writing("add_answer", answer(ana.id, practice=served)))


async def test_a_second_answer_is_a_conflict_known_or_not(database, scene):
    _, (ana, _, _), quiz = scene
    await database.run(writing("add_answer", answer(ana.id, quiz)))
    with pytest.raises(Conflict):
        await database.run(writing("add_answer", answer(ana.id, quiz, response=B)))
    assert await database.run(reading("distribution", quiz.id)) == {A: 1}


async def test_an_act_counts_once_for_each_member(database, scene):
    of, (ana, ben, _), quiz = scene
    key = f"post:{quiz.id}"

    async def count(unit):
        before = await unit.learning.has_activity(ana.id, key)
        unit.learning.add_activity(act(ana.id, of.id, key), PERIODS, correct=True)
        return before, await unit.learning.has_activity(ana.id, key)

    assert await database.run(count) == (False, True)
    assert await database.run(reading("has_activity", ana.id, key))
    assert not await database.run(reading("has_activity", ben.id, key))
    assert not await database.run(reading("has_activity", ana.id, "prompt:1"))
    with pytest.raises(Conflict):
        await database.run(writing("add_activity", act(ana.id, of.id, key), periods=PERIODS))
    await database.run(writing("add_activity", act(ben.id, of.id, key), periods=PERIODS))
    assert await database.run(reading("count_acts", quiz.id, "post")) == 2
    assert await database.run(reading("count_acts", quiz.id, "prompt")) == 0


async def test_activities_come_back_whole_and_oldest_first(database, scene):
    of, (ana, _, _), _ = scene
    rows = [
        act(ana.id, of.id, "a", happened_at=NOW + HOUR, local_date=DAY + dt.timedelta(days=1)),
        act(ana.id, None, "b", kind=ActivityKind.PRACTICE, points=0),
        act(ana.id, of.id, "c", happened_at=NOW + 2 * HOUR, local_date=DAY + dt.timedelta(days=1)),
    ]
    await database.run(writing("add_activity", *rows, periods=PERIODS))
    assert await database.run(reading("activities", ana.id)) == (rows[1], rows[0], rows[2])
    assert await database.run(reading("active_days", ana.id, DAY)) == {
        DAY: 1,
        DAY + dt.timedelta(days=1): 2,
    }
    assert await database.run(reading("active_days", ana.id, DAY + dt.timedelta(days=1))) == {
        DAY + dt.timedelta(days=1): 2
    }
    assert await database.run(reading("activities", 99)) == ()


async def test_a_streak_state_is_overwritten(database, scene):
    _, (ana, _, _), _ = scene

    async def put(unit):
        before = await unit.learning.streak_state(ana.id)
        unit.learning.put_streak_state(ana.id, "one")
        unit.learning.put_streak_state(ana.id, "two")
        return before, await unit.learning.streak_state(ana.id)

    assert await database.run(put) == (None, "two")
    assert await database.run(put) == ("two", "two")
    assert await database.run(reading("streak_state", ana.id)) == "two"


async def test_all_streak_states_are_forgotten_at_once(database, scene):
    _, (ana, ben, _), _ = scene

    async def put_and_forget(unit):
        unit.learning.put_streak_state(ana.id, "one")
        unit.learning.put_streak_state(ben.id, "two")
        await unit.learning.forget_streak_states()
        return await unit.learning.streak_state(ana.id)

    assert await database.run(put_and_forget) is None
    for member in (ana, ben):
        assert await database.run(reading("streak_state", member.id)) is None


async def test_the_distribution_counts_options(database, scene):
    _, members, quiz = scene
    options = zip(members, (A, B, A), strict=True)
    given = [answer(who.id, quiz, response=it) for who, it in options]
    await database.run(writing("add_answer", *given))
    assert await database.run(reading("distribution", quiz.id)) == {A: 2, B: 1}
    assert await database.run(reading("count_answers", quiz.id)) == 3
    assert await database.run(reading("distribution", 99)) == {}
    assert await database.run(reading("count_answers", 99)) == 0


async def test_equal_points_share_a_rank(database, scene):
    of, (ana, ben, cem), _ = scene
    scores = ((ana, 10, True), (ben, 30, False), (cem, 10, None))

    async def score(unit):
        for member, points, correct in scores:
            unit.learning.add_activity(act(member.id, of.id, points=points), ("all",), correct=correct)

    await database.run(score)
    first = Standing(1, ben.id, "Member 2", 30, 1, 0)
    second = (Standing(2, ana.id, "Member 1", 10, 1, 1), Standing(2, cem.id, "Member 3", 10, 0, 0))
    last = second[1]
    second = tuple(sorted(second, key=lambda each: lot(each.member_id, salt_of("all"))))
    assert await database.run(standings(of.id, "all", 10, None)) == (
        (first, *second),
        None,
    )
    assert await database.run(standings(of.id, "all", 1, cem.id)) == ((first,), last)
    assert await database.run(standings(of.id, "all", 3, ben.id)) == (
        (first, *second),
        first,
    )
    assert await database.run(standings(of.id, "all", 3, 99)) == ((first, *second), None)
    assert await database.run(standings(of.id, "2026", 3, ana.id)) == ((), None)


async def test_tallies_add_up_across_units_and_within_one(database, scene):
    of, (ana, _, _), _ = scene
    for batch in (("a", "b"), ("c",)):
        rows = [act(ana.id, of.id, key, points=5) for key in batch]
        await database.run(writing("add_activity", *rows, periods=PERIODS, correct=True))
    await database.run(writing("add_activity", act(ana.id, None, "alone"), periods=PERIODS))
    for period in PERIODS:
        (best,), _ = await database.run(standings(of.id, period, 5, None))
        assert (best.points, best.answers, best.correct) == (15, 3, 3)


async def test_topics_are_tallied_with_the_latest_answer(database, scene):
    of, (ana, _, _), quiz = scene
    other = await database.run(lambda unit: unit.posts.add(sent(of.id, "2")))
    git = await database.run(lambda unit: unit.posts.add(sent(of.id, "3")))
    elsewhere = await database.run(lambda unit: unit.posts.add(sent(of.id, "4")))
    await database.run(writing("add_answer", answer(ana.id, quiz, happened_at=NOW + HOUR)))
    await database.run(
        writing(
            "add_answer",
            answer(ana.id, other, correct=False),
            answer(ana.id, git, topic="git", question_id="q2"),
            answer(ana.id, elsewhere, pack="other"),
        )
    )
    assert await database.run(reading("topic_tallies", ana.id, "backend")) == {
        "git": TopicTally("git", 1, 1, NOW),
        "http": TopicTally("http", 2, 1, NOW + HOUR),
    }
    assert await database.run(reading("questions_met", ana.id, "backend")) == {
        "q1": Met(2),
        "q2": Met(1),
    }
    assert await database.run(reading("topic_tallies", 99, "backend")) == {}
    assert await database.run(reading("questions_met", 99, "backend")) == {}


async def test_questions_are_met_in_posts_and_in_practice(database, scene):
    _, (ana, ben, _), quiz = scene
    await database.run(writing("add_answer", answer(ana.id, quiz)))

    async def practise(unit):
        first = await unit.practice.add(practice(ana.id))
        unit.learning.add_answer(answer(ana.id, practice=first))
        await unit.practice.add(practice(ben.id))
        await unit.practice.add(practice(ana.id, pack="other"))
        return first, await unit.practice.add(practice(ana.id, question_id="q2"))

    first, second = await database.run(practise)
    assert await database.run(reading("questions_met", ana.id, "backend")) == {
        "q1": Met(2, first.id),
        "q2": Met(1, second.id),
    }


async def test_a_practice_question_is_found_by_the_event_that_asked_for_it(database, scene):
    _, (ana, _, _), _ = scene
    served = await database.run(lambda unit: unit.practice.add(practice(ana.id, event_id="e1")))
    assert await database.run(reading("practice.of_event", "e1")) == served
    assert await database.run(reading("practice.of_event", "e2")) is None

    async def ask_again(unit):
        with pytest.raises(Conflict):
            await unit.practice.add(practice(ana.id, event_id="e1"))
        await unit.notes.put("went on", "yes")
        return await unit.practice.of_event("e1")

    assert await database.run(ask_again) == served
    assert await database.run(lambda unit: unit.notes.get("went on")) == "yes"


async def test_what_was_asked_is_of_questions_and_prompts_posted_in_groups_of_theirs(database, scene):
    of, (ana, ben, _), quiz = scene

    async def ask(unit):
        other = await unit.groups.add(group(2))
        prompt = await unit.posts.add(sent(of.id, "p", PostKind.PROMPT, sent_at=NOW + HOUR))
        await unit.posts.add(sent(of.id, "c", PostKind.CHALLENGE))
        await unit.posts.add(sent(of.id, "r", PostKind.RECAP))
        await unit.posts.add(sent(of.id, "m", state=PostState.MISSED, sent_at=None))
        await unit.posts.add(post(of.id, "planned"))
        await unit.posts.add(sent(other.id, "o", message=MessageRef(channel(2), "x")))
        early = await unit.posts.add(sent(of.id, "early", local_date=DAY - dt.timedelta(days=1)))
        for when, key in ((3, f"reply:{prompt.id}"), (2, f"prompt:{prompt.id}"), (4, f"quiz:{quiz.id}")):
            row = act(ana.id, of.id, key, happened_at=NOW + when * HOUR)
            unit.learning.add_activity(row, PERIODS)
        return prompt, early

    prompt, early = await database.run(ask)
    found = await database.run(reading("asked", ana.id, DAY))
    assert [(one.post_id, one.kind, one.answered_at) for one in found] == [
        (quiz.id, PostKind.QUIZ, None),
        (prompt.id, PostKind.PROMPT, NOW + 2 * HOUR),
    ]
    assert found[0] == AskedPost(
        quiz.id, of.id, PostKind.QUIZ, DAY, quiz.sent_at, quiz.closes_at, NOW - HOUR, None
    )
    assert [one.joined_at for one in await database.run(reading("asked", ben.id, DAY))] == [NOW + HOUR] * 2
    everything = await database.run(reading("asked", ana.id, dt.date.min))
    assert {one.post_id for one in everything} == {early.id, quiz.id, prompt.id}
    assert await database.run(reading("asked", 99, dt.date.min)) == ()
