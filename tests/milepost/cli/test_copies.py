"""``milepost db backup`` and ``db restore``: whole copies, and nothing overwritten unasked."""

import asyncio
import itertools
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from milepost.cli import copies
from tests.support.commands import Milepost
from tests.support.people import world_at


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MILEPOST_DATABASE_URL", "sqlite:///milepost.db")
    return Milepost(monkeypatch, capsys)


@pytest.fixture
def group(tmp_path):
    """A database in which Ana has answered a question."""

    async def study():
        async with world_at(tmp_path) as world:
            await world.founds()
            await world.passes(minutes=31)
            await world.person("Ana").answers(world.newest("Question of the day"))

    asyncio.run(study())
    return tmp_path / "milepost.db"


def answers(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM answer").fetchone()[0]


def forget_answers(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM answer")


def test_a_database_that_was_changed_by_hand_is_refused_before_a_backup_is_relied_on(
    milepost, group, tmp_path
):
    with closing(sqlite3.connect(group)) as connection, connection:
        connection.execute("CREATE TRIGGER more AFTER INSERT ON answer BEGIN DELETE FROM note; END")
    ran = milepost("db", "backup", "copy.db")
    assert ran.code != 0
    assert "the trigger more is foreign" in ran.err
    assert "nothing was copied" in ran.err
    assert not list(tmp_path.glob("*copy*"))


def test_a_backup_of_a_database_in_use_is_whole(milepost, group, tmp_path):
    with closing(sqlite3.connect(group)) as user, user:
        user.execute("UPDATE membership SET name = 'Ana II'")
        ran = milepost("db", "backup", "copy.db", "--json")
        # What was not committed when it was made is not in it.
        assert ran.code == 0, ran.err
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT name FROM membership").fetchall() == [("Ana",)]
    assert ran.json["rows"]["answer"] == 1
    assert [path.name for path in tmp_path.glob("*copy*")] == ["copy.db"]
    assert milepost("db", "verify").code == 0


def test_a_backup_has_a_dated_name_if_none_is_given(milepost, group, tmp_path):
    ran = milepost("db", "backup")
    assert ran.code == 0
    (made,) = tmp_path.glob("milepost-2*.db")
    assert ran.out.startswith(made.name)
    assert answers(made) == 1


def test_no_backup_is_overwritten(milepost, group, tmp_path):
    (tmp_path / "copy.db").write_text("mine")
    ran = milepost("db", "backup", "copy.db")
    assert ran.code == 2
    assert "copy.db already exists" in ran.err
    assert (tmp_path / "copy.db").read_text() == "mine"


def test_a_backup_is_put_back_and_the_database_from_before_is_kept(milepost, group, tmp_path):
    milepost("db", "backup", "copy.db")
    forget_answers(group)
    refused = milepost("db", "restore", "copy.db")
    assert refused.code == 2
    assert "--force" in refused.err
    assert answers(group) == 0
    ran = milepost("db", "restore", "copy.db", "--force")
    assert ran.code == 0, ran.err
    assert answers(group) == 1
    (kept,) = tmp_path.glob("milepost.db.before-*")
    assert answers(kept) == 0
    assert milepost("db", "verify").code == 0


def test_a_backup_is_put_where_no_database_is(milepost, group, tmp_path):
    milepost("db", "backup", "copy.db")
    for file in tmp_path.glob("milepost.db*"):
        file.unlink()
    assert milepost("db", "restore", "copy.db").code == 0
    assert answers(group) == 1


def test_a_log_that_was_left_alone_is_not_read_into_what_is_put_back(milepost, group, tmp_path):
    """As where somebody has moved the broken file away by hand."""
    milepost("db", "backup", "copy.db")
    with closing(sqlite3.connect(group)) as user:
        user.execute("PRAGMA journal_mode = WAL")
        user.execute("DELETE FROM answer")
        user.commit()
        for side in ("-wal", "-shm"):
            shutil.copy(f"{group}{side}", tmp_path / f"left{side}")
    for side in ("-wal", "-shm"):
        shutil.move(tmp_path / f"left{side}", f"{group}{side}")
    group.unlink()
    assert milepost("db", "restore", "copy.db").code == 0
    assert answers(group) == 1
    assert [path.name.rpartition("-")[2] for path in sorted(tmp_path.glob("*.before-*"))] == ["shm", "wal"]
    assert milepost("db", "verify").code == 0


class Killed(BaseException):
    """In the place of kill -9."""


@pytest.mark.parametrize("passage", range(1, 8))
def test_a_restore_that_is_killed_leaves_the_old_database_or_a_refusal(
    milepost, group, tmp_path, monkeypatch, passage
):
    milepost("db", "backup", "copy.db")
    forget_answers(group)
    passed = itertools.count(1)

    def mortal(step):
        def go(*given, **named):
            if next(passed) == passage:
                raise Killed
            return step(*given, **named)

        return go

    with monkeypatch.context() as during:
        for name in ("hardlink_to", "unlink", "replace"):
            during.setattr(Path, name, mortal(getattr(Path, name)))
        with pytest.raises(Killed):
            milepost("db", "restore", "copy.db", "--force")
    if group.exists():
        assert answers(group) in (0, 1)
    else:
        for command in (("db", "upgrade"), ("doctor",)):
            ran = milepost(*command)
            assert ran.code
            assert "broken off: run milepost db restore" in ran.out + ran.err
        assert not group.exists()
    assert milepost("db", "restore", "copy.db", "--force").code == 0
    assert answers(group) == 1
    assert not list(tmp_path.glob("*restored*"))


def test_what_was_kept_before_is_not_overwritten(milepost, group, tmp_path, monkeypatch):
    monkeypatch.setattr(copies, "_stamp", lambda: "today")
    milepost("db", "backup", "copy.db")
    forget_answers(group)
    for kept in ("before-today", "before-today-2"):
        assert f"milepost.db.{kept}." in milepost("db", "restore", "copy.db", "--force").out
    assert answers(tmp_path / "milepost.db.before-today") == 0
    assert answers(tmp_path / "milepost.db.before-today-2") == 1


def test_a_file_system_without_links_keeps_a_copy(milepost, group, tmp_path, monkeypatch):
    def refuse(_name, _file):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    milepost("db", "backup", "copy.db")
    forget_answers(group)
    assert milepost("db", "restore", "copy.db", "--force").code == 0
    (kept,) = tmp_path.glob("milepost.db.before-*")
    assert (answers(kept), answers(group)) == (0, 1)


def not_a_database(path):
    path.write_bytes(b"something else, and long enough to be looked at as a file" * 40)


def of_another_program(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE mine (id INTEGER)")


def newer(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")


def torn(path):
    whole = path.with_name("milepost.db").read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (not_a_database, "isn't a Milepost database"),
        (of_another_program, "isn't a Milepost database"),
        (newer, "The database copy.db was written by a newer Milepost"),
        (torn, "copy.db"),
        (lambda _: None, "There is no file copy.db"),
    ],
)
def test_what_is_no_whole_backup_changes_nothing(milepost, group, tmp_path, make, said):
    with closing(sqlite3.connect(group)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    make(tmp_path / "copy.db")
    ran = milepost("db", "restore", "copy.db", "--force")
    assert ran.code == 2
    assert said in ran.err
    assert answers(group) == 1
    assert not list(tmp_path.glob("*.before-*"))
    assert not list(tmp_path.glob("*restored*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("no/copy.db",), "There is no folder no"), ((), "There is no database milepost.db yet")],
)
def test_a_backup_that_cannot_be_made_is_said_in_one_sentence(milepost, tmp_path, request, arguments, said):
    if arguments:
        request.getfixturevalue("group")
    ran = milepost("db", "backup", *arguments)
    assert ran.code == 2
    assert said in ran.err


def names(path):
    with closing(sqlite3.connect(path)) as connection:
        return {user_id for (user_id,) in connection.execute("SELECT user_id FROM account")}


def test_a_restored_backup_brings_nobody_back_who_was_forgotten(milepost, group, tmp_path):
    milepost("db", "backup", "copy.db")
    assert milepost("member", "forget", "room:w:ana", "--yes").code == 0
    assert milepost("member", "forget", "room:w:olga", "--yes").code == 0
    ran = milepost("db", "restore", "copy.db", "--force")
    assert ran.code == 0, ran.err
    assert "Forgotten in it too: 2 people who were forgotten after the backup was made." in ran.out
    assert names(group) == set()
    assert answers(group) == 1
    assert milepost("db", "verify").out == "Everything agrees with the facts.\n"
    assert {path.name for path in tmp_path.glob("*restored*")} == set()
    # What the restored database knows of it is enough for the next restore.
    again = milepost("db", "restore", "copy.db", "--force", "--json")
    assert again.json["forgotten"] == 2
    assert names(group) == set()


def test_whoever_came_back_before_the_backup_stays(milepost, group, tmp_path):
    milepost("member", "forget", "room:w:ana", "--yes")

    async def come_back():
        async with world_at(tmp_path) as world:
            world.room.event_id = lambda: "of another life"
            await world.person("Ana").uses("/challenge join")

    asyncio.run(come_back())
    milepost("db", "backup", "copy.db")
    ran = milepost("db", "restore", "copy.db", "--force", "--json")
    assert ran.json["forgotten"] == 0
    assert "ana" in names(group)


def test_a_database_that_cannot_be_read_tells_of_nobody(milepost, group, tmp_path):
    milepost("db", "backup", "copy.db")
    group.write_bytes(b"broken" * 1000)
    ran = milepost("db", "restore", "copy.db", "--force")
    assert ran.code == 0, ran.err
    assert "nobody knows who was forgotten after the backup was made" in ran.out
    assert answers(group) == 1
