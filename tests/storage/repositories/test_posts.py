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
        return await unit.posts.add(post(of.id, schedule_id=due.id, attempted_at=NOW + HOUR))

    new = await database.run(plan)
    assert new == post(of.id, id=new.id, schedule_id=new.schedule_id, attempted_at=NOW + HOUR)
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


@pytest.fixture
def claim(database):
    """Claim planned posts: (post id, attempts) of each."""

    async def claim(at=NOW, limit=10, platforms=HERE):
        claimed = await database.run(
            lambda unit: unit.outbox.claim(DeliveryKind.POST, at, LEASE, limit, platforms)
        )
        return [(int(each.subject), each.attempts) for each in claimed]

    return claim


async def test_a_planned_post_is_owed_from_when_it_is_due_until_it_is_done(database, of, claim):
    early, late = await add(database, post(of.id, "b", due_at=NOW), post(of.id, "a", due_at=NOW - HOUR))
    await database.run(lambda unit: _plan(unit, post(of.id, "c", due_at=NOW + HOUR)))
    assert await claim(NOW - 2 * HOUR) == []
    assert await claim(limit=1) == [(late.id, 1)]
    assert await claim() == [(early.id, 1)]
    assert await claim(NOW + LEASE - dt.timedelta.resolution) == []
    assert await claim(NOW + LEASE) == [(early.id, 2), (late.id, 2)]
    assert await claim(NOW + HOUR) == [(early.id, 3), (late.id, 3), (late.id + 1, 1)]


async def _plan(unit, *posts):
    for each in posts:
        unit.posts.plan(each)


@pytest.mark.parametrize("state", [state for state in PostState if state is not PostState.PLANNED])
async def test_what_is_not_planned_is_not_owed(database, of, claim, state):
    await add(database, post(of.id, "a", state=state))
    await database.run(lambda unit: _plan(unit, post(of.id, "b", state=state)))
    assert await claim(NOW + HOUR) == []


async def test_a_slot_that_is_taken_owes_nothing_more_and_ends_no_lease(database, of, claim):
    (planned,) = await add(database, post(of.id))
    (done,) = await add(database, sent(of.id, "sent"))
    assert await claim() == [(planned.id, 1)]
    await add(database, post(of.id), post(of.id, done.slot))
    await database.run(lambda unit: _plan(unit, post(of.id), post(of.id, done.slot)))
    assert await claim() == []
    assert await claim(NOW + LEASE) == [(planned.id, 2)]


async def test_a_claim_sees_what_its_own_unit_has_planned(database, of):
    async def plan_and_claim(unit):
        unit.posts.plan(post(of.id))
        return await unit.outbox.claim(DeliveryKind.POST, NOW, LEASE, 10, HERE)

    assert [each.subject for each in await database.run(plan_and_claim)] == ["1"]


async def test_when_a_platform_was_asked_is_kept(database, of):
    (new,) = await add(database, post(of.id))

    async def ask(unit):
        unit.posts.sending(new.id, NOW + HOUR, "single a b")
        return await unit.posts.get(new.id)

    asked = dataclasses.replace(new, attempted_at=NOW + HOUR, shape="single a b")
    assert await database.run(ask) == asked
    assert await get(database, new.id) == asked
    await database.run(lambda unit: unit.posts.save(new))
    assert await get(database, new.id) == dataclasses.replace(new, shape="single a b")


async def test_saving_leaves_what_was_chosen(database, of):
    (new,) = await add(database, post(of.id))
    changed = dataclasses.replace(
        new,
        state=PostState.SENT,
        attempted_at=NOW,
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


async def test_of_a_paused_group_only_what_was_asked_for_by_hand_is_owed(database, of, claim):
    async def plan_and_pause(unit):
        due = await unit.groups.put_schedule(schedule(of.id, next_due_at=None, next_date=None))
        await unit.posts.add(post(of.id, "by schedule", schedule_id=due.id))
        unit.posts.plan(post(of.id, "planned by schedule", schedule_id=due.id))
        await unit.groups.save(dataclasses.replace(of, paused_at=NOW))

    async def waits(unit):
        return await unit.posts.work_waits(NOW)

    await database.run(plan_and_pause)
    assert not await database.run(waits)
    assert await claim() == []
    (by_hand,) = await add(database, post(of.id, "by hand"))
    assert await database.run(waits)
    assert await claim() == [(by_hand.id, 1)]
    await database.run(lambda unit: unit.groups.save(of))
    assert await database.run(waits)
    assert await claim() == [(1, 1), (2, 1)]


async def test_noting_a_fault_or_a_closing_leaves_the_post_with_who_sends_it(database, of, claim):
    (new,) = await add(database, post(of.id))

    async def note(unit):
        unit.posts.note_fault(new.id, Fault.TROUBLE, "down")
        unit.posts.note_closing(new.id, NOW)
        return await unit.posts.get(new.id)

    assert await claim() == [(new.id, 1)]
    noted = dataclasses.replace(new, fault=Fault.TROUBLE, detail="down", closes_at=NOW)
    assert await database.run(note) == noted
    assert await get(database, new.id) == noted
    assert await claim() == []
    await database.run(lambda unit: _note_pause(unit, new.id))
    assert await get(database, new.id) == dataclasses.replace(noted, fault=Fault.PAUSED, detail="")


async def _note_pause(unit, post_id):
    unit.posts.note_fault(post_id, Fault.PAUSED)


async def test_what_belongs_to_another_platform_is_not_claimed(database, of, claim):
    (new,) = await add(database, post(of.id))
    assert await claim(platforms={"elsewhere"}) == []
    assert await claim(platforms=set()) == []
    assert await claim(platforms={"elsewhere", *HERE}) == [(new.id, 1)]


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
    (owed,) = await database.run(lambda unit: unit.outbox.claim(DeliveryKind.POST, NOW, LEASE, 1, HERE))
    assert not await waits()
    assert await waits(NOW + LEASE)

    async def record(unit):
        await unit.posts.save(dataclasses.replace(new, state=PostState.SENT, closes_at=NOW + HOUR))
        unit.outbox.done(owed)

    await database.run(record)
    assert not await waits()
    assert await waits(NOW + HOUR)
    await database.run(lambda unit: unit.posts.mark_changed(new.id))
    assert await waits()
    await database.run(lambda unit: unit.outbox.claim(DeliveryKind.EDIT, NOW, LEASE, 1, HERE))
    assert not await waits(NOW)
    assert await waits(NOW + LEASE)
