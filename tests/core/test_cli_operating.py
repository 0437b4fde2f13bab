"""The command line on a database and on a port: what an operator is told, and when it is refused."""

import asyncio
import json
import re
import signal
import socket
import sqlite3
import urllib.request
from contextlib import closing

import pytest

from milepost.cli import doctor
from storage import SqliteReport
from tests.content_pack.conftest import TinyPack
from tests.core.commands import Milepost, program
from tests.people import world_at


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
    assert milepost("db", "verify").complaint == "There is no database data/milepost.db yet."
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


def test_verifying_leaves_an_older_database_as_it_is(milepost, database, next_revision):
    next_revision()
    before = database.read_bytes()
    complaint = milepost("db", "verify").complaint
    assert complaint.startswith("The database data/milepost.db has an older schema (0001, not next): ")
    assert complaint.endswith(": run milepost db upgrade first.")
    assert database.read_bytes() == before


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


@pytest.mark.parametrize(
    ("platforms", "sentence"),
    [
        ("pigeon", "MILEPOST_PLATFORMS: no platform pigeon. Choose from "),
        ("playground, pigeon", "MILEPOST_PLATFORMS: no platform pigeon. Choose from "),
        (" , ", "MILEPOST_PLATFORMS doesn't name a platform. Choose from "),
    ],
)
def test_a_platform_that_does_not_exist_is_refused(milepost, monkeypatch, platforms, sentence):
    monkeypatch.setenv("MILEPOST_PLATFORMS", platforms)
    assert milepost("run").complaint.startswith(sentence)


@pytest.mark.parametrize("command", [("run",), ("demo", "--no-browser")], ids=" ".join)
def test_a_port_in_use_is_refused_in_a_sentence(milepost, monkeypatch, command):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("MILEPOST_PLAYGROUND_PORT", str(port))
        assert f"Port {port} is already in use" in milepost(*command).complaint


@pytest.mark.parametrize("command", [("run",), ("demo", "--no-browser")], ids=" ".join)
def test_it_serves_a_page_until_it_is_asked_to_end(tmp_path, command):
    with program(*command, folder=tmp_path, MILEPOST_PLAYGROUND_PORT="0") as running:
        address = next(found[0] for line in running.stdout if (found := re.search(r"http://\S+", line)))
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with browser.open(address, timeout=30) as page:
            assert page.status == 200
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 0
    assert out.endswith("Milepost is stopping.\n")
    assert "Traceback" not in err


@pytest.mark.parametrize("screen", ["", ":0"], ids=["without-a-screen", "with-one"])
def test_the_page_is_opened_where_there_is_a_screen(milepost, monkeypatch, screen):
    opened = []

    async def at_once(_stop):
        """Ctrl+C, as soon as it waits for it."""

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    if screen:
        monkeypatch.setenv("DISPLAY", screen)
    monkeypatch.setenv("MILEPOST_PLAYGROUND_PORT", "0")
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("milepost.cli.run._wait_for", at_once)
    ran = milepost("demo")
    assert ran.code == 0
    assert len(opened) == bool(screen)
    printed = ran.out.splitlines()[1]
    for address in opened:  # a browser's arguments can be read by everybody on the machine
        assert address.startswith(printed.partition("?")[0])
        assert printed.partition("token=")[2] not in address


def test_a_refusal_of_the_real_program_is_one_sentence_without_a_traceback(tmp_path):
    with program("run", folder=tmp_path, MILEPOST_EVENT_DAYS="no") as running:
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (2, "")
    assert err.startswith("MILEPOST_EVENT_DAYS is 'no': ")
    assert len(err.splitlines()) == 1


def test_a_fresh_demonstration_forgets_the_last_one_and_no_other_file(milepost, monkeypatch, tmp_path):
    folder = tmp_path / "demo"
    folder.mkdir()
    for name in ("milepost.db", "milepost.db-wal", "room.jsonl", "notes.txt"):
        (folder / name).write_text("old")
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("MILEPOST_PLAYGROUND_PORT", str(other.getsockname()[1]))
        milepost("demo", "--no-browser", "--fresh", "--folder", folder)
    assert (folder / "notes.txt").read_text() == "old"
    assert not (folder / "room.jsonl").exists()
    with closing(sqlite3.connect(folder / "milepost.db")) as made:
        assert made.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


def test_json_is_alone_on_standard_output(tmp_path):
    with program("db", "upgrade", "--json", folder=tmp_path, MILEPOST_LOG_LEVEL="DEBUG") as running:
        out, _ = running.communicate(timeout=60)
    assert json.loads(out)["from"] is None
