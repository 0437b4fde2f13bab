"""``milepost db``: upgrading and verifying, and what is said of a database that cannot be used."""

import asyncio
import re
import sqlite3
from contextlib import closing

import pytest

from tests.support.commands import Milepost
from tests.support.people import world_at


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    return Milepost(monkeypatch, capsys)


@pytest.fixture
def database(milepost, tmp_path):
    """The path of an empty database that is up to date."""
    assert milepost("db", "upgrade").code == 0
    return tmp_path / "data/milepost.db"


def execute(path, sql):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)


def test_an_upgrade_makes_the_database_and_its_folder_and_a_second_one_finds_it_done(milepost, tmp_path):
    first = milepost("db", "upgrade", "--json").json
    assert first["from"] is None
    assert (tmp_path / "data/milepost.db").exists()
    assert milepost("db", "upgrade", "--json").json == {"from": first["to"], "to": first["to"]}
    assert milepost("db", "upgrade").out == f"The schema is up to date ({first['to']}).\n"


def test_an_upgrade_tells_from_where_to_where(milepost):
    assert re.fullmatch(r"The schema was upgraded from nothing to \w+\.\n", milepost("db", "upgrade").out)


def test_a_database_that_agrees_with_its_facts_is_verified(milepost, database):
    ran = milepost("db", "verify")
    assert (ran.code, ran.out) == (0, "Everything agrees with the facts.\n")
    assert milepost("db", "verify", "--json").json == {"findings": []}


def test_streaks_are_replayed_from_their_facts(milepost, tmp_path, monkeypatch):
    async def a_member_answers():
        async with world_at(tmp_path) as world:
            await world.founds()
            await world.passes(minutes=31)
            await world.person("Ana").answers(world.newest("Question of the day"))

    asyncio.run(a_member_answers())
    monkeypatch.setenv("MILEPOST_DATABASE_URL", "sqlite:///milepost.db")
    assert milepost("db", "verify").code == 0
    execute(tmp_path / "milepost.db", "UPDATE streak_state SET state = json_set(state, '$.score[0]', 9)")
    ran = milepost("db", "verify")
    assert ran.code == 1
    assert "streak_state" in ran.out
    execute(tmp_path / "milepost.db", "UPDATE streak_state SET state = '{}'")
    assert milepost("db", "verify").code == 0, "what another version wrote is made anew"


def test_rows_that_refer_to_nothing_are_found(milepost, database):
    execute(database, "INSERT INTO streak_state (member_id, state) VALUES (7, '{}')")
    ran = milepost("db", "verify")
    assert ran.code == 1
    assert ran.out.endswith("1 finding.\n")
    found = milepost("db", "verify", "--json")
    assert (found.code, len(found.json["findings"])) == (1, 1)


def test_there_is_nothing_to_verify_before_the_first_start(milepost, tmp_path):
    said = milepost("db", "verify").complaint
    assert said.startswith("There is no database data/milepost.db yet. Start Milepost once, or")
    assert not (tmp_path / "data").exists()


@pytest.fixture
def _unusable(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "text.db").write_text("not a database" * 100)


@pytest.mark.usefixtures("_unusable")
@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite:///file/milepost.db", "The folder file cannot be made: File exists."),
        ("sqlite:///text.db", "The file text.db isn't a Milepost database"),
    ],
)
def test_a_database_that_cannot_be_is_refused_in_a_sentence(milepost, monkeypatch, url, sentence):
    monkeypatch.setenv("MILEPOST_DATABASE_URL", url)
    assert milepost("db", "upgrade").complaint.startswith(sentence)
    assert milepost("run").complaint.startswith(sentence)


def test_a_database_of_a_newer_milepost_is_refused_and_left_alone(milepost, database):
    execute(database, "UPDATE alembic_version SET version_num = '9999'")
    before = database.read_bytes()
    for command in (("db", "upgrade"), ("db", "verify"), ("run",)):
        assert "was written by a newer Milepost" in milepost(*command).complaint
    assert database.read_bytes() == before
    ran = milepost("doctor")
    assert ran.code == 1
    assert "FAIL database: The database data/milepost.db was written by a newer Milepost" in ran.out


def test_verifying_leaves_an_older_database_as_it_is(milepost, database, next_revision):
    next_revision()
    before = database.read_bytes()
    complaint = milepost("db", "verify").complaint
    assert complaint.startswith("The database data/milepost.db has an older schema (0001, not next): ")
    assert complaint.endswith(": run milepost db upgrade first.")
    assert database.read_bytes() == before
