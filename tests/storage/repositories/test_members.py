"""Learners, what they set, and the replay guard."""

import asyncio
import dataclasses
import datetime as dt
from functools import partial

import pytest
from sqlalchemy import event

from bot.domain.model import RestDaysChange, ZoneChange
from bot.domain.refs import UserRef
from bot.errors import Conflict
from tests.storage.facts import HOUR, NOW, channel, group, user

pytestmark = pytest.mark.asyncio


async def add_member(unit, number=1):
    return await unit.members.add(user(number), NOW)


async def test_an_event_is_seen_once_it_is_recorded(database):
    async def serve(unit):
        before = await unit.events.seen("e1")
        unit.events.record("e1", NOW)
        return before, await unit.events.seen("e1")

    assert await database.run(serve) == (False, True)
    assert await database.run(lambda unit: unit.events.seen("e1"))
    assert await database.run(lambda unit: unit.events.seen("e1"))
    assert not await database.run(lambda unit: unit.events.seen("e2"))


async def test_an_event_recorded_twice_is_a_conflict(database):
    async def record(unit):
        unit.events.record("e1", NOW)

    await database.run(record)
    with pytest.raises(Conflict, match=r"e1|event"):
        await database.run(record)


async def test_old_events_are_forgotten_and_counted(database):
    async def record(unit):
        for number in range(5):
            unit.events.record(f"e{number}", NOW + number * HOUR)
        return await unit.events.forget_before(NOW + 3 * HOUR), await unit.events.seen("e2")

    assert await database.run(record) == (3, False)
    assert [await database.run(lambda unit, n=n: unit.events.seen(f"e{n}")) for n in range(5)] == [
        False,
        False,
        False,
        True,
        True,
    ]


async def test_a_member_is_found_by_account_and_by_id(database):
    new = await database.run(add_member)
    assert (new.user, new.joined_at, new.zone, new.rest_days) == (
        user(),
        NOW,
        None,
        None,
    )
    assert await database.run(lambda unit: unit.members.find(user())) == new
    assert await database.run(lambda unit: unit.members.get(new.id)) == new


async def test_a_stranger_is_nobody(database):
    await database.run(add_member)
    for stranger in (user(2), UserRef("room", "other", "u1"), UserRef("other", "school", "u1")):
        assert await database.run(lambda unit, who=stranger: unit.members.find(who)) is None
    with pytest.raises(KeyError):
        await database.run(lambda unit: unit.members.get(99))


async def test_an_account_belongs_to_one_member(database):
    await database.run(add_member)
    with pytest.raises(Conflict):
        await database.run(add_member)
    assert await database.run(lambda unit: unit.members.find(user(2))) is None


@pytest.mark.parametrize("name", ["Ada", "Zoë 🦊", "名前", "'; DROP TABLE member; --", "a" * 2000])
async def test_any_name_is_kept_as_it_is(database, name):
    member = await database.run(add_member)
    here, there = [await database.run(lambda unit, n=n: unit.groups.add(group(n))) for n in (1, 2)]

    async def join(unit):
        for of in (here, there):
            await unit.members.join(of.id, member.id, NOW, "Ana")

    async def call(unit):
        unit.members.call(here.id, member.id, name)
        return await names(unit)

    async def names(unit):
        return [await unit.members.name_in(group_id, member.id) for group_id in (here.id, there.id, 99)]

    await database.run(join)
    assert await database.run(call) == [name, "Ana", None]
    assert await database.run(names) == [name, "Ana", None]
    await database.run(join)
    assert await database.run(names) == [name, "Ana", None]
    known = await database.run(lambda unit: unit.members.names_in(here.id, [member.id, 99]))
    assert known == {member.id: name}


async def test_changes_of_zone_are_kept_and_the_last_one_holds(database):
    member = await database.run(add_member)
    rows = (ZoneChange(member.id, NOW, "Asia/Tokyo"), ZoneChange(member.id, NOW + HOUR, "Europe/Rome"))

    async def move(unit):
        for row in rows:
            unit.members.set_zone(row)
        return (await unit.members.find(user())).zone

    assert await database.run(move) == "Europe/Rome"
    assert (await database.run(lambda unit: unit.members.get(member.id))).zone == "Europe/Rome"
    assert await database.run(lambda unit: unit.members.zones(member.id)) == rows


@pytest.mark.parametrize("days", [frozenset(), frozenset({0}), frozenset({5, 6}), frozenset(range(7))])
async def test_rest_days_none_and_the_empty_set_are_different(database, days):
    member = await database.run(add_member)

    async def rest(unit):
        await unit.members.find(user())
        unit.members.set_rest_days(RestDaysChange(member.id, NOW, days))
        return (await unit.members.find(user())).rest_days

    assert await database.run(rest) == days
    assert (await database.run(lambda unit: unit.members.find(user()))).rest_days == days
    assert await database.run(lambda unit: unit.members.rest_days(member.id)) == (
        RestDaysChange(member.id, NOW, days),
    )
    assert await database.run(lambda unit: unit.members.rest_days(99)) == ()


async def test_joining_twice_counts_once_and_the_oldest_group_comes_first(database):
    member = await database.run(add_member)

    async def join(unit):
        first, second = [await unit.groups.add(group(number)) for number in (1, 2)]
        await unit.members.join(second.id, member.id, NOW, "Ana")
        await unit.members.join(first.id, member.id, NOW + HOUR, "Ana")
        await unit.members.join(second.id, member.id, NOW + 2 * HOUR, "Ana")
        return first.id, second.id, await unit.members.groups_of(member.id)

    first, second, of = await database.run(join)
    assert of == (second, first)

    async def again(unit):
        await unit.members.join(second, member.id, NOW + 3 * HOUR, "Ana")
        return await unit.members.groups_of(member.id), await unit.members.count(second)

    assert await database.run(again) == ((second, first), 1)
    joined = await database.run(lambda unit: unit.members.joined_groups(member.id))
    assert joined == ((second, NOW), (first, NOW + HOUR))
    assert await database.run(lambda unit: unit.members.groups_of(99)) == ()
    assert await database.run(lambda unit: unit.members.count(99)) == 0


async def test_instants_keep_their_microsecond_and_come_back_in_utc(database):
    at = dt.datetime(1969, 7, 20, 20, 17, 40, 999999, dt.timezone(dt.timedelta(hours=-4)))

    async def add(unit):
        return await unit.members.add(user(), at)

    await database.run(add)
    found = await database.run(lambda unit: unit.members.find(user()))
    assert found.joined_at == at
    assert found.joined_at.tzinfo is dt.UTC


async def test_a_naive_instant_is_refused(database):
    with pytest.raises(Exception, match="offset-naive"):
        await database.run(lambda unit: unit.members.add(user(), NOW.replace(tzinfo=None)))
    assert await database.run(lambda unit: unit.members.find(user())) is None


async def test_an_earlier_joining_comes_first_however_late_it_is_told(database):
    async def join(unit):
        member = await unit.members.find(user()) or await add_member(unit)
        for hours, number in ((2, 1), (1, 2), (3, 3)):
            of = await unit.groups.find(channel(number)) or await unit.groups.add(group(number))
            await unit.members.join(of.id, member.id, NOW + hours * HOUR, "Ana")
        of = await unit.members.groups_of(member.id)
        return of, tuple(group_id for group_id, _ in await unit.members.joined_groups(member.id))

    await database.run(add_member)
    groups_of, joined = await database.run(join)
    assert groups_of == joined == (joined[0], min(joined), max(joined))
    assert joined[0] not in {min(joined), max(joined)}


async def test_what_a_profile_says_is_noted(database):
    member = await database.run(add_member)

    async def note(unit):
        return unit.members.note_profile(member, "Asia/Tokyo"), await unit.members.get(member.id)

    noted = dataclasses.replace(member, profile_zone="Asia/Tokyo")
    assert await database.run(note) == (noted, noted)
    assert await database.read(lambda unit: unit.members.find(user())) == noted


@pytest.mark.sql
async def test_newcomers_at_once_need_no_statement_of_their_own(database):
    """A question that many answer for the first time would else be answered slowly, one by one."""

    async def statements(count, first):
        sent = []

        def listen(_connection, _cursor, statement, *_rest):
            sent.append(statement)

        async def meet(unit, number):
            who = await unit.members.add(user(number), NOW)
            unit.members.set_zone(ZoneChange(who.id, NOW, "UTC"))
            assert await unit.learning.answer_to_post(1, who.id) is None
            assert not await unit.learning.has_activity(who.id, "post:1")
            await unit.members.join(1, who.id, NOW, "Ana")

        event.listen(database.engine.sync_engine, "before_cursor_execute", listen)
        jobs = (database.run(partial(meet, number=first + n)) for n in range(count))
        await asyncio.gather(*jobs)
        event.remove(database.engine.sync_engine, "before_cursor_execute", listen)
        return len(sent)

    await database.run(lambda unit: unit.groups.add(group()))
    assert await statements(2, 1) == await statements(40, 100)
