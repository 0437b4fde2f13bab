"""Every older schema, with rows in every table, is brought to the newest: nothing is lost or changed.

A new revision is covered as soon as its file is there. One that takes a column away on purpose says so
in GONE. That rows are kept at all is shown by a revision that only these tests know.
"""

import shutil

import pytest
import pytest_asyncio
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.errors import DatabaseNewer
from storage import open_database, schema
from storage.engine import create_engine
from storage.tables import metadata
from tests.storage.conftest import POSTGRESQL
from tests.storage.rows import REVISIONS, contents, fill
from tests.support import postgres
from tests.support.revisions import NEWEST, NEXT_CHANGING

pytestmark = pytest.mark.asyncio

SCRIPTS = list(reversed(list(ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions())))
OLDER = [script.revision for script in SCRIPTS]
GONE: set[str] = set()
"""``table.column`` of what a revision has taken away."""


@pytest.fixture
def blank(kind, request, tmp_path):
    """The address of a database without a table."""
    if kind != POSTGRESQL:
        yield f"sqlite:///{tmp_path / 'milepost.db'}"
        return
    request.getfixturevalue("empty_on_server")  # which says it when there is no server
    with postgres.fresh() as name:
        yield postgres.address(name)


@pytest_asyncio.fixture
async def engine(blank):
    made = create_engine(blank)
    yield made
    await made.dispose()


@pytest.fixture
def until(tmp_path, monkeypatch):
    """The Milepost of a revision: one that knows none after it."""

    def install(revision):
        folder = tmp_path / "older"
        shutil.copytree(schema.MIGRATIONS, folder)
        for later in SCRIPTS[OLDER.index(revision) + 1 :]:
            (folder / "versions" / schema.Path(later.path).name).unlink()
        monkeypatch.setattr(schema, "MIGRATIONS", folder)

    return install


async def on(engine, look):
    """Run a function on a connection, commit, and return its result."""
    async with engine.begin() as connection:
        return await connection.run_sync(look)


def differences(connection):
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, metadata)


def kept(rows, columns):
    return sorted(({name: row[name] for name in columns} for row in rows), key=repr)


def lost_between(before, after):
    """``table.column`` of what isn't there any more; the rest of each row must be as it was."""
    lost = set()
    for table, rows in before.items():
        assert rows, table
        lost |= {f"{table}.{name}" for name in rows[0].keys() - after[table][0].keys()}
        columns = rows[0].keys() & after[table][0].keys()
        assert kept(after[table], columns) == kept(rows, columns), table
    return lost


@pytest.mark.parametrize("revision", OLDER)
async def test_every_row_of_every_older_schema_is_kept(engine, until, monkeypatch, revision):
    with monkeypatch.context():
        until(revision)
        assert await schema.upgrade(engine) == (None, revision)
        await on(engine, fill)
    monkeypatch.undo()
    before = await on(engine, contents)
    assert await schema.upgrade(engine) == (revision, OLDER[-1])
    assert lost_between(before, await on(engine, contents)) <= GONE
    assert await on(engine, differences) == []


async def test_a_revision_more_changes_what_it_says_and_keeps_every_other_value(engine, next_revision):
    await schema.upgrade(engine)
    await on(engine, fill)
    before = await on(engine, contents)
    next_revision(NEXT_CHANGING)
    assert await schema.upgrade(engine) == (NEWEST, "next")
    assert await schema.upgrade(engine) == ("next", "next")
    after = await on(engine, contents)
    assert lost_between(before, after) == {"tally.points", "notice.delivered_at"}
    assert {row["pinned"] for row in after["post"]} == {0}
    assert sorted(row["score"] for row in after["tally"]) == sorted(
        row["points"] for row in before["tally"]
    )
    assert {row["post_id"] for row in after["pin"]} == {row["id"] for row in before["post"]}


async def test_a_database_of_a_newer_milepost_is_refused_and_not_changed(engine, blank):
    await schema.upgrade(engine)
    await on(engine, fill)
    await on(engine, lambda it: it.exec_driver_sql(f"UPDATE {REVISIONS} SET version_num = '9999'"))
    before = await on(engine, contents)
    with pytest.raises(DatabaseNewer, match=r"revision 9999.*It has not been changed\."):
        await open_database(blank)
    assert await on(engine, contents) == before
    assert await on(engine, differences) == []
    assert await schema.current(engine) == "9999"


async def test_a_database_of_the_milepost_after_this_one_is_refused(
    engine, blank, monkeypatch, next_revision
):
    with monkeypatch.context():
        next_revision()
        await schema.upgrade(engine)
    monkeypatch.undo()
    with pytest.raises(DatabaseNewer, match=r"revision next.*It has not been changed\."):
        await open_database(blank)
    assert await schema.current(engine) == "next"
