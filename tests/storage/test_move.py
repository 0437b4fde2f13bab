"""From a file to a server: every row as it was, ids that go on, and refusals that change nothing."""

import asyncio
import sqlite3
from contextlib import closing

import pytest
import pytest_asyncio

from bot.errors import DatabaseBusy, DatabaseNewer, SetupError, StorageError
from storage import move as moving
from storage import open_database
from storage.engine import create_engine
from storage.move import move
from storage.schema import current, upgrade
from tests.storage.facts import NOW, dump, user
from tests.storage.rows import contents, fill
from tests.support import postgres
from tests.support.partition import network_to

pytestmark = pytest.mark.asyncio


async def on(url, look):
    engine = create_engine(url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(look)
    finally:
        await engine.dispose()


@pytest_asyncio.fixture
async def file(path):
    """A database file with rows in every table."""
    engine = create_engine(f"sqlite:///{path}")
    await upgrade(engine)
    await engine.dispose()
    await on(f"sqlite:///{path}", fill)
    return path


@pytest.fixture
def bare(empty_on_server):
    """The address of a database on the server without a table."""
    with postgres.fresh() as name:
        yield postgres.address(name)


def execute(path, *statements):
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


async def moves(file, url, tell=lambda _done, _total: None):
    return await move(file, url, busy_timeout=2, tell=tell)


def as_in_the_file(rows):
    """Flags as SQLite has them."""
    return {
        table: [{k: int(v) if isinstance(v, bool) else v for k, v in row.items()} for row in found]
        for table, found in rows.items()
    }


async def test_every_row_of_every_table_is_there_as_it_was(file, bare, monkeypatch):
    monkeypatch.setattr(moving, "BATCH", 2)
    told = []
    rows = await moves(file, bare, lambda done, total: told.append((done, total)))
    there = await on(bare, contents)
    here = await on(f"sqlite:///{file}", contents)
    for table in here:
        assert sorted(as_in_the_file(there)[table], key=repr) == sorted(here[table], key=repr), table
    assert rows == {table: len(found) for table, found in here.items()}
    assert all(rows.values())
    total = sum(rows.values())
    assert (told[0], told[-1]) == ((0, total), (total, total))
    assert told == sorted(told)


async def test_ids_go_on_where_they_were(file, bare):
    execute(file, "UPDATE delivery SET id = id + 40")
    await moves(file, bare)

    def add(connection):
        connection.exec_driver_sql(
            "INSERT INTO delivery (kind, platform, workspace, subject, payload, due_at, attempts, revision)"
            " VALUES ('remove_file', 'p', 'w', 's', '{}', 0, 0, 0)"
        )
        return connection.exec_driver_sql("SELECT max(id) FROM delivery").scalar()

    with closing(sqlite3.connect(file)) as connection:
        last = connection.execute("SELECT max(id) FROM delivery").fetchone()[0]
    assert last > 40
    assert await on(bare, add) == last + 1
    database = await open_database(bare)
    member = await database.run(lambda unit: unit.members.add(user(99), NOW))
    assert await database.read(lambda unit: unit.members.find(user(99))) == member
    await database.close()


async def test_what_the_file_holds_is_not_changed(file, bare):
    before = dump(file)
    await moves(file, bare)
    assert dump(file) == before


async def test_text_with_a_nul_goes_without_it(file, bare):
    execute(file, "UPDATE note SET value = 'a' || char(0) || 'b'")
    await moves(file, bare)
    assert {row["value"] for row in (await on(bare, contents))["note"]} == {"ab"}


async def refused(file, url, error, said):
    before = dump(file)
    with pytest.raises(error, match=said) as raised:
        await moves(file, url)
    assert dump(file) == before
    return str(raised.value)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (["UPDATE alembic_version SET version_num = '9999'"], DatabaseNewer, "newer Milepost"),
        (["DROP TABLE alembic_version"], SetupError, "isn't a Milepost database"),
        (["PRAGMA foreign_keys = OFF", "DELETE FROM member"], StorageError, "db verify says where"),
    ],
)
async def test_a_file_that_is_not_of_this_version_or_whole_is_refused(file, bare, change, error, said):
    execute(file, *change)
    await refused(file, bare, error, said)
    assert await on(bare, contents) == {}, "not even the tables were made"


async def test_a_file_of_an_older_version_is_refused(file, bare, next_revision):
    next_revision()
    await refused(file, bare, SetupError, "run milepost db upgrade first")
    assert await on(bare, contents) == {}, "not even the tables were made"


async def test_a_database_that_holds_rows_is_refused_and_not_changed(file, server_url):
    execute(file, "UPDATE note SET value = 'ours'")
    await on(server_url, lambda it: it.exec_driver_sql("INSERT INTO note VALUES ('id', 'theirs')"))
    before = await on(server_url, contents)
    await refused(
        file, server_url, SetupError, "holds rows already, in the table note, and was not changed"
    )
    assert await on(server_url, contents) == before


async def test_a_database_of_another_program_is_refused_and_not_changed(file, bare):
    for statement in ("CREATE TABLE theirs (x INT)", "INSERT INTO theirs VALUES (1)"):
        await on(bare, lambda it, said=statement: it.exec_driver_sql(said))
    await refused(file, bare, SetupError, "in the table theirs")
    assert set(await on(bare, contents)) == {"theirs"}


async def test_a_database_of_a_newer_milepost_is_refused(file, server_url):
    await on(server_url, lambda it: it.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'"))
    await refused(file, server_url, DatabaseNewer, "newer Milepost")


async def test_a_milepost_that_comes_first_is_not_overwritten(file, server_url, monkeypatch):
    """One starts on the new database while the file is being looked through."""

    async def meanwhile(engine):
        found = await upgrade(engine)
        await on(server_url, lambda it: it.exec_driver_sql("INSERT INTO note VALUES ('id', 'theirs')"))
        return found

    monkeypatch.setattr(moving, "upgrade", meanwhile)
    await refused(file, server_url, SetupError, "in the table note")
    assert sum(map(len, (await on(server_url, contents)).values())) == 1


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"database": "none"}, StorageError, "There is no database none"),
        ({"port": 1, "password": "hunter2"}, DatabaseBusy, "cannot be reached"),
        ({"drivername": "mysql", "password": "hunter2"}, SetupError, "'mysql' is not served"),
    ],
)
async def test_a_server_that_is_not_there_is_said_without_a_password(file, server_url, change, error, said):
    url = create_engine(server_url).url.set(drivername="postgresql").set(**change)
    told = await refused(file, url.render_as_string(hide_password=False), error, said)
    assert "hunter2" not in told


async def test_another_file_is_refused(file):
    await refused(file, f"sqlite:///{file}", SetupError, "copied with milepost db backup")


async def test_what_the_server_refuses_leaves_it_empty(file, server_url):
    """A rule that only the server has, met in the last table but one."""
    rule = "ALTER TABLE tally ADD CONSTRAINT mine CHECK (points < 0)"
    await on(server_url, lambda it: it.exec_driver_sql(rule))
    await refused(file, server_url, StorageError, "This clashes with what is written already")
    assert not any((await on(server_url, contents)).values())


async def test_rows_that_the_server_swallows_are_noticed(file, server_url):
    for statement in (
        "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TRIGGER swallow BEFORE INSERT ON note FOR EACH ROW EXECUTE FUNCTION swallow()",
    ):
        await on(server_url, lambda it, said=statement: it.exec_driver_sql(said))
    await refused(
        file, server_url, StorageError, "took 0 of .* rows of the table note, so nothing was moved"
    )
    assert not any((await on(server_url, contents)).values())


async def test_a_table_that_another_program_holds_is_waited_for_and_then_said(file, server_url):
    engine = create_engine(server_url)
    async with engine.begin() as other:
        await other.exec_driver_sql("LOCK TABLE tally IN SHARE MODE")
        with pytest.raises(DatabaseBusy, match="locked by another process"):
            await move(file, server_url, busy_timeout=0.1, tell=lambda _done, _total: None)
    await engine.dispose()
    assert not any((await on(server_url, contents)).values())
    await asyncio.wait_for(moves(file, server_url), 60)
    assert await current_of(server_url)


async def test_a_server_that_falls_silent_is_given_up_and_stays_empty(file, server_url):
    async with network_to(server_url) as network:

        def tell(done, _total):
            if done:
                network.hold()

        with pytest.raises(DatabaseBusy, match="it does not answer"):
            await asyncio.wait_for(
                move(file, network.url, busy_timeout=0.5, tell=tell, answer_timeout=0.5), 60
            )
    assert not any((await on(server_url, contents)).values())


async def current_of(url):
    engine = create_engine(url)
    try:
        return await current(engine)
    finally:
        await engine.dispose()
