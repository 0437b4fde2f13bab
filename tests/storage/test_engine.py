"""Deliberately broken database files, and the sentence for each."""

import asyncio
import sqlite3

import pytest

from bot.errors import (
    DatabaseBusy,
    DatabaseFull,
    DatabaseReadOnly,
    SetupError,
    StorageError,
)
from storage import SqlDatabase, open_database, sqlite_report
from storage.engine import create_engine


async def put_note(unit):
    await unit.notes.put("a", "x" * 100_000)


@pytest.fixture
def other(path):
    connection = sqlite3.connect(path, isolation_level=None, timeout=0)
    yield connection
    connection.close()


async def create(path):
    database = await open_database(f"sqlite:///{path}")
    await database.run(put_note)
    await database.close()


@pytest.mark.parametrize("url", ["mysql://x", "oracle://x"])
def test_other_databases_are_refused(url):
    with pytest.raises(SetupError, match=r"sqlite:///milepost.db"):
        create_engine(url)


def test_an_unreadable_url_is_refused_without_telling_it():
    with pytest.raises(SetupError, match="cannot be read") as error:
        create_engine("secret of mine")
    assert "secret" not in str(error.value)


@pytest.mark.sqlite
@pytest.mark.asyncio
async def test_the_connection_is_one_durable_and_keeps_references(database):
    async with database.engine.connect() as connection:
        found = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 2, 1, 50]
    assert database.engine.pool.size() == 1
    assert database.engine.pool._max_overflow == 0


@pytest.mark.sqlite
@pytest.mark.asyncio
async def test_a_database_locked_by_another_says_so_and_recovers(database, other):
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy, match=r"locked by another process.*stop the other program"):
        await database.run(put_note)
    other.execute("ROLLBACK")
    await database.run(put_note)


@pytest.mark.asyncio
async def test_it_waits_for_another_as_long_as_it_was_told(path, other):
    await create(path)
    database = await open_database(f"sqlite:///{path}", busy_timeout=60)
    other.execute("BEGIN IMMEDIATE")

    async def let_go(unit):
        await unit.notes.get("a")

    try:
        waiting = asyncio.create_task(database.run(let_go))
        done, _ = await asyncio.wait([waiting], timeout=0.2)
        assert not done
        other.execute("ROLLBACK")
        await waiting
    finally:
        await database.close()


@pytest.mark.asyncio
async def test_a_file_that_may_only_be_read_says_so(path):
    await create(path)
    database = await open_database(f"sqlite:///file:{path}?mode=ro&uri=true")
    try:
        with pytest.raises(DatabaseReadOnly, match="write permission"):
            await database.run(put_note)
    finally:
        await database.close()


@pytest.mark.asyncio
async def test_an_empty_file_that_may_only_be_read_cannot_be_set_up(path):
    path.touch()
    with pytest.raises(DatabaseReadOnly, match="write permission"):
        await open_database(f"sqlite:///file:{path}?mode=ro&uri=true")


@pytest.mark.sqlite
@pytest.mark.asyncio
async def test_a_full_database_says_so(database):
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(DatabaseFull, match="free space"):
        await database.run(put_note)


@pytest.mark.asyncio
async def test_a_folder_that_is_missing_says_so(tmp_path):
    with pytest.raises(StorageError, match=r"cannot be opened: its folder must exist"):
        await open_database(f"sqlite:///{tmp_path}/no/such/milepost.db")


@pytest.mark.asyncio
async def test_a_file_that_is_something_else_says_so_and_is_left_alone(path):
    content = b"Dear diary, today I learned about B-trees. " * 100
    path.write_bytes(content)
    with pytest.raises(StorageError, match="isn't a Milepost database"):
        await open_database(f"sqlite:///{path}")
    assert path.read_bytes() == content


@pytest.mark.asyncio
async def test_a_damaged_file_says_so(path):
    await create(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    database = SqlDatabase(create_engine(f"sqlite:///{path}"))
    with pytest.raises(StorageError, match=r"is damaged.*restore a backup"):
        await database.run(lambda unit: unit.notes.get("a"))
    await database.close()


@pytest.mark.parametrize(
    ("version", "race"),
    [
        ("3.6.23", False),
        ("3.7.0", True),
        ("3.40.1", True),
        ("3.44.5", True),
        ("3.44.6", False),
        ("3.45.0", True),
        ("3.50.6", True),
        ("3.50.7", False),
        ("3.51.2", True),
        ("3.51.3", False),
        ("3.52.0", False),
        ("4.0.0", False),
    ],
)
def test_the_report_knows_the_versions_with_the_wal_reset_race(version, race):
    assert sqlite_report(version).wal_reset_race is race


def test_the_report_is_about_the_library_that_is_linked():
    assert sqlite_report().version == sqlite3.sqlite_version
