"""Files that somebody changed: none is copied, restored or moved, and ``verify`` tells what is odd."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from bot.errors import MilepostError, SetupError, StorageError
from storage import open_database, schema, verify
from storage.backup import copy_database, put_back
from storage.engine import create_engine
from storage.move import move
from storage.shape import MOST_THINGS, differences, shape_in
from tests.storage.facts import group

REVISIONS = [script.revision for script in ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions()][::-1]


def rewritten(name, old, new):
    """The text of a thing changed in the file itself, as no statement would do it."""
    return (
        "PRAGMA writable_schema = ON;"
        f"UPDATE sqlite_schema SET sql = replace(sql, '{old}', '{new}') WHERE name = '{name}';"
        "PRAGMA writable_schema = RESET;"
    )


HOSTILE = {
    "a trigger": (
        "CREATE TRIGGER more AFTER INSERT ON activity BEGIN UPDATE tally SET points = 9999; END",
        "the trigger more is foreign",
    ),
    "a table is gone": ("DROP TABLE challenge_entry", "the table challenge_entry is missing"),
    "a table that is a view": (
        "DROP TABLE note; CREATE VIEW note AS SELECT 'a' AS name, 'b' AS value",
        "the view note is foreign",
    ),
    "a foreign view": (
        "CREATE VIEW all_members AS SELECT * FROM member",
        "the view all_members is foreign",
    ),
    "a foreign table": ("CREATE TABLE stowaway (a)", "the table stowaway is foreign"),
    "a virtual table": ("CREATE VIRTUAL TABLE words USING fts5(a)", "the table words is foreign"),
    "a quote in a name": (
        """CREATE TABLE "x"" ; DROP TABLE member; --" (a)""",
        """the table x" ; DROP TABLE member; -- is foreign""",
    ),
    "a name of several lines": (
        'CREATE TABLE "a\n\x1b[31mb" (a)',
        "the table a\\n\\x1b[31mb is foreign",
    ),
    "a long name": (f"CREATE TABLE {'a' * 5000} (a)", f"the table {'a' * 79}… is foreign"),
    "a name like that of another database": (
        'CREATE TABLE "main.member" (a); CREATE TABLE "temp" (a)',
        "the table main.member is foreign",
    ),
    "a column more": (
        "ALTER TABLE note ADD COLUMN extra TEXT",
        "the table note has extra text",
    ),
    "a generated column": (
        "ALTER TABLE note ADD COLUMN loud TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL",
        "the table note has loud text generated always as ( upper ( name ) ) virtual",
    ),
    "a column less": (
        "ALTER TABLE member DROP COLUMN profile_zone",
        "the table member lacks profile_zone text",
    ),
    "a column renamed": (
        "ALTER TABLE note RENAME COLUMN value TO content",
        "the table note lacks value text",
    ),
    "a type changed": (
        rewritten("note", "value TEXT", "value BLOB"),
        "the table note has value blob",
    ),
    "not strict": (rewritten("note", "STRICT", ""), "the table note lacks strict"),
    "a condition gone": (
        rewritten("member", "rest_days BETWEEN 0 AND 127", "1"),
        "the table member lacks constraint ck_member_rest_days check ( rest_days between 0 and 127 )",
    ),
    "a condition in a comment": (
        rewritten("member", "CHECK (rest_days BETWEEN 0 AND 127)", "CHECK (1 /* BETWEEN 0 AND 127 */)"),
        "the table member has constraint ck_member_rest_days check ( 1 )",
    ),
    "a condition that calls something": (
        rewritten("member", "BETWEEN 0 AND 127", "BETWEEN 0 AND length(randomblob(900000000))"),
        "the table member has constraint ck_member_rest_days check ( rest_days between 0 and length (",
    ),
    "a reference gone": (
        rewritten("zone_change", "FOREIGN KEY(member_id) REFERENCES member (id)", "CHECK (1)"),
        "the table zone_change lacks constraint fk_zone_change_member_id foreign key",
    ),
    "an index gone": ("DROP INDEX ix_account_member_id", "the index ix_account_member_id is missing"),
    "an index that is partial": (
        """DROP INDEX ix_account_member_id;
        CREATE INDEX ix_account_member_id ON account (member_id) WHERE member_id > 9""",
        "the index ix_account_member_id has create index ix_account_member_id on account",
    ),
    "an index on other columns": (
        """DROP INDEX ix_zone_change_member_id_at;
        CREATE INDEX ix_zone_change_member_id_at ON zone_change (at, member_id)""",
        "the index ix_zone_change_member_id_at has create index ix_zone_change_member_id_at on",
    ),
    "an index on what a function makes": (
        "CREATE INDEX loud ON note (upper(value))",
        "the index loud is foreign",
    ),
    "numbers that count up": (
        """CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT);
        INSERT INTO sqlite_sequence VALUES ('member', 9223372036854775807)""",
        "the table sqlite_sequence is foreign",
    ),
    "only the revision": (
        "PRAGMA foreign_keys = OFF;"
        + "".join(f"DROP TABLE {table};" for table in ("note", "member", "account", "post", "activity")),
        "the table note is missing",
    ),
}
REFUSED = {
    "two revisions": ("INSERT INTO alembic_version VALUES ('0000')", "2 revisions"),
    "no revision": ("DELETE FROM alembic_version", "0 revisions"),
    "three revisions": ("INSERT INTO alembic_version VALUES ('a'), ('b')", "3 revisions"),
    "no table of revisions": ("DROP TABLE alembic_version", "isn't a Milepost database"),
    "a view of revisions": (
        "DROP TABLE alembic_version; CREATE VIEW alembic_version AS SELECT '0001' AS version_num",
        "isn't a Milepost database",
    ),
    "an unknown revision": (
        "UPDATE alembic_version SET version_num = '9999'",
        "written by a newer Milepost",
    ),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A file with a group in it."""
    file = tmp_path_factory.mktemp("whole") / "whole.db"

    async def make():
        database = await open_database(f"sqlite:///{file}")
        await database.run(lambda unit: unit.groups.add(group()))
        await database.close()

    asyncio.run(make())
    return file


@pytest.fixture
def changed(whole, tmp_path):
    """A copy of the file with a script run in it."""

    def change(script):
        file = tmp_path / "changed.db"
        copy_database(whole, file)
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.executescript(script)
        return file

    return change


def refused(file, tmp_path):
    """The sentence with which a restore is refused; the database that was there is as it was."""
    target = tmp_path / "milepost.db"
    target.write_bytes(b"as it was")
    with pytest.raises(MilepostError) as caught:
        asyncio.run(put_back(file, target, "before"))
    assert target.read_bytes() == b"as it was"
    assert {each.name.partition(".db")[0] for each in tmp_path.iterdir()} <= {"changed", "milepost"}
    sentence = str(caught.value)
    assert len(sentence.splitlines()) == 1
    assert len(sentence) < 600
    assert sentence.isprintable()
    return sentence


def verified(file):
    async def look():
        engine = create_engine(f"sqlite:///{file}")
        try:
            await schema.compare(engine)
        finally:
            await engine.dispose()
        database = await open_database(f"sqlite:///{file}")
        try:
            return await verify(database)
        finally:
            await database.close()

    return asyncio.run(look())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_changed_file_is_not_restored(changed, tmp_path, name):
    script, odd = HOSTILE[name]
    sentence = refused(changed(script), tmp_path)
    assert "isn't as Milepost makes it, so nothing was copied (schema: " in sentence
    first_ones = {"a table that is a view", "only the revision"}  # others stand before it
    assert odd[:70] in sentence or name in first_ones


@pytest.mark.parametrize("name", [*HOSTILE, *REFUSED])
def test_a_backup_that_no_restore_would_take_is_not_made(changed, tmp_path, name):
    script, _ = (HOSTILE | REFUSED)[name]
    file, target = changed(script), tmp_path / "backup.db"
    with pytest.raises(MilepostError) as caught:
        copy_database(file, target)
    assert str(caught.value) == refused(file, tmp_path)
    assert not [each for each in tmp_path.iterdir() if "backup" in each.name]


@pytest.mark.parametrize("name", HOSTILE)
def test_verify_tells_what_is_odd(changed, name):
    script, odd = HOSTILE[name]
    findings = verified(changed(script))
    assert any(odd[:70] in finding for finding in findings), findings
    assert all(finding.startswith("schema: ") and finding.isprintable() for finding in findings)
    assert len(findings) <= 21


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_without_one_known_revision_is_not_restored(changed, tmp_path, name):
    script, said = REFUSED[name]
    assert said in refused(changed(script), tmp_path)


def test_what_passes_for_a_table_of_sqlites_own_is_not_restored(changed, tmp_path):
    script = """CREATE TABLE stowaway (a); PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET tbl_name = 'sqlite_stat1' WHERE name = 'stowaway';"""
    assert "is damaged" in refused(changed(script), tmp_path)


@pytest.mark.parametrize("name", ["two revisions", "three revisions", "an unknown revision"])
def test_nor_is_it_opened(changed, name):
    script, said = REFUSED[name]
    with pytest.raises(StorageError, match=said):
        verified(changed(script))


@pytest.mark.parametrize("name", ["a trigger", "a table that is a view", "a column more"])
def test_a_changed_file_is_not_moved_to_a_server(changed, name, server_url):
    file = changed(HOSTILE[name][0])
    with pytest.raises(SetupError, match="isn't as Milepost makes it"):
        asyncio.run(move(file, server_url, busy_timeout=5, tell=lambda _done, _all: None))


@pytest.mark.parametrize(
    "content", [b"", b"garbage" * 999, "half", "tail"], ids=["empty", "garbage", "cut", "without its head"]
)
def test_what_is_no_whole_database_is_not_restored(whole, tmp_path, content):
    file, bytes_of = tmp_path / "changed.db", whole.read_bytes()
    cuts = {"half": bytes_of[: len(bytes_of) // 2], "tail": bytes_of[4096:]}
    file.write_bytes(cuts.get(content, content))
    assert refused(file, tmp_path)


def test_more_things_than_anybody_would_make_are_counted_out(changed, tmp_path):
    script = "".join(f"CREATE TABLE t{number} (a);" for number in range(MOST_THINGS + 50))
    file = changed(f"BEGIN;{script}COMMIT;")
    assert "more" in refused(file, tmp_path)
    assert len(verified(file)) == 21


def test_a_file_that_is_larger_than_the_disk_has_room_is_not_copied(whole, tmp_path, monkeypatch):
    file = tmp_path / "changed.db"
    shutil.copy(whole, file)
    with file.open("ab") as large:
        large.truncate(1 << 34)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=9 << 30))
    assert "has 16,384 MiB, and the disk of " in refused(file, tmp_path)


def test_what_analyze_leaves_is_no_stranger(changed, tmp_path):
    file = changed("ANALYZE")
    assert verified(file) == ()
    assert asyncio.run(put_back(file, tmp_path / "milepost.db", "before"))


def made_at(revision, file):
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        schema.migrate(connection, revision)
    engine.dispose()


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_backup_of_an_older_version_is_restored_and_brought_up_to_what_a_new_one_is(
    tmp_path, next_revision, revision
):
    made_at(revision, tmp_path / "old.db")
    next_revision()
    target = tmp_path / "milepost.db"
    asyncio.run(put_back(tmp_path / "old.db", target, "before"))
    assert verified(target) == ()
    with closing(sqlite3.connect(target)) as connection:
        assert differences(schema.fresh_shape("next"), shape_in(connection)) == ()


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_older_one_with_a_stranger_in_it_is_not(tmp_path, next_revision, revision):
    file = tmp_path / "changed.db"
    made_at(revision, file)
    next_revision()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TRIGGER more AFTER INSERT ON member BEGIN DELETE FROM account; END")
    assert "the trigger more is foreign" in refused(file, tmp_path)


def test_a_new_file_that_claims_to_be_old_is_not(tmp_path, next_revision):
    next_revision()
    file = tmp_path / "changed.db"
    made_at("next", file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    assert "isn't as Milepost makes it" in refused(file, tmp_path)


def test_no_schema_is_trusted_on_any_connection(tmp_path):
    async def look():
        engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
        async with engine.connect() as connection:
            found = await connection.exec_driver_sql("PRAGMA trusted_schema")
            kept = found.scalar()
        await engine.dispose()
        return kept

    assert asyncio.run(look()) == 0
