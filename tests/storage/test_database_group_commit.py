"""Units of work that wait together share a transaction, and nothing else."""

import asyncio
import sqlite3

import pytest
from sqlalchemy import text

from bot.domain.model import Submission
from bot.errors import Conflict, DatabaseFull, StorageError, UserError
from storage import open_database
from tests.storage.facts import NOW, dump
from tests.storage.units import build_quiz, notes, noting, outcomes

pytestmark = pytest.mark.asyncio


@pytest.mark.sqlite
async def test_a_unit_is_durable_when_it_is_answered(database, path):
    assert await database.run(noting("a")) == "a"
    assert dump(path)["note"] == [("a", "x")]


async def test_waiting_units_share_one_transaction(path):
    database = await open_database(f"sqlite:///{path}", group_size=7)
    batches = []

    async def look(unit):
        batches.append(unit.session.batch)

    try:
        await outcomes(database, *[look] * 20)
        assert [batches.count(each) for each in dict.fromkeys(batches)] == [7, 7, 6]
        batches.clear()
        await database.run(look)
        await database.run(look)
        assert batches[0] is not batches[1]
    finally:
        await database.close()


@pytest.mark.sql
async def test_a_group_with_a_conflict_in_it_is_run_again_one_by_one(database):
    """Two units write one fact, unknowingly: the flush of their group fails, and each runs alone."""
    who, prompt = await database.run(build_quiz)
    runs = []

    def replying(name):
        async def reply(unit):
            runs.append(name)
            unit.community.add_submission(
                Submission("e1", prompt.group_id, "cli", who.id, "https://example.org", name, NOW)
            )
            return name

        return reply

    found = await outcomes(database, noting("a"), replying("first"), replying("second"), noting("b"))
    assert [each for each in found if not isinstance(each, Conflict)] == ["a", "first", "b"]
    assert runs == ["first", "second", "first", "second"]


@pytest.mark.sqlite
async def test_a_failure_to_commit_reaches_everyone_and_the_next_group_works(database):
    async def limit(pages):
        async with database.engine.connect() as connection:
            await connection.execute(text(f"PRAGMA max_page_count = {pages}"))

    async def ask(unit):
        raise UserError("told before it is certain")

    await limit(1)
    found = await outcomes(database, noting("a"), noting("b", "y" * 100_000), ask)
    assert [type(each) for each in found] == [DatabaseFull] * 3
    assert len(set(map(id, found))) == 3
    await limit(1_000_000)
    assert await outcomes(database, noting("c"), noting("d")) == ["c", "d"]
    assert await notes(database) == ["c", "d"]


@pytest.mark.sqlite
async def test_a_full_database_that_is_met_in_the_middle_of_a_unit_reaches_everyone(database):
    async def fill(unit):
        await unit.notes.put("b", "y" * 100_000)
        with pytest.raises(DatabaseFull):
            await unit.events.forget_before(NOW)
        return "swallowed"

    async with database.engine.connect() as connection:
        await connection.execute(text("PRAGMA max_page_count = 1"))
    found = await outcomes(database, noting("a"), fill, noting("c"))
    assert [type(each) for each in found] == [DatabaseFull] * 3
    assert await notes(database) == []


async def test_closing_finishes_what_was_accepted_and_takes_no_more(path):
    database = await open_database(f"sqlite:///{path}")
    accepted = [asyncio.create_task(database.run(noting(name))) for name in "abc"]
    await asyncio.sleep(0)
    await database.close()
    assert [task.result() for task in accepted] == ["a", "b", "c"]
    with pytest.raises(StorageError, match="closed"):
        await database.run(noting("d"))
    await database.close()
    assert dump(path)["note"] == [(name, "x") for name in "abc"]


@pytest.mark.sql
async def test_a_writer_that_is_stopped_tells_everyone(database):
    started = asyncio.Event()

    async def hang(unit):
        started.set()
        await asyncio.Event().wait()

    waiting = [asyncio.create_task(database.run(each)) for each in (hang, noting("a"))]
    await started.wait()
    late = asyncio.create_task(database.run(noting("b")))
    await asyncio.sleep(0)
    database._writer.cancel()
    found = await asyncio.gather(*waiting, late, return_exceptions=True)
    assert [type(each) for each in found] == [StorageError] * 3
    assert await database.run(noting("c")) == "c"
    assert await notes(database) == ["c"]


async def test_another_program_that_reads_sees_groups_whole(database, path):
    """Two notes of one unit appear together."""

    async def both(unit):
        await unit.notes.put("a", "x")
        await unit.notes.get("a")
        other = sqlite3.connect(path)
        seen = other.execute("SELECT count(*) FROM note").fetchone()
        other.close()
        await unit.notes.put("b", "x")
        return seen

    assert await database.run(both) == (0,)
    assert [row[0] for row in dump(path)["note"]] == ["a", "b"]
