"""The outbox: found when it is due, leased, and right whatever crosses on the way."""

import dataclasses
from inspect import isawaitable

import pytest
import pytest_asyncio

from bot.domain.deliveries import AT_ONCE, Delivery, DeliveryKind
from bot.domain.model import Notice
from bot.domain.reasons import NoticeKind, PauseReason
from bot.errors import Conflict
from tests.storage.facts import HOUR, NOW, channel, group, user

pytestmark = pytest.mark.asyncio

HERE = {"room"}
KIND = DeliveryKind.ROLE_REMOVAL


def delivery(subject="1", due_at=NOW, **changes):
    payload = {"channel": "c", "role": "r"}
    return dataclasses.replace(Delivery(KIND, "room", "school", subject, due_at, payload), **changes)


@pytest.fixture
def enqueue(database):
    async def enqueue(*owed):
        async def write(unit):
            for each in owed:
                unit.outbox.enqueue(each)

        await database.run(write)

    return enqueue


@pytest.fixture
def claim(database):
    def claim(at=NOW, limit=10, platforms=HERE, kind=KIND):
        return database.run(lambda unit: unit.outbox.claim(kind, at, HOUR, limit, platforms))

    return claim


@pytest.fixture
def change(database):
    """Do to a delivery what one of the methods does."""

    async def change(name, *given):
        async def write(unit):
            done = getattr(unit.outbox, name)(*given)
            return await done if isawaitable(done) else done

        return await database.run(write)

    return change


@pytest.fixture
def due(database):
    """The kinds that are due; whether work waits says the same."""

    async def due(at=NOW):
        kinds = await database.read(lambda unit: unit.outbox.due_kinds(at))
        assert await database.read(lambda unit: unit.posts.work_waits(at)) == bool(kinds)
        return kinds

    return due


def subjects(claimed):
    return [each.subject for each in claimed]


async def test_a_delivery_comes_back_as_it_was_enqueued(database, enqueue, claim):
    of = await database.run(lambda unit: unit.groups.add(group()))
    who = await database.run(lambda unit: unit.members.add(user(), NOW))
    owed = delivery(group_id=of.id, member_id=who.id, user=user(7), error="why")
    await enqueue(owed)
    (claimed,) = await claim()
    assert claimed == dataclasses.replace(owed, due_at=NOW + HOUR, attempts=1)
    assert claimed.id


async def test_what_is_due_is_claimed_once_until_its_lease_is_over(enqueue, claim, due):
    assert await due() == set()
    await enqueue(delivery(), delivery("2", NOW + HOUR))
    assert await due() == {KIND}
    assert await claim(platforms={"elsewhere"}) == ()
    assert await claim(kind=DeliveryKind.NOTICE) == ()
    assert subjects(await claim()) == ["1"]
    assert await claim() == ()
    assert await due() == set()
    again = await claim(NOW + HOUR)
    assert [(each.subject, each.attempts) for each in again] == [("1", 2), ("2", 1)]


async def test_what_waits_longest_is_claimed_first(enqueue, claim):
    await enqueue(delivery("1"), delivery("2", NOW - HOUR), delivery("3", AT_ONCE))
    assert subjects(await claim(limit=2)) == ["2", "3"]
    assert subjects(await claim()) == ["1"]


async def test_what_is_done_is_gone(enqueue, claim, change, due):
    await enqueue(delivery())
    (claimed,) = await claim()
    await change("done", claimed)
    assert await due(NOW + 9 * HOUR) == set()
    assert not await change("retry", claimed, NOW, "late")
    assert await due(NOW + 9 * HOUR) == set(), "who comes late undoes nothing"


async def test_what_is_tried_again_waits_for_its_time(enqueue, claim, change):
    await enqueue(delivery())
    (claimed,) = await claim()
    assert await change("retry", claimed, NOW + 2 * HOUR, "down")
    assert await claim(NOW + HOUR) == ()
    (again,) = await claim(NOW + 2 * HOUR)
    assert (again.attempts, again.error) == (2, "down")


async def test_the_latest_of_a_subject_counts_and_is_free_at_once(enqueue, claim, change):
    await enqueue(delivery(payload={"role": "old"}))
    (old,) = await claim()
    await enqueue(delivery(payload={"role": "new"}))
    await change("done", old)
    assert not await change("retry", old, NOW + HOUR, "late")
    (new,) = await claim()
    assert (new.payload, new.attempts, new.error) == ({"role": "new"}, 1, "")


async def test_the_claim_of_another_worker_is_left_alone(database, enqueue, claim, change):
    await enqueue(delivery())
    (late,) = await claim()
    (other,) = await claim(NOW + HOUR)
    assert not await change("retry", late, NOW, "late")
    assert not await database.run(lambda unit: unit.outbox.give_up(late))
    assert await claim(NOW + HOUR) == ()
    assert await database.run(lambda unit: unit.outbox.give_up(other))
    assert not await database.run(lambda unit: unit.outbox.give_up(other))
    assert await claim(NOW + 9 * HOUR) == ()


async def test_who_was_late_takes_no_newer_delivery_for_its_own(database, enqueue, claim, change):
    """Its number may have been given away again."""
    await enqueue(delivery())
    (late,) = await claim()
    await change("done", late)
    await enqueue(delivery())
    (newer,) = await claim()
    await change("done", late)
    assert not await database.run(lambda unit: unit.outbox.give_up(late))
    assert subjects(await claim(NOW + HOUR)) == [newer.subject]


async def test_what_is_withdrawn_is_owed_no_longer(enqueue, claim, change):
    await enqueue(delivery("1"), delivery("2"))
    await change("withdraw", KIND, "1")
    await change("withdraw", KIND, "none")
    assert subjects(await claim()) == ["2"]


async def test_what_waits_for_a_paused_group_keeps_no_pass_awake(database, enqueue, claim, due):
    of = await database.run(
        lambda unit: unit.groups.add(group(paused_at=NOW, pause_reason=PauseReason.ORGANISER))
    )
    await enqueue(delivery("1", group_id=of.id))
    assert await due() == set()
    await enqueue(delivery("2"))
    assert subjects(await claim()) == ["2"]
    await database.run(
        lambda unit: unit.groups.save(dataclasses.replace(of, paused_at=None, pause_reason=None))
    )
    assert await due() == {KIND}
    assert subjects(await claim()) == ["1"]


@pytest.mark.parametrize("nowhere", [{"group_id": 99}, {"member_id": 99}])
async def test_what_is_of_nobody_is_refused(enqueue, nowhere):
    with pytest.raises(Conflict):
        await enqueue(delivery(**nowhere))


# Notices


@pytest_asyncio.fixture
async def add(database):
    """Write a notice down; its id, None for one that is not new."""

    async def add(subject="post 1", number=1):
        async def write(unit):
            of = await unit.groups.find(channel(number)) or await unit.groups.add(group(number))
            return await unit.notices.add(Notice(0, of.id, subject, NoticeKind.FAILED, {"date": "x"}, NOW))

        return await database.run(write)

    return add


async def test_a_subject_is_noted_once_a_group(database, add):
    assert await add() == 1
    assert await add() is None
    other = await add(number=2)
    assert other
    assert await add("post 2")
    found = await database.read(lambda unit: unit.notices.get(other))
    assert found == Notice(other, found.group_id, "post 1", NoticeKind.FAILED, {"date": "x"}, NOW)


async def test_a_notice_that_was_told_stays_noted(database, add, change):
    number = await add()

    async def told(unit):
        unit.notices.delivered(number, NOW)

    await database.run(told)
    assert await add() is None
    with pytest.raises(KeyError):
        await database.read(lambda unit: unit.notices.get(99))
