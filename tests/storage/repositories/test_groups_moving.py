"""Groups that move, people who are named as organisers, notices that go on to others: on every database."""

import dataclasses
import datetime as dt

import pytest
import pytest_asyncio

from bot.domain.model import PostKind, PostState
from bot.domain.refs import MessageRef
from bot.errors import Conflict
from tests.storage.facts import DAY, HOUR, NOW, channel, group, post, sent, user

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def of(database):
    return await database.run(lambda unit: unit.groups.add(group()))


async def add(database, *posts):
    async def write(unit):
        return [await unit.posts.add(each) for each in posts]

    return await database.run(write)


def moved(of, number):
    return dataclasses.replace(of, channel=channel(number))


async def test_a_group_that_moves_is_found_in_its_new_channel_alone(database, of):
    await database.run(lambda unit: unit.groups.move(moved(of, 2)))
    assert await database.read(lambda unit: unit.groups.find(channel(2))) == moved(of, 2)
    assert await database.read(lambda unit: unit.groups.find(channel(1))) is None
    assert await database.read(lambda unit: unit.groups.get(of.id)) == moved(of, 2)


async def test_a_channel_that_has_a_group_is_a_conflict(database, of):
    other = await database.run(lambda unit: unit.groups.add(group(2)))
    with pytest.raises(Conflict):
        await database.run(lambda unit: unit.groups.move(moved(of, 2)))
    assert await database.read(lambda unit: unit.groups.find(channel(1))) == of
    assert await database.read(lambda unit: unit.groups.find(channel(2))) == other


async def test_messages_stay_where_they_were_posted_however_often_the_group_moves(database, of):
    await add(database, sent(of.id, "a"), post(of.id, "planned"))
    await database.run(lambda unit: unit.groups.move(moved(of, 2)))
    in_second = MessageRef(channel(2), "m-b")
    await add(database, sent(of.id, "b", message=in_second))
    await database.run(lambda unit: unit.groups.move(moved(of, 3)))

    async def look(unit):
        posts = await unit.posts.history(of.id, PostKind.QUIZ, 9)
        first = MessageRef(channel(1), "m-quiz-a")
        found = [await unit.posts.by_message(each) for each in (first, in_second)]
        nowhere = [
            await unit.posts.by_message(MessageRef(channel(3), each.id)) for each in (first, in_second)
        ]
        was = [await unit.posts.was_in(of.id, channel(number).id) for number in (1, 2, 3, 4)]
        where = {each.slot: each.message and each.message.channel.id for each in posts}
        return where, [each.slot for each in found], nowhere, was

    where, found, nowhere, was = await database.read(look)
    assert where == {"a": channel(1).id, "b": channel(2).id, "planned": None}
    assert found == ["a", "b"]
    assert nowhere == [None, None]
    assert was == [True, True, False, False]


async def test_a_message_that_was_sent_while_the_group_moved_is_noted_where_it_is(database, of):
    (new,) = await add(database, post(of.id))
    await database.run(lambda unit: unit.groups.move(moved(of, 2)))
    ref = MessageRef(channel(1), "m")

    async def record(unit):
        done = dataclasses.replace(new, state=PostState.SENT, message=ref, sent_at=NOW)
        await unit.posts.save(done)
        unit.posts.note_channel(new.id, ref.channel.id)

    await database.run(record)
    assert (await database.read(lambda unit: unit.posts.get(new.id))).message == ref


async def test_the_organiser_of_a_group_is_found_and_can_be_another_one(database, of):
    await database.run(lambda unit: unit.groups.add(group(2, organiser=user(7))))
    assert await database.read(lambda unit: unit.groups.organised_by(of.organiser)) == (of,)
    over = dataclasses.replace(of, organiser=user(7))
    await database.run(lambda unit: unit.groups.move(over))
    found = await database.read(lambda unit: unit.groups.organised_by(user(7)))
    assert [each.id for each in found] == [1, 2]
    assert await database.read(lambda unit: unit.groups.organised_by(of.organiser)) == ()


async def test_people_are_named_once_and_dismissed(database):
    async def name(unit):
        for who in ("b", "a", "b"):
            unit.organisers.name("room", "school", who)
        unit.organisers.name("room", "club", "a")

    await database.run(name)
    assert await database.read(lambda unit: unit.organisers.named("room", "school")) == ("a", "b")
    assert await database.read(lambda unit: unit.organisers.workspaces("room", "a")) == {"school", "club"}
    assert await database.read(lambda unit: unit.organisers.workspaces("elsewhere", "a")) == frozenset()
    for _ in range(2):
        await database.run(lambda unit: unit.organisers.dismiss("room", "school", "a"))
    assert await database.read(lambda unit: unit.organisers.named("room", "school")) == ("b",)
    assert await database.read(lambda unit: unit.organisers.named("room", "club")) == ("a",)


async def test_posts_are_found_by_their_content_and_by_their_dates(database, of):
    later = DAY + dt.timedelta(days=1)
    closed = {"state": PostState.CLOSED, "message": MessageRef(channel(), "b")}
    unposted = (PostState.PLANNED, PostState.MISSED, PostState.FAILED)
    await add(
        database,
        sent(of.id, "a", content_id="x"),
        sent(of.id, "b", content_id="x", due_at=NOW + HOUR, local_date=later, **closed),
        *(post(of.id, s, content_id="x", state=s, due_at=NOW + 2 * HOUR) for s in unposted),
        post(of.id, "c", kind=PostKind.PROMPT, local_date=later),
    )

    async def look(unit):
        newest = await unit.posts.newest_of(of.id, PostKind.QUIZ, "x")
        none = await unit.posts.newest_of(of.id, PostKind.PROMPT, "x")
        dates = [
            {each.slot for each in await unit.posts.on_dates(of.id, days)} - {*unposted}
            for days in ({later}, (), {DAY})
        ]
        return newest.slot, none, dates, await unit.posts.on_dates(99, {later})

    assert await database.read(look) == ("b", None, [{"b", "c"}, set(), {"a"}], ())
