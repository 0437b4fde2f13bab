"""Migrations: from nothing, from an older revision with data, side by side, and never backwards."""

import asyncio
import sqlite3
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine as create_plain_engine

from bot.errors import DatabaseNewer, StorageError
from storage import open_database, schema
from storage.engine import create_engine
from storage.tables import metadata
from tests.storage.facts import NOW, answer, dump, group, sent, user
from tests.support.revisions import NEWEST, NEXT_CHANGING

OPEN = """
import asyncio, sys
from storage import open_database

async def main():
    await (await open_database(f"sqlite:///{sys.argv[1]}", busy_timeout=60)).close()

asyncio.run(main())
"""


@pytest.fixture
def engine(path):
    return create_engine(f"sqlite:///{path}")


def shape(path):
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: " ".join(sql.split()) for name, sql in rows if name != "alembic_version"}
    finally:
        connection.close()


async def fill(path):
    """A database of the newest revision with something in it."""
    database = await open_database(f"sqlite:///{path}")

    async def write(unit):
        of = await unit.groups.add(group())
        who = await unit.members.add(user(), NOW)
        quiz = await unit.posts.add(sent(of.id))
        unit.learning.add_answer(answer(who.id, quiz))

    await database.run(write)
    await database.close()


@pytest.mark.asyncio
async def test_an_empty_database_is_brought_to_the_newest_revision(engine):
    assert await schema.current(engine) is None
    assert await schema.compare(engine) == (None, NEWEST)
    assert await schema.upgrade(engine) == (None, NEWEST)
    assert await schema.upgrade(engine) == (NEWEST, NEWEST)
    assert await schema.current(engine) == NEWEST
    await engine.dispose()


@pytest.mark.asyncio
async def test_the_migrated_schema_is_that_of_the_tables(engine, path, tmp_path):
    await schema.upgrade(engine)
    await engine.dispose()
    fresh = create_plain_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
    metadata.create_all(fresh)
    fresh.dispose()
    assert shape(path) == shape(tmp_path / "fresh.db")
    migrated = create_plain_engine(f"sqlite:///{path}")
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    migrated.dispose()


@pytest.mark.asyncio
async def test_every_table_is_strict_and_every_constraint_has_a_name(engine, path):
    await schema.upgrade(engine)
    await engine.dispose()
    for name, sql in shape(path).items():
        if sql.startswith("CREATE TABLE"):
            assert sql.endswith("STRICT"), name
            kinds = sum(sql.count(kind) for kind in (" PRIMARY KEY", " FOREIGN KEY", " UNIQUE", " CHECK "))
            assert kinds == sql.count("CONSTRAINT "), name
        else:
            assert name.startswith(("ix_", "uq_")), name


@pytest.mark.asyncio
async def test_an_older_database_keeps_its_rows_and_its_strictness(engine, path, next_revision):
    await fill(path)
    before = dump(path)
    next_revision(NEXT_CHANGING)
    assert await schema.upgrade(engine) == (NEWEST, "next")
    async with engine.connect() as connection:
        assert (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar() == 1
    await engine.dispose()
    after = dump(path)
    posts = before.pop("post")
    assert [row[:-1] for row in after.pop("post")] == posts
    assert after.pop("alembic_version") == [("next",)]
    assert before.pop("alembic_version") == [(NEWEST,)]
    assert [number for (number,) in after.pop("pin")] == [row[0] for row in posts]
    assert after == before
    made = shape(path)
    assert made["post"].endswith("STRICT")
    assert made["tally"].endswith("STRICT")
    assert "WITHOUT ROWID" in made["tally"]
    for kept in ("ck_post_state", "ck_post_pinned", "fk_post_group_id", "uq_post_group_id_kind_slot"):
        assert kept in made["post"]
    assert "WHERE state = 'sent'" in made["ix_post_closes_at"]


@pytest.mark.asyncio
async def test_a_migration_that_fails_changes_nothing(engine, path, next_revision):
    await fill(path)
    before = (dump(path), shape(path))
    next_revision(NEXT_CHANGING + "    raise RuntimeError('half way')\n")
    with pytest.raises(RuntimeError, match="half way"):
        await schema.upgrade(engine)
    await engine.dispose()
    assert (dump(path), shape(path)) == before


@pytest.mark.asyncio
async def test_a_migration_that_would_leave_orphans_is_undone(engine, path, next_revision):
    await fill(path)
    before = dump(path)
    next_revision(NEXT_CHANGING + "    op.execute('DELETE FROM member')\n")
    with pytest.raises(StorageError, match="refer to nothing"):
        await schema.upgrade(engine)
    await engine.dispose()
    assert dump(path) == before


@pytest.mark.asyncio
async def test_a_newer_database_is_refused_and_left_as_it_is(path):
    await fill(path)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseNewer, match=r"revision 9999.*install that version"):
        await open_database(f"sqlite:///{path}")
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_two_processes_that_start_at_once_both_find_it_done(path):
    starting = [
        subprocess.Popen([sys.executable, "-c", OPEN, str(path)], stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in starting:
        _, problems = process.communicate(timeout=120)
        assert process.returncode == 0, problems


@pytest.mark.asyncio
async def test_many_that_start_at_once_share_the_work(path):
    engines = [create_engine(f"sqlite:///{path}", busy_timeout=60) for _ in range(5)]
    found = await asyncio.gather(*map(schema.upgrade, engines))
    assert sorted(found, key=str) == [(NEWEST, NEWEST)] * 4 + [(None, NEWEST)]
    for each in engines:
        await each.dispose()


@pytest.mark.asyncio
async def test_a_database_that_is_up_to_date_opens_while_another_writes(path):
    await fill(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    database = await open_database(f"sqlite:///{path}", busy_timeout=0.05)
    other.close()
    await database.close()


@pytest.mark.asyncio
async def test_a_restored_backup_gets_write_ahead_logging_again(path, tmp_path):
    await fill(path)
    connection = sqlite3.connect(path)
    connection.execute("VACUUM INTO ?", (str(tmp_path / "backup.db"),))
    connection.close()
    database = await open_database(f"sqlite:///{tmp_path / 'backup.db'}")
    async with database.engine.connect() as connection:
        assert (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar() == "wal"
    await database.close()


@pytest.mark.asyncio
async def test_waiting_for_write_ahead_logging_ends(path, monkeypatch):
    monkeypatch.setattr(schema, "_PATIENCE", 2)
    monkeypatch.setattr(schema, "_PAUSE", 0)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("CREATE TABLE theirs (x)")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="locked"):
        await open_database(f"sqlite:///{path}", busy_timeout=0.01)
    other.close()


def test_the_migrations_lie_inside_the_package():
    assert schema.MIGRATIONS.is_relative_to(sys.modules["storage"].__path__[0])
    assert (schema.MIGRATIONS / "env.py").is_file()
    assert (schema.MIGRATIONS / "versions" / "__init__.py").is_file()
