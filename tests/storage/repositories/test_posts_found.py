"""Bulk loading for the planner: many groups at once, and slots known without another look-up."""

import asyncio
import dataclasses

import pytest

from bot.domain.deliveries import DeliveryKind
from bot.domain.model import (
    PostedContent,
    PostKind,
    PostState,
)
from bot.domain.reasons import Fault
from tests.storage.facts import DAY, HOUR, NOW, channel, group, post, schedule, user

pytestmark = pytest.mark.asyncio


async def two_groups(database):
    async def found(unit):
        groups = [await unit.groups.add(group(number, channel=channel(number))) for number in (1, 2)]
        for each in groups:
            await unit.groups.put_schedule(schedule(each.id))
            await unit.groups.put_schedule(schedule(each.id, kind=PostKind.PROMPT))
        return groups

    return await database.run(found)


async def test_what_is_asked_at_once_is_what_is_asked_one_by_one(database):
    groups = await two_groups(database)
    ids = [each.id for each in groups]

    async def fill(unit):
        for number, topic in enumerate(["http", "git", "sql"]):
            for group_id in ids:
                new = post(group_id, slot=f"{number}", topic=topic, due_at=NOW + 24 * number * HOUR)
                added = await unit.posts.add(new)
                if topic == "git":
                    await unit.posts.save(dataclasses.replace(added, state=PostState.MISSED))

    await database.run(fill)

    async def one(unit, group_id):
        return await asyncio.gather(
            unit.groups.get(group_id),
            unit.groups.schedules(group_id),
            unit.posts.served(group_id, PostKind.QUIZ),
            unit.posts.served(group_id, PostKind.RECAP),
            unit.posts.open_of(group_id, PostKind.CHALLENGE),
        )

    async def together(unit):
        return await asyncio.gather(*(one(unit, each) for each in ids))

    content = post(ids[0]).content_id
    had = tuple(
        PostedContent(topic, content, topic != "git", NOW + 24 * number * HOUR)
        for number, topic in ((2, "sql"), (1, "git"), (0, "http"))
    )
    for each, (found, schedules, quizzes, recaps, challenge) in zip(
        groups, await database.read(together), strict=True
    ):
        assert found == each
        assert [one.kind for one in schedules] == [PostKind.PROMPT, PostKind.QUIZ]
        assert (quizzes, recaps, challenge) == (had, (), None)


async def test_a_planned_slot_is_taken_once_and_seen_at_once(database):
    ((first, _), slot) = (await two_groups(database), post(1))

    async def plan(unit):
        unit.posts.plan(slot)
        unit.posts.plan(dataclasses.replace(slot, topic="git"))
        return await unit.posts.served(first.id, PostKind.QUIZ)

    assert (await database.run(plan))[-1] == PostedContent(
        slot.topic, slot.content_id, asked=True, due_at=NOW
    )
    (kept,) = await database.read(lambda unit: unit.posts.history(first.id, PostKind.QUIZ, 10))
    assert dataclasses.replace(kept, id=0) == slot
    assert await database.run(lambda unit: unit.posts.add(slot)) is None


async def test_what_was_served_is_asked_anew_after_a_change(database):
    ((first, _), slot) = (await two_groups(database), post(1))

    async def fail(unit):
        added = await unit.posts.add(slot)
        before = await unit.posts.served(first.id, PostKind.QUIZ)
        await unit.posts.save(dataclasses.replace(added, state=PostState.FAILED))
        return before, await unit.posts.served(first.id, PostKind.QUIZ)

    before, after = await database.run(fail)
    assert [had.asked for had in (*before, *after)] == [True, False]


async def test_a_changed_schedule_is_known_without_asking(database):
    first, _ = await two_groups(database)

    async def change(unit):
        old = await unit.groups.schedules(first.id)
        moved = dataclasses.replace(old[1], next_due_at=NOW + HOUR)
        await unit.groups.put_schedule(moved)
        return moved, await unit.groups.schedules(first.id)

    moved, seen = await database.run(change)
    assert moved in seen
    assert await database.read(lambda unit: unit.groups.schedules(first.id)) == seen


async def test_the_last_five_hundred_are_remembered(database):
    first, second = await two_groups(database)

    async def fill(unit):
        unit.posts.plan(post(second.id))
        for number in range(502):
            unit.posts.plan(post(first.id, f"{number}", topic=f"{number}", due_at=NOW + number * HOUR))

    await database.run(fill)
    served = await database.read(lambda unit: unit.posts.served(first.id, PostKind.QUIZ))
    assert [had.topic for had in served] == [f"{number}" for number in range(501, 1, -1)]


async def test_a_missed_post_is_planned_again_and_one_that_came_is_not(database):
    (of, _) = await two_groups(database)

    async def plan(unit):
        return [await unit.posts.add(post(of.id, slot, local_date=DAY)) for slot in ("missed", "sent")]

    missed, sent = await database.run(plan)
    later = {"due_at": NOW + HOUR, "closes_at": NOW + 2 * HOUR}

    async def let_go_and_plan(unit):
        await unit.posts.save(dataclasses.replace(missed, state=PostState.MISSED, fault=Fault.SWITCHED_OFF))
        unit.outbox.withdraw(DeliveryKind.POST, str(missed.id))
        await unit.posts.save(dataclasses.replace(sent, state=PostState.SENT))
        unit.outbox.withdraw(DeliveryKind.POST, str(sent.id))
        for each in (missed, sent):
            unit.posts.replan(dataclasses.replace(each, **later))
        return [await unit.posts.get(each.id) for each in (missed, sent)]

    async def look(unit):
        return [await unit.posts.get(each.id) for each in (missed, sent)]

    expected = [dataclasses.replace(missed, **later), dataclasses.replace(sent, state=PostState.SENT)]
    assert await database.run(let_go_and_plan) == expected
    assert await database.run(look) == expected

    async def claim(now, unit):
        here = {channel().platform}
        return [each.subject for each in await unit.outbox.claim(DeliveryKind.POST, now, HOUR, 10, here)]

    assert await database.run(lambda unit: claim(NOW, unit)) == []
    assert await database.run(lambda unit: claim(NOW + HOUR, unit)) == [str(missed.id)]


async def test_who_was_late_to_let_a_post_go_does_not_end_what_is_planned_again(database):
    (of, _) = await two_groups(database)
    here = {channel().platform}

    async def claim(unit):
        return await unit.outbox.claim(DeliveryKind.POST, NOW, HOUR, 10, here)

    async def let_go(unit):
        await unit.posts.save(dataclasses.replace(new, state=PostState.MISSED, fault=Fault.SWITCHED_OFF))
        unit.outbox.withdraw(DeliveryKind.POST, str(new.id))

    async def plan_again(unit):
        unit.posts.replan(dataclasses.replace(new, due_at=NOW + HOUR))

    async def end(unit):
        unit.outbox.done(late)
        return await unit.outbox.retry(late, NOW, "late"), await unit.outbox.give_up(late)

    new = await database.run(lambda unit: unit.posts.add(post(of.id)))
    (late,) = await database.run(claim)
    await database.run(let_go)
    await database.run(plan_again)
    assert await database.run(end) == (False, False)
    assert await database.run(claim) == ()
    (again,) = await database.run(
        lambda unit: unit.outbox.claim(DeliveryKind.POST, NOW + HOUR, HOUR, 10, here)
    )
    assert (again.subject, again.attempts) == (str(new.id), 1)


async def test_what_waits_in_any_group_is_found_with_those_that_ask_it(database):
    first, second = await two_groups(database)
    over = (PostState.CLOSED, PostState.MISSED, PostState.FAILED)

    async def fill(unit):
        for group_id, slot, content, state in (
            (second.id, "1", "q1", PostState.SENT),
            (first.id, "1", "q1", PostState.PLANNED),
            (second.id, "2", "q2", PostState.PLANNED),
            *((first.id, f"over {state}", f"over {state}", state) for state in over),
        ):
            added = await unit.posts.add(post(group_id, slot, content_id=content))
            await unit.posts.save(dataclasses.replace(added, state=state))
        await unit.posts.add(post(first.id, "1", PostKind.PROMPT, content_id="p1"))

    await database.run(fill)

    async def look(unit):
        everything = ["q1", "q2", "p1", "none", *(f"over {state}" for state in over)]
        asking = [await unit.posts.asking([each]) for each in everything]
        return await unit.posts.asked_anywhere(), asking, await unit.posts.asking(["q1", "q2"])

    anywhere, asking, both = await database.read(look)
    assert anywhere == {"q1": first.id, "q2": second.id}
    assert asking == [{first.id, second.id}, {second.id}, *([frozenset()] * 5)]
    assert both == {first.id, second.id}


async def test_the_groups_that_somebody_left_are_found_the_one_left_last_first(database):
    first, second = await two_groups(database)

    async def live(unit):
        eve = await unit.members.add(user(), NOW)
        for number, each in enumerate((second, first)):
            await unit.members.join(each.id, eve.id, NOW, "Eve")
            await unit.members.leave(each.id, eve.id, NOW + number * HOUR, by_choice=not number)
        return eve.id, await unit.groups.left_by(eve.id)

    eve, left = await database.run(live)
    assert left == await database.read(lambda unit: unit.groups.left_by(eve)) == (first, second)

    async def come_back(unit):
        await unit.members.join(first.id, eve, NOW + 2 * HOUR, "Eve")
        return await unit.groups.left_by(eve)

    assert await database.run(come_back) == (second,)
    assert await database.read(lambda unit: unit.groups.left_by(99)) == ()
