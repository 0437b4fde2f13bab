"""A database that was changed by hand: commands say so of each row, and go on with the others."""

import datetime as dt
import json
import sqlite3
import time
from contextlib import closing

import pytest

from bot.domain.audit import AuditAction
from bot.domain.streaks import Joined, StreakSettings, rebuild
from tests.support.commands import Milepost
from tests.support.helpers import quiz_of
from tests.support.people import world_at

AT = 1772438400000000
"""2 March 2026, 08:00 UTC, as it lies in the database."""

FAR = 253402128000000000
"""30 December 9999."""


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    made = Milepost(monkeypatch, capsys)
    assert made("db", "upgrade").code == 0
    return made


@pytest.fixture
def database(milepost, tmp_path):
    with closing(sqlite3.connect(tmp_path / "data/milepost.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


def insert(database, table, **values):
    names, places = ", ".join(f'"{name}"' for name in values), ", ".join("?" * len(values))
    database.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", tuple(values.values()))


def acted(database, **changes):
    entry = {"at": AT, "platform": "room", "workspace": "w", "action": "paused", "actor_kind": "person"}
    insert(database, "audit", **{**entry, "actor_id": "u1", "actor_name": "Maya", **changes})


def has_member(database, *acts, state="{}", account=True):
    insert(database, "member", id=1, joined_at=0)
    if account:
        insert(database, "account", id=1, platform="room", workspace="w", user_id="u1", member_id=1)
    for number, (at, date) in enumerate(acts):
        insert(
            database, "activity", member_id=1, kind="answer", key=f"k{number}", points=1, correct=1,
            periods="", happened_at=at, local_date=date, zone="Europe/Berlin",
        )  # fmt: skip
    insert(database, "streak_state", member_id=1, state=state)


@pytest.mark.parametrize(
    "changes",
    [
        {"at": 2**62},
        {"at": -(2**62)},
        {"action": "zzz"},
        {"actor_kind": "zzz"},
        {"after": "{"},
        {"after": "[" * 100_000},
        {"after": '{"reason": {"a": []}}'},
        {"after": f'{{"reason": 1{"0" * 5000}}}'},
    ],
    ids=lambda changes: f"{changes}"[:40],
)
def test_an_entry_that_cannot_be_read_hides_no_other(milepost, database, changes):
    acted(database)
    acted(database, **changes)
    acted(database, actor_name="Zoë")
    ran = milepost("audit", *(["--since", "1970-01-01"] if changes.get("at", 0) >= 0 else []))
    lines = ran.out.splitlines()
    assert (ran.code, ran.err) == (0, "")
    assert ("Maya" in lines[0], "Zoë" in lines[-1]) == (True, True)
    if changes.get("at", 0) >= 0:
        assert lines[1] == "Entry 2 can't be read, because the database was changed by hand."
        listed = milepost("audit", "--json").json
        assert [each["id"] for each in listed] == [1, 2, 3]
        assert "can't be read" in listed[1]["unreadable"]


@pytest.mark.parametrize(
    "after", ["{}", '{"kind": "zzz", "on": 1, "days": "x", "dates": "x", "reason": "x"}']
)
def test_facts_of_another_kind_are_told_as_such(milepost, database, after):
    for action in AuditAction:
        acted(database, action=action.value, before=after, after=after)
    ran = milepost("audit")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert len(lines) == len(AuditAction)
    assert lines[0].endswith("did something that can't be read (set_up)")


def test_a_schema_in_bytes_is_refused(milepost, database, tmp_path):
    database.execute("PRAGMA writable_schema = ON")
    database.execute("UPDATE sqlite_schema SET sql = CAST(sql AS BLOB) WHERE name = 'note'")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute("PRAGMA journal_mode = DELETE")
    (tmp_path / "evil.db").write_bytes((tmp_path / "data/milepost.db").read_bytes())
    ran = milepost("db", "restore", "evil.db", "--force")
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert "note" in ran.err


def test_a_revision_in_bytes_is_refused(milepost, database):
    database.execute("UPDATE alembic_version SET version_num = X'FF1B'")
    for command in (("db", "verify"), ("db", "upgrade"), ("audit",)):
        assert "was written by a newer Milepost" in milepost(*command).complaint


@pytest.mark.parametrize("note", ["zz", "zz \x1b[31m", "00", f"{'00' * 32} 2026-03-02", "é"])
def test_a_key_that_cannot_be_read_ends_the_start_in_a_sentence(milepost, monkeypatch, database, note):
    database.execute("INSERT OR REPLACE INTO note VALUES ('action-signing', ?)", (note,))
    monkeypatch.setenv("MILEPOST_PLATFORMS", "playground")
    monkeypatch.setenv("PLAYGROUND_PORT", "0")
    assert "action-signing, the key of all buttons, can't be read" in milepost("run").complaint


@pytest.mark.parametrize(
    ("acts", "more", "finding"),
    [
        ([(AT, "2026-03-02")], {"account": False}, "member 1: the facts can't be counted (KeyError: 1)"),
        ([(AT, "zzz")], {}, "can't be read"),
        ([(2**62, "2026-03-02")], {}, "can't be read"),
        ([(AT, "0001-01-01"), (AT + 1, "9999-12-30")], {}, "the facts can't be counted"),
        ([(-62135510400000000, "0001-01-01"), (FAR, "9999-12-30")], {}, "the facts can't be counted"),
        ([(FAR, "9999-12-31")], {}, "the facts can't be counted"),
    ],
)
def test_facts_that_cannot_be_are_findings(milepost, database, acts, more, finding):
    has_member(database, *acts, state=state_of("2026-03-02"), **more)
    insert(database, "member", id=2, joined_at=0)
    insert(database, "account", id=2, platform="room", workspace="w", user_id="u2", member_id=2)
    insert(database, "streak_state", member_id=2, state=state_of("2026-03-03"))
    began = time.process_time()
    ran = milepost("db", "verify")
    assert (ran.code, ran.err) == (1, "")
    assert any("member 1" in line and finding in line for line in ran.out.splitlines()), ran.out
    assert "streak_state of member 2: stored" in ran.out
    assert time.process_time() - began < 20, "centuries of days were counted"


@pytest.mark.parametrize("state", ["[" * 200_000, f'{{"version": 1{"0" * 5000}}}', "{}"])
def test_a_state_that_cannot_be_read_is_made_anew(milepost, database, state):
    has_member(database, state=state)
    assert milepost("db", "verify").code == 0


@pytest.mark.parametrize("what", ["as_of", "today"])
def test_a_state_of_another_century_is_not_believed(milepost, database, what):
    state = json.loads(state_of("2026-03-02"))
    state[what] = (
        "9999-12-30T00:00:00+00:00" if what == "as_of" else ["0001-01-02", "0001-01-02T02:00:00+00:00"]
    )
    has_member(database, (AT, "2026-03-02"), state=json.dumps(state))
    began = time.process_time()
    ran = milepost("db", "verify")
    assert "streak_state of member 1: stored" in ran.out
    assert time.process_time() - began < 20, "centuries of days were counted"


def state_of(date):
    """A cached state that can be read, of somebody who joined on a date."""
    return rebuild(
        [Joined(dt.datetime.fromisoformat(f"{date}T08:00:00+00:00"))], StreakSettings()
    ).to_json()


@pytest.mark.asyncio
@pytest.mark.parametrize("far", ["9999-12-30T00:00:00+00:00", "0001-01-02T00:00:00+00:00"])
async def test_who_acts_on_a_state_of_another_century_waits_for_nothing_and_is_counted(tmp_path, far):
    async with world_at(tmp_path) as world:
        await world.founds()
        await world.passes(minutes=31)
        ana = world.person("Ana")
        await ana.answers(quiz_of(world))
        with closing(sqlite3.connect(tmp_path / "milepost.db", isolation_level=None)) as database:
            ((stored,),) = database.execute("SELECT state FROM streak_state").fetchall()
            state = json.loads(stored)
            state["as_of"], state["today"] = far, [far[:10], far]
            state["first"] = min(state["first"], far[:10])
            database.execute("UPDATE streak_state SET state = ?", (json.dumps(state),))
        await world.passes(days=1)
        began = time.process_time()
        await ana.answers(quiz_of(world))
        await ana.uses("/streak")
        assert time.process_time() - began < 10, "centuries of days were counted"
        assert ana.sees("2"), ana.shown()
        assert await world.problems() == ()


@pytest.mark.asyncio
async def test_organisers_read_the_rest_of_the_log(tmp_path):
    async with world_at(tmp_path) as world:
        olga = await world.founds()
        with closing(sqlite3.connect(tmp_path / "milepost.db", isolation_level=None)) as database:
            acted(database, action="zzz", workspace="w", group_id=1)
            acted(database, after="[[", workspace="w", group_id=1)
            acted(database, action="set_up", workspace="w", group_id=1)
        await olga.uses("/study log")
        assert olga.sees("Entry 2 can't be read"), olga.shown()
        assert olga.sees("Entry 3 can't be read"), olga.shown()
        assert olga.sees("did something that can't be read"), olga.shown()
        assert olga.sees("set the group up"), olga.shown()
