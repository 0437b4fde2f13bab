"""``milepost doctor``: what an operator is told of the database, the settings and the packs."""

import re
import sqlite3

import pytest

from milepost.cli import doctor
from storage import SqliteReport
from tests.content.conftest import TinyPack
from tests.support.commands import Milepost


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    return Milepost(monkeypatch, capsys)


@pytest.fixture
def database(milepost, tmp_path):
    """The path of an empty database that is up to date."""
    assert milepost("db", "upgrade").code == 0
    return tmp_path / "data/milepost.db"


def test_the_doctor_finds_a_whole_milepost_well_and_changes_nothing(milepost, tmp_path):
    ran = milepost("doctor")
    assert ran.code == 0
    assert all(line.startswith("ok ") for line in ran.out.splitlines())
    assert "database: data/milepost.db will be created at the first start" in ran.out
    assert not list(tmp_path.iterdir())


def test_the_doctor_opens_the_database_that_is_there(milepost, database):
    found = milepost("doctor", "--json").json
    assert [set(each) for each in found] == [{"check", "ok", "says"}] * len(found)
    assert [each["check"] for each in found] == [
        "python", "settings", "secrets", "platforms", "packs", "sqlite", "database", "durability", "disk",
        "zones",
    ]  # fmt: skip
    says = {each["check"]: each["says"] for each in found}
    assert says["database"] == "data/milepost.db can be written; its schema is up to date"
    assert sqlite3.sqlite_version in says["sqlite"]
    assert "backend-python" in says["packs"]


def test_the_doctor_leaves_an_older_database_as_it_is(milepost, tmp_path):
    (tmp_path / "data").mkdir()
    empty = tmp_path / "data/milepost.db"
    empty.touch(mode=0o600)
    ran = milepost("doctor")
    assert ran.code == 0
    assert re.search(r"can be written; the next start upgrades its schema to \w+$", ran.out, re.MULTILINE)
    assert empty.read_bytes() == b""


def test_the_doctor_tells_settings_that_are_wrong_and_stops_there(milepost, monkeypatch):
    monkeypatch.setenv("MILEPOST_TIK_SECONDS", "1")
    ran = milepost("doctor")
    assert ran.code == 1
    assert ran.out.splitlines()[-1].endswith("Did you mean MILEPOST_TICK_SECONDS?")
    assert "FAIL settings" in ran.out


def test_the_doctor_names_packs_and_platforms_that_are_not_there(milepost, monkeypatch, tmp_path):
    broken = TinyPack(tmp_path / "packs/tiny")
    broken.pack["licens"] = broken.pack.pop("licence")
    broken.write()
    monkeypatch.setenv("MILEPOST_PACKS_FOLDER", "packs")
    monkeypatch.setenv("MILEPOST_PLATFORMS", "pigeon")
    ran = milepost("doctor")
    assert ran.code == 1
    assert "FAIL platforms: MILEPOST_PLATFORMS: no platform pigeon. Choose from " in ran.out
    assert re.search(r"FAIL packs: tiny/pack\.yaml:\d+: .*licens", ran.out)
    assert "FAIL packs: packs: none" in ran.out
    assert "ok   packs: packs: backend-python" in ran.out


def test_the_doctor_warns_of_a_race_in_the_sqlite_that_is_linked_and_of_a_full_disk(milepost, monkeypatch):
    monkeypatch.setattr(doctor, "sqlite_report", lambda: SqliteReport("3.50.0", wal_reset_race=True))
    monkeypatch.setattr(doctor, "LEAST_FREE", 2**70)
    ran = milepost("doctor")
    assert ran.code == 1
    assert re.search(r"ok   sqlite: version 3\.50\.0; it has the WAL-reset race", ran.out)
    assert re.search(r"FAIL disk: [\d,]+ MiB free: free up some space soon", ran.out)


def test_the_doctor_tells_how_commits_are_kept(milepost):
    assert milepost("db", "upgrade").code == 0
    ran = milepost("doctor")
    assert "ok   durability: journal WAL, commits FULL, one connection to the file" in ran.out
