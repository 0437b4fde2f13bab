"""Units that only read: they take their turn, begin no transaction, and cannot write."""

import asyncio
import sqlite3

import pytest
from sqlalchemy import event

from bot.errors import StorageError
from tests.storage.facts import NOW

pytestmark = pytest.mark.asyncio


@pytest.fixture
def begun(database):
    """List of the statements that the database gets to begin a transaction."""
    statements = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def listen(_connection, _cursor, statement, *_rest):
        if statement.startswith("BEGIN"):
            statements.append(statement)

    return statements


async def note(unit):
    return await unit.notes.get("n")


async def write(unit):
    await unit.notes.put("n", "new")


@pytest.mark.sql
async def test_a_reader_alone_begins_no_transaction(database, begun):
    await database.run(write)
    begun.clear()
    assert await database.read(note) == "new"
    assert begun == []


async def test_a_reader_sees_what_was_asked_for_before_it(database):
    _, seen = await asyncio.gather(database.run(write), database.read(note))
    assert seen == "new"


async def test_a_reader_is_served_while_another_process_writes(database, path):
    """A transaction of its own would wait for the lock and give up."""
    await database.run(write)
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        assert await database.read(note) == "new"
    finally:
        other.close()


@pytest.mark.parametrize("beside_a_writer", [True, False])
async def test_a_reader_cannot_write(database, beside_a_writer):
    beside = [database.run(write)] if beside_a_writer else []
    staged = database.read(_recorded)
    at_once = database.read(lambda unit: unit.events.forget_before(NOW))
    *_, first, second = await asyncio.gather(*beside, staged, at_once, return_exceptions=True)
    assert isinstance(first, RuntimeError)
    assert isinstance(second, RuntimeError)
    assert await database.read(lambda unit: unit.events.seen("e")) is False


async def test_an_error_of_a_reader_is_the_readers(database):
    async def fail(_unit):
        raise KeyError("mine")

    failed, seen = await asyncio.gather(database.read(fail), database.read(note), return_exceptions=True)
    assert isinstance(failed, KeyError)
    assert seen is None


async def test_nothing_is_read_after_closing(database):
    await database.close()
    with pytest.raises(StorageError, match="closed"):
        await database.read(note)


async def _recorded(unit):
    unit.events.record("e", NOW)
