"""``milepost db move``: a lived-in Milepost goes on, on a server, and a kill in the middle does nothing."""

import asyncio
import signal
import sqlite3
from contextlib import closing, redirect_stderr

import asyncpg
import pytest

from tests.support.commands import Milepost, program
from tests.support.helpers import PROMPT, QUIZ
from tests.support.people import FakeClock, Room, world_at

HELD = "tally"
"""A table in the middle of the order in which they go."""

WAITS = """
SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE datname = current_database() AND NOT granted AND backend_xid IS NOT NULL
"""
"""Number of transactions that have written something and now wait for a lock."""


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MILEPOST_DATABASE_URL", "sqlite:///milepost.db")
    return Milepost(monkeypatch, capsys)


@pytest.fixture
def room():
    return Room()


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def lived(tmp_path, room, clock):
    """Two groups, three members, four days: answers, streaks, replies, an entry, a reminder, notes."""

    async def live():
        async with world_at(tmp_path, clock=clock, room=room) as world:
            await world.founds()
            await world.founds("lounge", zone="Asia/Tokyo", time="18:00")
            ana, ben, eve = people = [world.person(name) for name in ("Ana", "Ben", "Eve")]
            await world.passes(minutes=31)
            for _ in range(4):
                for person in people:
                    await person.answers(world.newest(QUIZ), right=person is not ben)
                await world.passes(days=1)
            await eve.presses("Mark done", on=world.newest(PROMPT))
            await ben.replies("A bool is an int, and that surprised me.", to=world.newest(PROMPT))
            await ana.uses("/preferences", reminder="19:00")
            await ana.uses("/quiz")

    asyncio.run(live())
    return tmp_path / "milepost.db"


def rows_of(path):
    """Number of rows of each table of the file."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        counted = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for (name,) in tables
        }
    counted.pop("alembic_version")
    return counted


def dump(path):
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_a_lived_in_milepost_goes_on_where_it_was(milepost, lived, server_url, tmp_path, room, clock):
    before = dump(lived)
    moved = milepost("db", "move", "--to", server_url, "--json")
    assert moved.json == {"file": "milepost.db", "rows": rows_of(lived)}
    filled = {"study_group", "answer", "streak_state", "post", "note", "reminder", "practice_question"}
    assert all(moved.json["rows"][name] for name in filled)
    assert dump(lived) == before

    async def go_on():
        async with world_at(tmp_path, database_url=server_url, clock=clock, room=room) as world:
            assert await world.problems() == ()
            ana, ben = world.person("Ana"), world.person("Ben")
            await ana.uses("/streak")
            assert ana.sees("4 days")
            await ben.answers(world.newest(QUIZ))
            assert ben.sees("Correct")
            await ben.answers(world.newest(QUIZ))
            assert ben.sees("You've already answered this one")
            posts = len(world.channel_posts(about=QUIZ))
            await world.days_pass(4)
            assert len(world.channel_posts(about=QUIZ)) == posts + 2, "Monday and Tuesday"
            await world.person("Zoe").answers(world.newest(QUIZ))
            assert await world.problems() == ()

    asyncio.run(go_on())


def test_what_was_moved_is_told_table_by_table_and_verified(milepost, lived, server_url, monkeypatch):
    ran = milepost("db", "move", "--to", server_url)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[:-2] == [
        f"{name:<18} {number:>12,}" for name, number in in_order(rows_of(lived), ran.out)
    ]
    assert "were counted on both sides" in ran.out
    assert "Set MILEPOST_DATABASE_URL" in ran.out
    monkeypatch.setenv("MILEPOST_DATABASE_URL", server_url)
    assert milepost("db", "verify").out == "Everything agrees with the facts.\n"
    assert "nothing to move" in milepost("db", "move", "--to", server_url).complaint
    assert "pg_dump" in milepost("db", "move", "--to", f"{server_url}x").complaint


def test_who_looks_on_sees_how_far_it_is(milepost, lived, server_url, screen):
    with redirect_stderr(screen):
        moved = milepost("db", "move", "--to", server_url, "--json")
    assert moved.json["rows"] == rows_of(lived)
    assert "Moving the rows" in screen.text
    assert "100%" in screen.text


def in_order(rows, out):
    told = [line.split()[0] for line in out.splitlines() if line.split()[0] in rows]
    assert sorted(told) == sorted(rows)
    return [(name, rows[name]) for name in told]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://ana:hunter2@localhost/milepost", "'mysql' is not served"),
        ("postgresql://ana:hunter2@127.0.0.1:1/milepost", "cannot be reached"),
        ("postgresql://ana:hunter2@127.0.0.1:port/milepost", "cannot be read"),
        ("postgresql://ana:hu@nter2@127.0.0.1:1/milepost", "more than one @"),
        ("postgresql://ana:hunter2@127.0.0.1:99999/milepost", "ports go from 1 to 65535"),
        ("postgresql://ana:hunter2@127.0.0.1", "names no database"),
        ("postgresql://ana:hunter2@127.0.0.1:1/milepost?sslroot=x", "'sslroot', which is not understood"),
        ("sqlite:///other.db", "copied with milepost db backup"),
        ("sqlite:///milepost.db", "nothing to move"),
    ],
)
def test_an_address_that_is_of_no_use_is_refused_in_a_sentence_without_its_password(
    milepost, lived, url, said
):
    complaint = milepost("db", "move", "--to", url).complaint
    assert said in complaint
    assert "nter2" not in complaint


def test_there_is_nothing_to_move_before_the_first_start(milepost, server_url, tmp_path):
    complaint = milepost("db", "move", "--to", server_url).complaint
    assert complaint.startswith("There is no database milepost.db yet. Start Milepost once, or")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_a_milepost_serves_is_not_moved(milepost, lived, server_url, tmp_path):
    with program(
        "demo", "--no-browser", "--folder", ".", folder=tmp_path, MILEPOST_PLAYGROUND_PORT="0"
    ) as it:
        assert any("http://" in line for line in it.stdout)
        assert "Another Milepost is already using" in milepost("db", "move", "--to", server_url).complaint


def test_killed_in_the_middle_it_leaves_the_file_as_it_was_and_the_server_empty(
    milepost, lived, server_url, tmp_path
):
    before = dump(lived)
    asyncio.run(kill_in_the_middle(server_url, tmp_path))
    assert dump(lived) == before
    assert milepost("db", "move", "--to", server_url, "--json").json["rows"] == rows_of(lived)


async def kill_in_the_middle(url, folder):
    """Hold a table so that the move must wait there, and kill it while it does."""
    holder, looker = await asyncpg.connect(url), await asyncpg.connect(url)
    try:
        holding = holder.transaction()
        await holding.start()
        await holder.execute(f"LOCK TABLE {HELD} IN SHARE MODE")
        settings = {
            "MILEPOST_DATABASE_URL": "sqlite:///milepost.db",
            "MILEPOST_DATABASE_BUSY_SECONDS": "60",
        }
        with program("db", "move", "--to", url, folder=folder, **settings) as running:
            await until(looker, WAITS, 1, running)
            assert await looker.fetchval("SELECT count(*) FROM member") == 0, (
                "nobody sees what is not whole"
            )
            running.send_signal(signal.SIGKILL)
            running.wait()
        await holding.rollback()
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        await until(looker, f"{others} AND backend_type = 'client backend'", 2)
        for table in ("member", "study_group", "post", HELD, "note"):
            assert await looker.fetchval(f"SELECT count(*) FROM {table}") == 0, table
    finally:
        await holder.close()
        await looker.close()


async def until(connection, query, wanted, running=None):
    """Ask the server until it says so."""
    async with asyncio.timeout(60):
        while await connection.fetchval(query) != wanted:
            assert running is None or running.poll() is None, running.communicate()
            await asyncio.sleep(0.02)
