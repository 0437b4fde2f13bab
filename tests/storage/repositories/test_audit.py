"""Audit log: kept in order, and found by place, group and time."""

import dataclasses
import datetime as dt

import pytest

from bot.domain.audit import ActorKind, AuditAction, AuditEntry
from bot.errors import Conflict
from tests.storage.facts import HOUR, NOW, group

pytestmark = pytest.mark.asyncio


def entry(group_id=None, **changes):
    return AuditEntry(
        **{
            "id": 0,
            "at": NOW,
            "platform": "room",
            "workspace": "school",
            "action": AuditAction.SCHEDULED,
            "actor_kind": ActorKind.PERSON,
            "actor_id": "u1",
            "actor_name": "Olga Ünal",
            "group_id": group_id,
            "before": {"time": "09:00", "on": 1},
            "after": {"time": "10:00", "on": 0},
            **changes,
        }
    )


async def append(database, *entries):
    async def write(unit):
        for each in entries:
            unit.audit.append(each)

    await database.run(write)


async def latest(database, group_id, limit=10, below=None, workspace="school"):
    return await database.read(lambda unit: unit.audit.latest("room", workspace, group_id, limit, below))


async def since(database, at=NOW, above=0, limit=10, group_id=None):
    return await database.read(lambda unit: unit.audit.since(at, above, limit, group_id))


async def groups(unit):
    return [(await unit.groups.add(group(number))).id for number in (1, 2)]


async def test_an_entry_comes_back_as_it_was_written(database):
    one, _ = await database.run(groups)
    whole = entry(one, about_id="u2", about_name="Ana")
    await append(database, whole, entry(actor_kind=ActorKind.MILEPOST, actor_id="", actor_name=""))
    newest, oldest = await latest(database, one)
    assert dataclasses.replace(oldest, id=0) == whole
    assert (newest.group_id, newest.actor_kind, newest.actor_id) == (None, ActorKind.MILEPOST, "")
    assert newest.id > oldest.id


async def test_a_group_has_its_own_and_those_of_its_place_newest_first_and_page_by_page(database):
    one, two = await database.run(groups)
    here = [entry(one, actor_name=f"{number}") for number in range(5)]
    await append(database, *here[:3], entry(two, actor_name="two"), entry(workspace="other"), *here[3:])
    await append(database, entry(actor_name="all"))
    assert [each.actor_name for each in await latest(database, one)] == ["all", "4", "3", "2", "1", "0"]
    page = await latest(database, one, limit=2)
    assert [each.actor_name for each in page] == ["all", "4"]
    page = await latest(database, one, limit=2, below=page[-1].id)
    assert [each.actor_name for each in page] == ["3", "2"]
    assert [each.actor_name for each in await latest(database, two)] == ["all", "two"]
    assert await latest(database, one, workspace="elsewhere") == ()


async def test_operators_read_oldest_first_from_an_instant_on_and_of_a_group(database):
    one, two = await database.run(groups)
    times = [NOW - HOUR, NOW, NOW + HOUR]
    await append(database, *(entry(one, at=at) for at in times), entry(two, at=NOW + 2 * HOUR))
    assert [each.at for each in await since(database)] == [NOW, NOW + HOUR, NOW + 2 * HOUR]
    assert [each.at for each in await since(database, group_id=one)] == [NOW, NOW + HOUR]
    (first,) = await since(database, at=NOW - dt.timedelta(days=9), limit=1)
    assert [each.at for each in await since(database, at=NOW - HOUR, above=first.id)] == [
        NOW, NOW + HOUR, NOW + 2 * HOUR,
    ]  # fmt: skip


async def test_a_group_that_is_not_there_has_no_entries(database):
    with pytest.raises(Conflict):
        await append(database, entry(77))


async def test_the_last_name_of_somebody_is_known_in_their_place(database):
    await append(database, entry(actor_name="Olga"), entry(actor_name="Olga Lee"), entry(actor_name=""))

    async def ask(unit):
        return [
            await unit.audit.name_of("room", *who)
            for who in (("school", "u1"), ("other", "u1"), ("school", "u9"))
        ]

    assert await database.read(ask) == ["Olga Lee", "", ""]


async def name(database, *people):
    async def write(unit):
        for who, called in people:
            unit.organisers.name("room", "school", who, called)

    await database.run(write)


async def test_organisers_have_names_that_may_change(database):
    await name(database, ("u2", "Ben"), ("u1", "Ana"), ("u1", "Ana Lee"))
    assert await database.read(lambda unit: unit.organisers.names("room", "school")) == {
        "u1": "Ana Lee",
        "u2": "Ben",
    }
    assert await database.read(lambda unit: unit.organisers.named("room", "school")) == ("u1", "u2")
    assert await database.read(lambda unit: unit.organisers.names("room", "other")) == {}


async def test_organisers_are_looked_for_once_until_their_turn_comes_again(database):
    await name(database, ("u1", "Ana"), ("u2", "Ben"), ("u3", "Cas"))

    async def look(at, limit=2, platform="room"):
        found = await database.run(lambda unit: unit.organisers.look_for(at, at - HOUR, limit, platform))
        return sorted(user for _, user in found)

    assert await look(NOW, platform="elsewhere") == []
    first = await look(NOW)
    assert len(first) == 2
    assert sorted(first + await look(NOW)) == ["u1", "u2", "u3"]
    assert await look(NOW) == []
    await name(database, ("u1", "Ana Lee"))
    assert await look(NOW) == [], "a new name is no new person"
    assert await look(NOW + HOUR, limit=9) == ["u1", "u2", "u3"]
