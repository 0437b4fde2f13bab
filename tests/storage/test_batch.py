"""Units of a batch run side by side: one statement for what is asked at one moment, and as if in turn."""

import asyncio
import dataclasses
import datetime as dt

import pytest
import pytest_asyncio

from bot.errors import UserError
from tests.storage.facts import NOW, PERIODS, act, answer, group, sent, user

pytestmark = [pytest.mark.asyncio, pytest.mark.sql]


@pytest_asyncio.fixture
async def scene(database):
    """Two groups with a question each, and four members."""

    async def build(unit):
        groups = [await unit.groups.add(group(number)) for number in (1, 2)]
        members = [await unit.members.add(user(number), NOW) for number in range(1, 5)]
        return [await unit.posts.add(sent(each.id)) for each in groups], members

    return await database.run(build)


async def all_of(database, *units):
    return await asyncio.gather(*map(database.run, units), return_exceptions=True)


def answering(who, post):
    """A unit that answers as a handler does; it returns what it has read."""

    async def unit_of_work(unit):
        learning = unit.learning
        before = await learning.streak_state(who.id) or ""
        if await learning.answer_to_post(post.id, who.id):
            raise UserError("answered before")
        tallies = await learning.topic_tallies(who.id, "backend")
        learning.add_answer(answer(who.id, post, event_id=f"e{who.id}-{post.id}"))
        learning.add_activity(act(who.id, post.group_id, f"post:{post.id}"), PERIODS, correct=True)
        learning.put_streak_state(who.id, f"{before}{post.id}")
        await unit.posts.mark_changed(post.id)
        return (
            before,
            await learning.streak_state(who.id),
            bool(await learning.answer_to_post(post.id, who.id)),
            await learning.has_activity(who.id, f"post:{post.id}"),
            sum(each.seen for each in tallies.values()),
        )

    return unit_of_work


def counting(who, post):
    """A unit that answers, and then counts the member's answers in the database."""

    async def unit_of_work(unit):
        read = await answering(who, post)(unit)
        tallies = await unit.learning.topic_tallies(who.id, "backend")
        return *read, sum(each.seen for each in tallies.values())

    return unit_of_work


async def test_many_answers_take_no_more_statements_than_two(database, scene, asked):
    (first, second), members = scene
    await all_of(database, *(answering(who, first) for who in members[:2]))
    of_two = len(asked)
    asked.clear()
    await all_of(database, *(answering(who, second) for who in members))
    assert len(asked) == of_two


async def test_a_unit_reads_what_it_has_written_and_sends_nothing_for_it(database, scene, asked):
    (post, _), (who, *_) = scene
    assert await database.run(answering(who, post)) == ("", str(post.id), True, True, 0)
    writes = [each for each in asked if not each.startswith("SELECT")]
    assert asked[-len(writes) :] == writes, "all of them at the end"


async def test_two_answers_of_a_member_to_one_post_are_the_first(database, scene):
    (post, _), (who, other, *_) = scene
    first, beside, again = await all_of(
        database, answering(who, post), answering(other, post), answering(who, post)
    )
    assert first == beside == ("", str(post.id), True, True, 0)
    assert isinstance(again, UserError)


async def test_a_members_streak_counts_both_of_two_answers_at_once(database, scene):
    posts, (who, *_) = scene
    first, second = await all_of(database, *(answering(who, post) for post in posts))
    one, two = (str(post.id) for post in posts)
    assert (first[:2], second[:2]) == (("", one), (one, one + two))
    assert second[4:] == (1,)


async def test_units_that_count_what_they_have_written_count_it_in_turn(database, scene):
    posts, (who, other, *_) = scene
    counts = await all_of(database, *(counting(each, post) for each in (who, other) for post in posts))
    assert [each[4:] for each in counts] == [(0, 1), (1, 2)] * 2


async def test_only_who_has_read_what_was_changed_runs_again(database, scene):
    (post, _), members = scene
    runs = []

    def counted(name, unit_of_work):
        async def run(unit):
            runs.append(name)
            return await unit_of_work(unit)

        return run

    async def look(unit):
        return (await unit.posts.get(post.id)).closes_at

    async def closing(unit):
        unit.posts.note_closing(post.id, NOW)

    names = ["a", "close", "b", "look", "look too"]
    units = [answering(members[0], post), closing, answering(members[1], post), look, look]
    found = await all_of(database, *map(counted, names, units))
    assert found[3:] == [NOW, NOW]
    assert sorted(runs) == sorted([*names, "look", "look too"])


async def test_who_fails_after_writing_at_once_takes_nobody_along(database, scene):
    (post, _), (who, other, *_) = scene

    async def fail(unit):
        unit.learning.put_streak_state(who.id, "wrong")
        await unit.events.forget_before(NOW)
        raise UserError("no")

    first, failed, last = await all_of(database, answering(other, post), fail, answering(who, post))
    assert isinstance(failed, UserError)
    assert first == last == ("", str(post.id), True, True, 0)


async def test_newcomers_have_the_ids_that_they_would_have_one_after_another(database, scene):
    def meeting(number, *, fails=False):
        async def meet(unit):
            await unit.events.seen(f"e{number}")
            new = await unit.members.add(user(number), NOW)
            if fails:
                raise UserError("no")
            return new.id, (await unit.members.find(user(number))).id

        return meet

    found = await all_of(database, *(meeting(number, fails=number == 12) for number in range(10, 15)))
    assert isinstance(found.pop(2), UserError)
    last = scene[1][-1].id
    assert found == [(last + n, last + n) for n in range(1, 5)]


async def test_a_read_that_cannot_be_batched_is_right_too(database, scene):
    posts, members = scene
    await all_of(database, *(answering(who, posts[0]) for who in members))

    async def counts(unit):
        return await asyncio.gather(*(unit.learning.count_answers(post.id) for post in posts))

    assert await all_of(database, counts, counts) == [[4, 0], [4, 0]]


async def test_what_is_saved_is_read_back_before_it_is_sent(database, scene):
    (post, _), _ = scene

    async def save(unit):
        found = await unit.groups.get(post.group_id)
        await unit.groups.save(dataclasses.replace(found, zone="Asia/Tokyo"))
        return (await unit.groups.get(post.group_id)).zone, (await unit.groups.find(found.channel)).zone

    assert await database.run(save) == ("Asia/Tokyo", "Asia/Tokyo")


async def test_units_that_write_the_same_row_by_several_statements_write_in_order(database, scene):
    (post, _), _ = scene
    later = NOW + dt.timedelta(hours=1)

    def closing(at):
        async def close(unit):
            unit.posts.note_closing(post.id, at)

        return close

    async def save(unit):
        await unit.posts.save(dataclasses.replace(post, closes_at=None))

    await all_of(database, closing(NOW), save, closing(later), save)
    assert (await database.run(lambda unit: unit.posts.get(post.id))).closes_at is None
    await all_of(database, save, closing(NOW), save, closing(later))
    assert (await database.run(lambda unit: unit.posts.get(post.id))).closes_at == later
