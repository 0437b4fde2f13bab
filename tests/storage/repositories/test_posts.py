"""The post ledger."""

import dataclasses
import datetime as dt

import pytest
import pytest_asyncio

from bot.domain.deliveries import DeliveryKind
from bot.domain.model import (
    PostKind,
    PostState,
)
from bot.domain.reasons import Fault
from bot.domain.refs import MessageRef
from tests.storage.facts import DAY, HOUR, NOW, channel, group, post, schedule, sent

pytestmark = pytest.mark.asyncio
ONE_DAY = dt.timedelta(days=1)

LEASE = dt.timedelta(minutes=5)
HERE = {channel().platform}


@pytest_asyncio.fixture
async def of(database):
    """A group."""
    return await database.run(lambda unit: unit.groups.add(group()))


async def add(database, *posts):
    async def add_all(unit):
        return [await unit.posts.add(each) for each in posts]

    return await database.run(add_all)


async def get(database, post_id):
    return await database.run(lambda unit: unit.posts.get(post_id))


async def test_a_post_is_found_by_id_and_slot(database, of):
    async def plan(unit):
        due = await unit.groups.put_schedule(schedule(of.id))
        return await unit.posts.add(post(of.id, schedule_id=due.id, not_before=NOW + HOUR))

    new = await database.run(plan)
    assert new == post(of.id, id=new.id, schedule_id=new.schedule_id, not_before=NOW + HOUR)
    assert await database.run(lambda unit: unit.posts.get(new.id)) == new
    assert await database.run(lambda unit: unit.posts.find_slot(of.id, PostKind.QUIZ, new.slot)) == new
    assert await database.run(lambda unit: unit.posts.find_slot(of.id, PostKind.PROMPT, new.slot)) is None
    assert await database.run(lambda unit: unit.posts.get(99)) is None


async def test_a_slot_is_taken_once(database, of):
    first, second, other = await add(
        database, post(of.id), post(of.id, topic="git"), post(of.id, kind=PostKind.PROMPT)
    )
    assert second is None
    assert other is not None
    assert (await get(database, first.id)).topic == "http"
    assert await add(database, post(of.id)) == [None]


async def test_a_post_is_found_by_its_message(database, of):
    (new,) = await add(database, sent(of.id))
    assert await database.run(lambda unit: unit.posts.by_message(new.message)) == new
    elsewhere = MessageRef(channel(2), new.message.id)
    assert await database.run(lambda unit: unit.posts.by_message(elsewhere)) is None
    assert await database.run(lambda unit: unit.posts.by_message(MessageRef(channel(), "x"))) is None


async def test_a_claim_is_the_callers_until_its_lease_ends(database, of):
    early, late = await add(database, post(of.id, "b", due_at=NOW), post(of.id, "a", due_at=NOW - HOUR))

    async def claim(at, limit=10):
        return await database.run(lambda unit: unit.posts.claim(at, LEASE, limit, HERE))

    assert await claim(NOW - 2 * HOUR) == ()
    assert await claim(NOW, limit=1) == (tried(late, 1),)
    assert await claim(NOW) == (tried(early, 1),)
    assert await claim(NOW + LEASE - dt.timedelta.resolution) == ()
    assert await claim(NOW + LEASE) == (tried(late, 2), tried(early, 2))


def tried(post, times):
    """A post that was claimed so often: each claim is a try that may have arrived."""
    return dataclasses.replace(post, attempts=times)


async def test_saving_ends_the_lease_and_not_before_holds_a_post_back(database, of):
    (new,) = await add(database, post(of.id))

    async def claim(at):
        return await database.run(lambda unit: unit.posts.claim(at, LEASE, 10, HERE))

    await claim(NOW)
    again = dataclasses.replace(new, attempts=1, not_before=NOW + HOUR, fault=Fault.SILENT)
    await database.run(lambda unit: unit.posts.save(again))
    assert await claim(NOW + HOUR - dt.timedelta.resolution) == ()
    assert await claim(NOW + HOUR) == (tried(again, 2),)
    done = dataclasses.replace(again, state=PostState.SENT, message=MessageRef(channel(), "m"), sent_at=NOW)
    await database.run(lambda unit: unit.posts.save(done))
    assert await claim(NOW + 9 * HOUR) == ()
    assert await get(database, new.id) == done


async def test_a_claim_sees_what_its_own_unit_has_saved(database, of):
    (new,) = await add(database, post(of.id))

    async def fail_and_claim(unit):
        await unit.posts.save(dataclasses.replace(new, state=PostState.FAILED))
        return await unit.posts.claim(NOW, LEASE, 10, HERE)

    assert await database.run(fail_and_claim) == ()


async def test_saving_leaves_what_was_chosen(database, of):
    (new,) = await add(database, post(of.id))
    changed = dataclasses.replace(
        new,
        state=PostState.SENT,
        attempts=2,
        message=MessageRef(channel(), "m"),
        sent_at=NOW,
        closes_at=NOW + HOUR,
        fault=Fault.TROUBLE,
        topic="not written",
    )

    async def save(unit):
        await unit.posts.save(changed)
        return await unit.posts.get(new.id)

    kept = dataclasses.replace(changed, topic="http")
    assert await database.run(save) == kept
    assert await get(database, new.id) == kept


async def test_of_a_paused_group_only_what_was_asked_for_by_hand_is_claimed(database, of):
    async def plan_and_pause(unit):
        due = await unit.groups.put_schedule(schedule(of.id, next_due_at=None, next_date=None))
        await unit.posts.add(post(of.id, "by schedule", schedule_id=due.id))
        await unit.groups.save(dataclasses.replace(of, paused_at=NOW))

    async def look(unit):
        waits = await unit.posts.work_waits(NOW)
        return waits, [each.slot for each in await unit.posts.claim(NOW, LEASE, 10, HERE)]

    await database.run(plan_and_pause)
    assert await database.run(look) == (False, [])
    await add(database, post(of.id, "by hand"))
    assert await database.run(look) == (True, ["by hand"])
    await database.run(lambda unit: unit.groups.save(of))
    assert await database.run(look) == (True, ["by schedule"])


async def test_noting_a_fault_or_a_closing_leaves_the_post_with_who_sends_it(database, of):
    await add(database, post(of.id))

    async def claim(unit):
        return await unit.posts.claim(NOW, LEASE, 10, HERE)

    async def note(unit):
        unit.posts.note_fault(1, Fault.PAUSED)
        unit.posts.note_closing(1, NOW)
        return await unit.posts.get(1)

    (claimed,) = await database.run(claim)
    noted = dataclasses.replace(claimed, fault=Fault.PAUSED, closes_at=NOW)
    assert await database.run(note) == noted
    assert await get(database, 1) == noted
    assert await database.run(claim) == ()


async def test_what_belongs_to_another_platform_is_not_claimed(database, of):
    await add(database, post(of.id))
    assert await database.run(lambda unit: unit.posts.claim(NOW, LEASE, 10, {"elsewhere"})) == ()
    assert await database.run(lambda unit: unit.posts.claim(NOW, LEASE, 10, set())) == ()
    assert len(await database.run(lambda unit: unit.posts.claim(NOW, LEASE, 10, {"elsewhere", *HERE}))) == 1


async def test_closing_posts_are_those_that_are_sent_and_over(database, of):
    soon, later, _never, _planned = await add(
        database,
        sent(of.id, "1", closes_at=NOW + 2 * HOUR),
        sent(of.id, "2", closes_at=NOW + HOUR),
        sent(of.id, "3"),
        post(of.id, "4", closes_at=NOW),
    )

    async def closing(at, limit=10):
        return await database.run(lambda unit: unit.posts.closing(at, limit))

    assert await closing(NOW) == ()
    assert await closing(NOW + HOUR) == (later,)
    assert await closing(NOW + 9 * HOUR) == (later, soon)
    assert await closing(NOW + 9 * HOUR, limit=1) == (later,)


async def test_the_open_post_is_the_newest_sent_one_whatever_the_unit_does(database, of):
    async def walk(unit):
        seen = [await unit.posts.open_of(of.id, PostKind.PROMPT)]
        old = await unit.posts.add(sent(of.id, "1", PostKind.PROMPT))
        seen.append(await unit.posts.open_of(of.id, PostKind.PROMPT))
        new = await unit.posts.add(post(of.id, "2", PostKind.PROMPT, due_at=NOW + HOUR))
        seen.append(await unit.posts.open_of(of.id, PostKind.PROMPT))
        await unit.posts.save(dataclasses.replace(new, state=PostState.SENT))
        seen.append(await unit.posts.open_of(of.id, PostKind.PROMPT))
        await unit.posts.save(dataclasses.replace(new, state=PostState.CLOSED))
        seen.append(await unit.posts.open_of(of.id, PostKind.PROMPT))
        return old.id, new.id, [each and each.id for each in seen]

    old, new, seen = await database.run(walk)
    assert seen == [None, old, old, new, old]
    assert (await database.run(lambda unit: unit.posts.open_of(of.id, PostKind.PROMPT))).id == old
    assert await database.run(lambda unit: unit.posts.open_of(of.id, PostKind.QUIZ)) is None


async def test_history_is_the_newest_first_in_any_state(database, of):
    one, two, three, _other = await add(
        database,
        post(of.id, "1", due_at=NOW),
        sent(of.id, "2", due_at=NOW + HOUR),
        post(of.id, "3", due_at=NOW - HOUR),
        post(of.id, "4", PostKind.RECAP),
    )

    async def history(limit):
        return await database.run(lambda unit: unit.posts.history(of.id, PostKind.QUIZ, limit))

    assert await history(10) == (two, one, three)
    assert await history(1) == (two,)


async def test_the_last_date_is_the_latest_that_a_schedule_has_taken(database, of):
    async def last(kind=PostKind.QUIZ):
        return await database.run(lambda unit: unit.posts.last_date(of.id, kind))

    async def take(unit):
        daily = await unit.groups.put_schedule(schedule(of.id))
        unit.posts.plan(post(of.id, "a", schedule_id=daily.id, local_date=DAY + ONE_DAY))
        # It kept the time that it had in another zone.
        unit.posts.plan(post(of.id, "b", schedule_id=daily.id, local_date=DAY, due_at=NOW + 9 * HOUR))
        unit.posts.plan(post(of.id, "by hand", local_date=DAY + 2 * ONE_DAY))
        return await unit.posts.last_date(of.id, PostKind.QUIZ)

    assert await last() is None
    assert await database.run(take) == DAY + ONE_DAY
    assert await last() == DAY + ONE_DAY
    assert await last(PostKind.PROMPT) is None


async def test_work_waits_while_anything_is_due(database, of):
    async def waits(at=NOW):
        return await database.run(lambda unit: unit.posts.work_waits(at))

    assert not await waits()
    due = await database.run(lambda unit: unit.groups.put_schedule(schedule(of.id)))
    assert not await waits(NOW - HOUR)
    assert await waits()
    await database.run(
        lambda unit: unit.groups.put_schedule(dataclasses.replace(due, next_due_at=None, next_date=None))
    )
    assert not await waits()

    (new,) = await add(database, post(of.id))
    assert not await waits(NOW - HOUR)
    assert await waits()
    await database.run(lambda unit: unit.posts.claim(NOW, LEASE, 1, HERE))
    assert not await waits()
    assert await waits(NOW + LEASE)

    done = dataclasses.replace(new, state=PostState.SENT, closes_at=NOW + HOUR)
    await database.run(lambda unit: unit.posts.save(done))
    assert not await waits()
    assert await waits(NOW + HOUR)
    await database.run(lambda unit: unit.posts.mark_changed(new.id))
    assert await waits()
    await database.run(lambda unit: unit.outbox.claim(DeliveryKind.EDIT, NOW, LEASE, 1, HERE))
    assert not await waits(NOW)
    assert await waits(NOW + LEASE)
