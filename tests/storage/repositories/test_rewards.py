"""Rewards and reminders: found when they are due, leased, and right whatever crosses on the way."""

import dataclasses
import datetime as dt

import pytest

from bot.domain.deliveries import DeliveryKind
from bot.domain.model import (
    Reminder,
    Reward,
)
from tests.storage.facts import DAY, HOUR, NOW, channel, group, user

pytestmark = pytest.mark.asyncio

HERE = {"room"}


async def reward_of(unit, number=1, **changes):
    """A group with a reward, and two members of it."""
    of = await unit.groups.add(group(number, **{"reward_role": "r", "reward_days": 3, **changes}))
    for one in (1, 2):
        who = await unit.members.find(user(one)) or await unit.members.add(user(one), NOW)
        await unit.members.join(of.id, who.id, NOW, "Ana")
    return of


def claimed(database, at=NOW, limit=10, platforms=HERE):
    """The rewards that a platform is about to be told of."""

    async def claim(unit):
        found = []
        for each in await unit.outbox.claim(DeliveryKind.REWARD, at, HOUR, limit, platforms):
            group_id, member_id, role = each.subject.split("/")
            reward = await unit.rewards.get(int(group_id), int(member_id), role)
            if reward.is_owed:
                unit.rewards.sending(reward)
                found.append(reward)
        return tuple(found)

    return database.run(claim)


def reminded(database, at=NOW, limit=10, platforms=HERE):
    """The members of the reminders that are claimed."""

    async def claim(unit):
        claimed = await unit.outbox.claim(DeliveryKind.REMINDER, at, HOUR, limit, platforms)
        return [each.member_id for each in claimed]

    return database.run(claim)


def waits(database, at=NOW):
    return database.read(lambda unit: unit.posts.work_waits(at))


async def written(database, change):
    async def write(unit):
        change(unit)

    await database.run(write)


@pytest.fixture
def earn(database):
    async def earn(of, member_id=1, at=NOW):
        await written(database, lambda unit: unit.rewards.earn(of, member_id, at, at + HOUR))

    return earn


async def test_what_is_earned_is_claimed_once_until_its_lease_is_over(database, earn):
    of = await database.run(reward_of)
    assert not await waits(database)
    await earn(of)
    assert await waits(database)
    reward = Reward(of.id, 1, "r", wanted=True)
    assert await claimed(database, platforms={"elsewhere"}) == ()
    assert await claimed(database) == (reward,)
    assert await claimed(database) == ()
    assert not await waits(database)
    assert await claimed(database, NOW + HOUR) == (reward,)
    await written(database, lambda unit: unit.rewards.delivered(reward))
    assert await claimed(database, NOW + 3 * HOUR) == ()


async def test_earning_again_changes_nothing(database, earn):
    of = await database.run(reward_of)
    await earn(of)
    await earn(of, at=NOW + HOUR)
    assert len(await database.read(lambda unit: unit.rewards.due_for_review(NOW + HOUR, 10))) == 1
    assert len(await claimed(database)) == 1, "it waits no longer than before"
    await earn(of, at=NOW + HOUR)
    assert await claimed(database) == (), "nor does it end the lease"


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_streak_that_ends_while_the_platform_is_asked_is_taken_back(database, earn, arrived):
    of = await database.run(reward_of)
    await earn(of)
    (reward,) = await claimed(database)
    await written(database, lambda unit: unit.rewards.reviewed(reward, NOW, wanted=False, review_at=None))
    if arrived:
        await written(database, lambda unit: unit.rewards.delivered(reward))
    assert await claimed(database) == (dataclasses.replace(reward, wanted=False),)


async def test_a_paused_group_has_nothing_to_claim_and_keeps_no_beat_awake(database, earn):
    of = await database.run(reward_of)
    await earn(of)
    await database.run(lambda unit: unit.groups.save(dataclasses.replace(of, paused_at=NOW)))
    assert await claimed(database) == ()
    assert not await waits(database)


async def test_looks_come_in_their_order_and_go_on_as_told(database, earn):
    of = await database.run(reward_of)
    await earn(of, 1, NOW + HOUR)
    await earn(of, 2, NOW)

    def due(at, limit=10):
        return database.read(lambda unit: unit.rewards.due_for_review(at, limit))

    assert await due(NOW) == ()
    assert [reward.member_id for reward in await due(NOW + 2 * HOUR)] == [2, 1]
    assert [reward.member_id for reward in await due(NOW + 2 * HOUR, 1)] == [2]
    (first, second) = await due(NOW + 2 * HOUR)

    def look(unit):
        unit.rewards.reviewed(first, NOW, wanted=True, review_at=NOW + 5 * HOUR)
        unit.rewards.reviewed(second, NOW, wanted=False, review_at=None)

    await written(database, look)
    assert await due(NOW + 4 * HOUR) == ()
    assert await due(NOW + 5 * HOUR) == (first,)


async def test_another_reward_looks_at_every_member_and_withdraws_the_old_one(database, earn):
    of = await database.run(reward_of)
    await database.run(lambda unit: reward_of(unit, 2))
    await earn(of)
    (reward,) = await claimed(database)
    await written(database, lambda unit: unit.rewards.delivered(reward))
    new = dataclasses.replace(of, reward_role="s")
    await database.run(lambda unit: unit.rewards.review_all(new, NOW))
    assert await claimed(database) == (dataclasses.replace(reward, wanted=False),)
    found = await database.read(lambda unit: unit.rewards.due_for_review(NOW, 10))
    assert {(each.group_id, each.member_id, each.role) for each in found} == {
        (of.id, 1, "s"),
        (of.id, 2, "s"),
    }


async def test_the_same_reward_again_tells_the_platform_again_of_those_who_have_it(database, earn):
    of = await database.run(reward_of)
    await earn(of)
    (reward,) = await claimed(database)
    await written(database, lambda unit: unit.rewards.delivered(reward))
    await database.run(lambda unit: unit.rewards.review_all(of, NOW))
    assert await claimed(database) == (reward,)


async def test_a_reminder_comes_back_as_it_was_put(database):
    await database.run(reward_of)
    one = Reminder(1, "room", dt.time(19), "Europe/Berlin", NOW, DAY, DAY, closed=True)
    for reminder in (one, dataclasses.replace(one, due_at=None, next_date=None, closed=False)):
        await written(database, lambda unit, put=reminder: unit.reminders.put(put))
        assert await database.read(lambda unit: unit.reminders.find(1)) == reminder
    assert await database.read(lambda unit: unit.reminders.find(2)) is None


async def test_a_due_reminder_is_claimed_where_its_platform_runs_until_it_is_put(database):
    await database.run(reward_of)
    one = Reminder(1, "room", dt.time(19), "Europe/Berlin", NOW, DAY)
    later = dataclasses.replace(one, member_id=2, due_at=NOW + HOUR)

    def put(unit):
        unit.reminders.put(one)
        unit.reminders.put(later)

    await written(database, put)
    assert await waits(database)
    assert await reminded(database, platforms={"elsewhere"}) == []
    assert await reminded(database) == [1]
    assert not await waits(database)
    assert set(await reminded(database, NOW + HOUR)) == {1, 2}


async def test_those_that_wait_longest_are_claimed_first(database, earn):
    of = await database.run(reward_of)
    await earn(of, 1, NOW)
    await earn(of, 2, NOW - HOUR)
    assert [reward.member_id for reward in await claimed(database, limit=1)] == [2]
    assert [reward.member_id for reward in await claimed(database, limit=1)] == [1]
    for who, due in ((1, NOW), (2, NOW - HOUR)):
        one = Reminder(who, "room", dt.time(19), "UTC", due, DAY)
        await written(database, lambda unit, put=one: unit.reminders.put(put))
    for who in (2, 1):
        assert await reminded(database, limit=1) == [who]


async def test_a_reminder_that_is_put_is_free_for_the_next_claim_until_it_is_switched_off(database):
    await database.run(reward_of)
    one = Reminder(1, "room", dt.time(19), "UTC", NOW, DAY)
    for _ in range(2):
        await written(database, lambda unit: unit.reminders.put(one))
        assert await reminded(database) == [1]
    off = dataclasses.replace(one, due_at=None, next_date=None)
    await written(database, lambda unit: unit.reminders.put(off))
    assert await reminded(database, NOW + 9 * HOUR) == []


async def test_reminders_that_are_due_some_day_come_by_their_members(database):
    await database.run(reward_of)
    one = Reminder(1, "room", dt.time(19), "Europe/Berlin", NOW, DAY)

    def put(unit, **changes):
        unit.reminders.put(one)
        unit.reminders.put(dataclasses.replace(one, member_id=2, **changes))

    async def after(member_id, limit=10):
        return await database.read(lambda unit: unit.reminders.due_after(member_id, limit))

    await written(database, put)
    assert await after(0, 1) == (one,)
    assert [found.member_id for found in await after(0)] == [1, 2]
    assert [found.member_id for found in await after(1)] == [2]
    await written(database, lambda unit: put(unit, due_at=None, next_date=None))
    assert await after(0) == (one,)


async def test_groups_are_found_by_workspace(database):
    async def add(unit):
        first = await unit.groups.add(group(1))
        await unit.groups.add(group(2, channel=dataclasses.replace(channel(2), workspace="other")))
        await unit.groups.add(group(3, channel=dataclasses.replace(channel(3), platform="other")))
        return first, await unit.groups.add(group(4))

    both = await database.run(add)
    assert await database.read(lambda unit: unit.groups.of_workspace("room", "school")) == both
    assert await database.read(lambda unit: unit.groups.of_workspace("room", "none")) == ()
    assert await database.read(lambda unit: unit.groups.workspaces("room")) == {"school", "other"}
    assert await database.read(lambda unit: unit.groups.workspaces("elsewhere")) == set()


async def test_what_a_group_calls_and_rewards_is_saved(database):
    of = await database.run(lambda unit: unit.groups.add(group()))
    changed = dataclasses.replace(of, mention_role="c", reward_role="r", reward_days=7)
    await database.run(lambda unit: unit.groups.save(changed))
    assert await database.read(lambda unit: unit.groups.get(of.id)) == changed
