"""State that platforms keep, on each kind of database: guarded by a revision, and by an expiry."""

import asyncio
import datetime as dt

import pytest

from bot.chat import ABSENT, StaleRevision
from bot.services.platform_state import DatabaseState
from storage import open_database
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def state(database, clock):
    return DatabaseState(database, clock, "matrix", "sync")


async def test_what_was_put_is_there_until_it_is_deleted(state):
    assert await state.get("token") is None
    first = await state.put("token", "s1")
    assert await state.get("token") == first
    second = await state.put("token", "s2")
    assert (first.value, second.value) == ("s1", "s2")
    assert first.revision != second.revision
    assert await state.get("token") == second
    assert await state.delete("token")
    assert await state.get("token") is None
    assert not await state.delete("token")


async def test_platforms_and_namespaces_see_nothing_of_each_other(state, database, clock):
    await state.put("token", "ours")
    for platform, namespace in (("matrix", "keys"), ("telegram", "sync")):
        other = DatabaseState(database, clock, platform, namespace)
        assert await other.records() == ()
        await other.put("token", "theirs")
        assert await other.delete("token")
    assert (await state.get("token")).value == "ours"


async def test_records_are_listed_by_prefix_in_the_order_of_their_keys(state):
    for key in ("app/T2", "app/T10", "APP/T1", "app%T3", "other/T1"):
        await state.put(key, key.lower())
    assert [each.key for each in await state.records("app/")] == ["app/T10", "app/T2"]
    assert len(await state.records()) == 5
    assert await state.records("app_") == ()


async def test_a_write_that_expects_another_revision_changes_nothing(state):
    first = await state.put("token", "s1", expected=ABSENT)
    with pytest.raises(StaleRevision):
        await state.put("token", "s2", expected=ABSENT)
    second = await state.put("token", "s2", expected=first.revision)
    with pytest.raises(StaleRevision):
        await state.put("token", "s3", expected=first.revision)
    assert not await state.delete("token", expected=first.revision)
    assert await state.get("token") == second
    assert await state.delete("token", expected=second.revision)
    with pytest.raises(StaleRevision):
        await state.put("token", "s3", expected=second.revision)


async def test_a_record_that_was_deleted_and_made_anew_is_another_one(state):
    first = await state.put("token", "s1")
    await state.delete("token")
    await state.put("token", "s1")
    with pytest.raises(StaleRevision):
        await state.put("token", "s2", expected=first.revision)


async def test_what_has_expired_is_absent_and_dropped(state, database, clock):
    short = await state.put("short", "1", expires_at=clock.now() + dt.timedelta(hours=1))
    await state.put("gone", "1", expires_at=clock.now() + dt.timedelta(hours=1))
    await state.put("long", "1")
    clock.advance(hours=1)
    assert await state.get("short") is None
    assert [each.key for each in await state.records()] == ["long"]
    assert not await state.delete("short")
    with pytest.raises(StaleRevision):
        await state.put("short", "2", expected=short.revision)
    await state.put("short", "2", expected=ABSENT)
    assert await database.run(lambda unit: unit.platform_records.drop_expired(clock.now())) == 1
    assert [each.value for each in await state.records("short")] == ["2"]


async def test_of_many_who_write_at_once_one_gets_through(state):
    first = await state.put("token", "0")
    results = await asyncio.gather(
        *(state.put("token", str(n), expected=first.revision) for n in range(1, 9)), return_exceptions=True
    )
    won = [each for each in results if not isinstance(each, Exception)]
    assert [await state.get("token")] == won
    assert sum(isinstance(each, StaleRevision) for each in results) == 7


@pytest.mark.sql
async def test_of_two_processes_one_gets_through(state, database, address, clock):
    first = await state.put("token", "0")
    other = await open_database(address, busy_timeout=5)
    try:
        elsewhere = DatabaseState(other, clock, "matrix", "sync")
        results = await asyncio.gather(
            state.put("token", "here", expected=first.revision),
            elsewhere.put("token", "there", expected=first.revision),
            return_exceptions=True,
        )
        assert await elsewhere.get("token") in results
        assert sum(isinstance(each, StaleRevision) for each in results) == 1
    finally:
        await other.close()
