"""One trip to SQLite's thread for all that is asked at one moment, and for all that is written."""

import asyncio
import gc
import sqlite3

import aiosqlite
import pytest

from bot.errors import Conflict, StorageError
from tests.storage.facts import NOW, user

pytestmark = [pytest.mark.asyncio, pytest.mark.sqlite]


@pytest.fixture
def trips(monkeypatch):
    """The names of what SQLite's thread was asked to do."""
    made = []

    def noting(name):
        asked = getattr(aiosqlite.Connection, name)

        def note(self, *arguments):
            made.append(name)
            return asked(self, *arguments)

        monkeypatch.setattr(aiosqlite.Connection, name, note)

    for name in ("execute_fetchall", "executemany", "commit", "rollback"):
        noting(name)
    return made


async def several(unit):
    """Ask three tables at one moment."""
    return await asyncio.gather(
        unit.events.seen("e"), unit.members.find(user(1)), unit.learning.streak_state(1)
    )


async def test_what_is_asked_at_one_moment_makes_one_trip(database, trips):
    assert await database.run(several) == [False, None, None]
    first = len(trips)
    trips.clear()
    assert await database.run(several) == [False, None, None]
    assert first > 1, "the first time, the columns of a statement aren't known"
    assert trips == ["execute_fetchall", "commit"]


async def test_rows_belong_to_those_who_asked_for_them(database, trips):
    async def writes(unit):
        unit.events.record("e", NOW)
        member = await unit.members.add(user(1), NOW)
        unit.learning.put_streak_state(member.id, "state")
        return member

    await database.run(several)
    member = await database.run(writes)
    trips.clear()
    assert await database.run(several) == [True, member, "state"]
    assert trips.count("execute_fetchall") == 2, "the member's own row is known by the account alone"


async def test_an_error_of_one_statement_is_that_of_all_asked_with_it_and_is_over_then(
    database, path, trips
):
    await database.run(several)
    other = sqlite3.connect(path)
    other.execute("ALTER TABLE account RENAME TO gone")
    with pytest.raises(StorageError, match="no such table: account"):
        await database.run(several)
    other.execute("ALTER TABLE gone RENAME TO account")
    other.close()
    trips.clear()
    assert await database.run(several) == [False, None, None]
    assert trips.count("execute_fetchall") == 1


async def test_an_error_that_is_kept_keeps_no_statement_open(database):
    async def of_nobody(unit):
        await several(unit)
        unit.events.record("e", NOW)
        unit.learning.put_streak_state(1, "state of nobody")

    await database.run(several)
    with pytest.raises(Conflict) as error:
        await database.run(of_nobody)
    assert error.value.__cause__ is not None
    assert not [each for each in gc.get_objects() if isinstance(each, sqlite3.Cursor)]


@pytest.mark.parametrize(("bad", "error"), [("\ud800", UnicodeEncodeError), (2**70, OverflowError)])
async def test_a_write_that_the_driver_refuses_is_told_to_its_unit_and_keeps_nothing_of_it(
    database, bad, error
):
    async def looks(unit):
        return await unit.notes.get("good"), await unit.notes.get("bad")

    async def writes(unit):
        await unit.notes.put("good", "1")
        await unit.notes.put("bad", bad)

    assert await database.run(looks) == (None, None)
    wrote, looked = await asyncio.gather(database.run(writes), database.run(looks), return_exceptions=True)
    assert isinstance(wrote, error)
    assert looked == (None, None)
    assert await database.run(looks) == (None, None)


async def test_a_read_that_the_driver_refuses_is_told_to_its_unit_alone(database):
    async def looks(unit):
        return await unit.notes.get("x")

    async def asks_too_much(unit):
        return await unit.posts.get(2**70)

    await database.run(looks)
    await database.run(lambda unit: unit.posts.get(1))
    for first in (looks, asks_too_much):
        units = (first, looks, asks_too_much)
        told = await asyncio.gather(*map(database.run, units), return_exceptions=True)
        assert [type(each) for each in told] == [
            OverflowError if unit is asks_too_much else type(None) for unit in units
        ]
