"""Study groups and their schedules."""

import dataclasses
import datetime as dt

import pytest

from bot.domain.model import (
    PostKind,
)
from bot.domain.reasons import PauseReason
from bot.domain.refs import ChannelRef, UserRef
from bot.errors import Conflict
from tests.storage.facts import DAY, HOUR, NOW, channel, group, schedule

pytestmark = pytest.mark.asyncio


async def add_group(unit, number=1, **changes):
    return await unit.groups.add(group(number, **changes))


async def test_a_group_is_found_by_channel_and_by_id(database):
    organiser = UserRef("room", "elsewhere", "olga")
    new = await database.run(lambda unit: add_group(unit, organiser=organiser))
    assert new == group(id=new.id, organiser=organiser)
    assert await database.run(lambda unit: unit.groups.find(channel())) == new
    assert await database.run(lambda unit: unit.groups.get(new.id)) == new
    for nowhere in (channel(2), ChannelRef("room", "other", "c1"), ChannelRef("x", "school", "c1")):
        assert await database.run(lambda unit, where=nowhere: unit.groups.find(where)) is None
    with pytest.raises(KeyError):
        await database.run(lambda unit: unit.groups.get(99))


async def test_a_direct_conversation_is_the_same_place_however_it_is_named(database):
    direct = dataclasses.replace(channel(), direct=True)
    new = await database.run(lambda unit: add_group(unit, channel=direct))
    for name in (channel(), direct):
        assert await database.run(lambda unit, name=name: unit.groups.find(name)) == new
    assert new.channel.direct


async def test_a_channel_has_one_group_and_the_unit_may_go_on(database):
    old = await database.run(add_group)

    async def add_or_find(unit):
        with pytest.raises(Conflict):
            await add_group(unit)
        other = await add_group(unit, 2)
        return await unit.groups.find(channel()), other

    found, other = await database.run(add_or_find)
    assert found == old
    assert await database.run(lambda unit: unit.groups.all()) == (old, other)


async def test_saving_writes_all_but_channel_and_organiser(database):
    old = await database.run(add_group)
    changed = dataclasses.replace(
        old,
        pack="git",
        zone="UTC",
        paused_at=NOW + HOUR,
        pause_reason=PauseReason.GONE,
        resume_on=DAY,
        resume_at=NOW + 2 * HOUR,
        skipped=frozenset({DAY, dt.date(2026, 12, 25)}),
        organiser=UserRef("a", "b", "c"),
    )
    kept = dataclasses.replace(changed, organiser=old.organiser)

    async def save(unit):
        await unit.groups.save(changed)
        return await unit.groups.find(channel())

    assert await database.run(save) == kept
    assert await database.run(lambda unit: unit.groups.get(old.id)) == kept

    async def resume(unit):
        await unit.groups.save(dataclasses.replace(changed, paused_at=None, pause_reason=None))

    await database.run(resume)
    assert (await database.run(lambda unit: unit.groups.get(old.id))).paused_at is None


async def test_schedules_come_in_the_order_of_their_kinds(database):
    async def add(unit):
        of = await add_group(unit)
        for kind in reversed(PostKind):
            await unit.groups.put_schedule(schedule(of.id, kind))
        return await unit.groups.schedules(of.id)

    added = await database.run(add)
    assert [each.kind for each in added] == list(PostKind)
    assert added[1] == schedule(added[1].group_id, id=added[1].id)
    assert await database.run(lambda unit: unit.groups.get_schedule(added[1].id)) == added[1]
    assert await database.run(lambda unit: unit.groups.schedules(99)) == ()
    with pytest.raises(KeyError):
        await database.run(lambda unit: unit.groups.get_schedule(99))


async def test_a_schedule_is_overwritten_whole(database):
    async def add(unit):
        return await unit.groups.put_schedule(schedule((await add_group(unit)).id))

    old = await database.run(add)
    new = dataclasses.replace(
        old,
        at=dt.time(23, 59),
        days=frozenset(),
        zone="Asia/Tokyo",
        next_due_at=None,
        next_date=None,
        failures=3,
        enabled=False,
    )

    async def overwrite(unit):
        assert await unit.groups.put_schedule(new) == new
        return await unit.groups.get_schedule(old.id)

    assert await database.run(overwrite) == new
    assert await database.run(lambda unit: unit.groups.get_schedule(old.id)) == new


async def test_a_wall_time_is_kept_to_the_minute(database):
    async def add(unit):
        at = dt.time(9, 30, 59, 999999)
        return await unit.groups.put_schedule(schedule((await add_group(unit)).id, at=at))

    new = await database.run(add)
    found = await database.read(lambda unit: unit.groups.get_schedule(new.id))
    assert found == dataclasses.replace(new, at=dt.time(9, 30))


async def test_a_group_has_one_schedule_of_a_kind(database):
    async def add(unit):
        of = await add_group(unit)
        await unit.groups.put_schedule(schedule(of.id))
        with pytest.raises(Conflict):
            await unit.groups.put_schedule(schedule(of.id))
        return await unit.groups.schedules(of.id)

    assert len(await database.run(add)) == 1


async def test_due_schedules_are_the_most_overdue_first(database):
    async def add(unit):
        of = await add_group(unit)
        for hours, kind in zip((2, 1, 3), PostKind, strict=False):
            await unit.groups.put_schedule(schedule(of.id, kind, next_due_at=NOW + hours * HOUR))
        await unit.groups.put_schedule(schedule(of.id, PostKind.RECAP, next_due_at=None, next_date=None))

    assert await database.run(lambda unit: unit.groups.next_due_at()) is None
    await database.run(add)

    async def due(unit, hours, limit=10):
        return [each.next_due_at for each in await unit.groups.due_schedules(NOW + hours * HOUR, limit)]

    assert await database.run(lambda unit: due(unit, 0.99)) == []
    assert await database.run(lambda unit: due(unit, 1)) == [NOW + HOUR]
    assert await database.run(lambda unit: due(unit, 9)) == [NOW + n * HOUR for n in (1, 2, 3)]
    assert await database.run(lambda unit: due(unit, 9, limit=2)) == [NOW + n * HOUR for n in (1, 2)]
    assert await database.run(lambda unit: unit.groups.next_due_at()) == NOW + HOUR
    assert (await database.run(lambda unit: unit.groups.due_schedules(NOW + HOUR, 1)))[0].next_date == DAY


async def test_paused_groups_are_found_by_their_reason_and_keep_no_workspace(database):
    async def add(unit):
        groups = [await add_group(unit, number) for number in range(4)]
        for of, reason in zip(
            groups, (PauseReason.REMOVED, PauseReason.REMOVED, PauseReason.ORGANISER, None), strict=True
        ):
            paused_at = NOW if reason else None
            await unit.groups.save(dataclasses.replace(of, paused_at=paused_at, pause_reason=reason))
        return [each.id for each in groups]

    async def paused(unit, *wanted):
        return [each.id for each in await unit.groups.paused_for(*wanted)]

    first, second, _, last = await database.run(add)
    assert await database.read(lambda unit: paused(unit, "room", PauseReason.REMOVED)) == [first, second]
    assert await database.read(lambda unit: paused(unit, "room", PauseReason.GONE)) == []
    assert await database.read(lambda unit: paused(unit, "elsewhere", PauseReason.REMOVED)) == []
    assert await database.read(lambda unit: unit.groups.workspaces("room")) == {"school"}

    async def pause_the_last(unit):
        of = await unit.groups.get(last)
        await unit.groups.save(dataclasses.replace(of, paused_at=NOW))
        return await unit.groups.workspaces("room")

    assert await database.run(pause_the_last) == set()


async def test_schedules_that_are_due_some_day_come_by_their_ids(database):
    async def add(unit):
        of = await add_group(unit)
        return [
            (await unit.groups.put_schedule(schedule(of.id, kind, next_due_at=due))).id
            for kind, due in zip(PostKind, (NOW, None, NOW + HOUR, NOW), strict=True)
        ]

    async def after(unit, schedule_id, limit=10):
        return [each.id for each in await unit.groups.scheduled_after(schedule_id, limit)]

    first, off, third, last = await database.run(add)
    assert await database.run(lambda unit: after(unit, 0)) == [first, third, last]
    assert await database.run(lambda unit: after(unit, off, 1)) == [third]
    assert await database.run(lambda unit: after(unit, last)) == []


async def test_pauses_end_in_the_order_of_their_ends(database):
    async def add(unit):
        for number, hours in ((1, 2), (2, 1), (3, None)):
            of = await add_group(unit, number)
            end = None if hours is None else NOW + hours * HOUR
            await unit.groups.save(dataclasses.replace(of, paused_at=NOW, resume_on=DAY, resume_at=end))

    async def ending(unit, hours, limit=10):
        return [group.id for group in await unit.groups.ending_pauses(NOW + hours * HOUR, limit)]

    await database.run(add)
    assert await database.run(lambda unit: ending(unit, 0.99)) == []
    assert await database.run(lambda unit: ending(unit, 1)) == [2]
    assert await database.run(lambda unit: ending(unit, 9)) == [2, 1]
    assert await database.run(lambda unit: ending(unit, 9, limit=1)) == [2]
    assert await database.run(lambda unit: unit.groups.next_due_at()) == NOW + HOUR
    assert not await database.read(lambda unit: unit.posts.work_waits(NOW))
    assert await database.read(lambda unit: unit.posts.work_waits(NOW + HOUR))
