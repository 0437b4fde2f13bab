"""Every older schema, with rows in every table, is brought to the newest: nothing is lost or changed.

A new revision is covered as soon as its file is there. One that takes a column away on purpose says so
in GONE.
"""

import json
import shutil
from itertools import product

import pytest
import pytest_asyncio
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.errors import DatabaseNewer
from storage import open_database, schema
from storage.engine import create_engine
from storage.tables import metadata
from tests import postgres
from tests.storage_db.conftest import POSTGRESQL
from tests.storage_db.rows import REVISIONS, contents, fill, reflected

pytestmark = pytest.mark.asyncio

SCRIPTS = list(reversed(list(ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions())))
OLDER = [script.revision for script in SCRIPTS]
GONE = {
    "member.name",
    "post.stale_rank",
    "notice.sentence",
    "answer.option_id",
    "answer.drill_id",
    *("post.version", "post.shown_version"),
    *("reminder.claimable_at", "reminder.tries", "badge.tries", "badge.not_before"),
    *(f"notice.{name}" for name in ("tries", "claimable_at", "rung", "passed", "owed_at")),
}
"""``table.column`` of what a revision has taken away."""
GONE_TABLES = {"drill", "errand", "installed_bot", "no_fault_day", "oauth_state", "prompt_reply"}
FORGOTTEN = {"streak_state": "0006"}
"""Caches, by the last revision that empties them: they are made anew from the facts."""

NAMED_ANEW = {
    "study_group.pause_reason",
    "post.reason",
    "post.fault",
    "notice.subject",
    *(f"{name}.event_id" for name in ("event", "drill", "practice_question", "answer", "submission")),
}
"""``table.column`` of what a revision has given names: tested below, with what was stored."""


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
        folder = tmp_path / "migrations"
        shutil.copytree(schema.MIGRATIONS, folder)
        for later in SCRIPTS[OLDER.index(revision) + 1 :]:
            (folder / "versions" / schema.Path(later.path).name).unlink()
        monkeypatch.setattr(schema, "MIGRATIONS", folder)

    return install


async def on(engine, look):
    """What the function comes to on a connection; what it wrote is kept."""
    async with engine.begin() as connection:
        return await connection.run_sync(look)


def differences(connection):
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, metadata)


def before(slug):
    """The revision that comes before the one whose file has this name after its number."""
    (script,) = [script for script in SCRIPTS if slug in script.path]
    return script.down_revision


def kept(rows, columns):
    return sorted(({name: row[name] for name in columns} for row in rows), key=repr)


@pytest.mark.parametrize("revision", OLDER)
async def test_every_row_of_every_older_schema_is_kept(engine, until, monkeypatch, revision):
    with monkeypatch.context():
        until(revision)
        assert await schema.upgrade(engine) == (None, revision)
        await on(engine, fill)
    monkeypatch.undo()
    before = await on(engine, contents)
    assert await schema.upgrade(engine) == (revision, OLDER[-1])
    after = await on(engine, contents)
    for table, rows in before.items():
        assert rows, table
        if table in GONE_TABLES:
            assert table not in after
            continue
        if table in FORGOTTEN:
            assert not after[table] or revision >= FORGOTTEN[table], table
            continue
        lost = {f"{table}.{name}" for name in rows[0].keys() - after[table][0].keys()}
        assert lost <= GONE
        columns = rows[0].keys() & after[table][0].keys()
        columns = {name for name in columns if f"{table}.{name}" not in NAMED_ANEW}
        assert kept(after[table], columns) == kept(rows, columns), table
    assert await on(engine, differences) == []


PAUSES = {
    "": (None, ""),
    "an organiser paused it": ("organiser", ""),
    "Milepost was removed from this place": ("removed", ""),
    "posting was refused: I lack a permission.": ("refused", "I lack a permission."),
    "posting was refused: Slack knows the channel no more.": ("gone", "Slack knows the channel no more."),
    "posting was refused: Discord knows it no more: Unknown Channel (10003).": (
        "gone",
        "Discord knows it no more: Unknown Channel (10003).",
    ),
}
FAULTS = {
    "": (None, ""),
    "it was switched off": ("switched_off", ""),
    "the date is skipped": ("date_skipped", ""),
    "its day of the week was taken out": ("day_removed", ""),
    "the group was paused": ("paused", ""),
    "the bot was down": ("down", ""),
    "planning it met a fault of mine, which stands in my log": ("unplannable", ""),
    "the pack mine is not installed": ("pack_missing", "mine"),
    "The pack mine is not installed here. An operator must install it again.": ("pack_missing", "mine"),
    "The question http-1 is no longer in the pack.": ("content_missing", ""),
    "a fault of ours, ZeroDivisionError": ("bug", "ZeroDivisionError"),
    "the platform slack is not running here": ("not_running", "slack"),
    "the platform did not answer in time": ("silent", ""),
    "Discord asks for fewer requests.": ("trouble", "Discord asks for fewer requests."),
    "The connection to Slack broke: reset.": ("trouble", "The connection to Slack broke: reset."),
    "Slack calls it malformed: no_text.": ("malformed", "Slack calls it malformed: no_text."),
    "The channel is archived.": ("gone", "The channel is archived."),
    "I am not in the channel: invite me with /invite @Milepost.": (
        "forbidden",
        "I am not in the channel: invite me with /invite @Milepost.",
    ),
}
REASONS = {
    "": (None, ""),
    "http: served never before, 4 of 53 topics open": ("rotation", "0 4 53"),
    "http: served 13 questions ago, 12 of 53 topics open": ("rotation", "13 12 53"),
    "by hand; http: served 13 questions ago, 12 of 53 topics open": ("rotation", "13 12 53"),
    "stop 3 of 53 on the roadmap": ("stop", "3 53"),
    "the challenge of step web": ("step", ""),
    "by hand; the week in review": ("recap", ""),
    "the bot was down": (None, ""),
}
OWED = {
    "posts of 2026-03-02": "day:2026-03-02",
    "post 17": "post:17",
    "pause at post 17": "pause:17",
    "end of the pause until 2026-03-02": "end:2026-03-02",
    "end of the pause until None": "end:",
    "reward 2026-03-02": "reward:2026-03-02",
    "before k-7-n": "before k-7-n",
}


async def test_sentences_that_were_stored_become_what_they_meant(engine, until, monkeypatch):
    def write(connection):
        fill(connection)
        tables = {table.name: table for table in reflected(connection)}
        template = {name: _first(connection, tables[name]) for name in ("study_group", "post", "notice")}

        def put(name, number, **values):
            connection.execute(
                tables[name].insert().values(template[name] | {"id": 1000 + number} | values)
            )

        for number, said in enumerate(PAUSES):
            put("study_group", number, channel=f"c{number}", pause_reason=said)
        for number, (fault, reason) in enumerate(product(FAULTS, REASONS)):
            put("post", number, slot=f"s{number}", fault=fault, reason=reason)
        for number, subject in enumerate(OWED):
            put("notice", number, subject=subject, sentence="It failed..")

    with monkeypatch.context():
        until("0007")
        await schema.upgrade(engine)
        await on(engine, write)
    monkeypatch.undo()
    await schema.upgrade(engine)
    rows = await on(engine, contents)

    def those(name, *columns):
        new = sorted((row for row in rows[name] if row["id"] >= 1000), key=lambda row: row["id"])
        return [tuple(row[column] for column in columns) for row in new]

    assert those("study_group", "pause_reason", "pause_detail") == list(PAUSES.values())
    assert those("post", "fault", "detail", "reason", "figures") == [
        (*fault, *((None, "") if said == why else reason))
        for (said, fault), (why, reason) in product(FAULTS.items(), REASONS.items())
    ]
    assert those("notice", "subject") == [(subject,) for subject in OWED.values()]
    assert {json.loads(data)["text"] for (data,) in those("notice", "data")} == {"It failed.."}


def _first(connection, table):
    return dict(connection.execute(sa.select(table)).mappings().first())


async def test_what_organisers_were_owed_is_told_after_the_move_to_rows(engine, until, monkeypatch):
    owed = {"group_id": 1, "key": "k-7-n", "sentence": "It failed.", "at": "", "tries": 1}
    later = owed | {"key": "k-8-n", "sentence": "Later.", "at": "2026-03-02T08:00:00+00:00", "tries": 0}

    def write(connection):
        fill(connection)
        note = sa.table("note", sa.column("name"), sa.column("value"))
        for name, value in (("untold", json.dumps([owed, later])), ("told-1", "2026-03-02")):
            connection.execute(sa.insert(note).values(name=name, value=value))

    with monkeypatch.context():
        until("0003")
        await schema.upgrade(engine)
        await on(engine, write)
    monkeypatch.undo()
    await schema.upgrade(engine)
    after = await on(engine, contents)
    assert [(row["kind"], json.loads(row["data"])) for row in after["notice"]] == [
        ("written", {"text": "It failed."}),
        ("written", {"text": "Later."}),
    ]
    owed = [row for row in after["delivery"] if row["kind"] == "notice"]
    assert [(row["subject"], row["due_at"]) for row in owed] == [("1", 0), ("2", 1772438400000000)]
    assert not {"untold", "told-1"} & {row["name"] for row in (await on(engine, contents))["note"]}


async def test_everybody_keeps_the_name_that_was_known_of_them_in_each_group(engine, until, monkeypatch):
    with monkeypatch.context():
        until(before("names_of_places"))
        await schema.upgrade(engine)
        await on(engine, fill)
    monkeypatch.undo()
    names = {row["id"]: row["name"] for row in (await on(engine, contents))["member"]}
    await schema.upgrade(engine)
    memberships = (await on(engine, contents))["membership"]
    assert memberships
    assert all(row["name"] == names[row["member_id"]] for row in memberships)


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
