"""Milepost as ``deploy/`` runs it: a unit for systemd, and a PostgreSQL role that may do nothing else."""

import datetime as dt
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from adapters.discord.settings import Settings as Discord
from bot.chat.clock import SystemClock
from milepost.settings import load_settings
from storage import open_database
from tests.endtoend.deployed import DEPLOY, KINDS, OF_DRIVERS, PROGRAM, SETTINGS, UNIT, must_exist, unit
from tests.endtoend.running import ROOT, environment, milepost
from tests.endtoend.test_deploy import COMPOSE, fences
from tests.storage.facts import group, post
from tests.support import postgres


def test_the_unit_runs_a_real_command_with_real_settings_in_a_folder_of_its_own(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (command,) = unit()["ExecStart"]
    program, *words = command.split()
    assert program == PROGRAM
    must_exist(words)
    assert unit()["User"] == ["milepost"]
    assert unit()["Restart"] == ["always"]
    (folder,) = unit()["StateDirectory"]
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    for line in unit()["LoadCredential"]:
        name, _, source = line.partition(":")
        assert source == "/etc/milepost.env"
        (credentials / name).write_text("DISCORD_TOKEN=of-the-file\n")
    for line in unit()["Environment"]:
        name, _, value = line.replace("%S", "/var/lib").replace("%d", str(credentials)).partition("=")
        assert name in SETTINGS | OF_DRIVERS
        monkeypatch.setenv(name, value)
    assert "EnvironmentFile" not in unit()
    assert Discord().token == "of-the-file"
    core, *_ = load_settings(*KINDS)
    assert core.database_file == Path("/var/lib") / folder / "milepost.db"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not on this machine")
@pytest.mark.parametrize(
    "words", [("verify",), ("security", "--offline=yes", "--threshold=20")], ids=" ".join
)
def test_systemd_reads_the_unit_and_finds_little_exposed(tmp_path, words):
    """Exposure is counted from 0 to 10: less than 2 is asked for."""
    text = UNIT.read_text("utf-8").replace(PROGRAM, sys.executable)
    (tmp_path / UNIT.name).write_text(text, "utf-8")
    ran = subprocess.run(
        ["systemd-analyze", *words, tmp_path / UNIT.name],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert UNIT.name not in ran.stderr


def test_the_unit_has_limits():
    for name in ("MemoryMax", "TasksMax", "LimitNOFILE"):
        assert re.fullmatch(r"\d+G?", unit()[name][0])
    for name in ("PrivateMounts", "MemoryDenyWriteExecute", "NoNewPrivileges"):
        assert unit()[name] == ["yes"]


@pytest.mark.parametrize("words", [("picture",), ("doctor",), ("slack-key",), ("demo",)], ids=" ".join)
def test_milepost_runs_where_no_memory_may_be_written_and_run(tmp_path, words):
    """As MemoryDenyWriteExecute= has it: with its event loop, its pictures, its database and its keys."""
    options = ("--no-browser", "--port", "0", "--folder", "x") if words == ("demo",) else ()
    with subprocess.Popen(
        [sys.executable, ROOT / "tests/endtoend/under_mdwe.py", *words, *options],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        if options:
            said = running.stdout.readline()
            if said:
                assert "Milepost is running" in said
                running.stdout.readline()
                running.terminate()
        _, errors = running.communicate(timeout=120)
    if running.returncode == 77:
        pytest.skip("this kernel has no such rule")
    # It may be ended before it listens for that.
    assert running.returncode in {0, -signal.SIGTERM if options else 0}, errors


def psql(url, *options, password=None):
    """Run psql as whoever is in the address: (exit code, all that it said)."""
    ran = subprocess.run(
        [shutil.which("psql") or "psql", "--no-psqlrc", "--quiet", "--dbname", url, *options],
        env=environment(**({"PGPASSWORD": password} if password else {})),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture
def of_its_own(tmp_path):
    """A server made with the script that the compose file runs: (the superuser's address, milepost's)."""
    programs = postgres.programs()
    if programs is None or not shutil.which("psql"):
        pytest.skip("no PostgreSQL is installed")
    server = postgres.Server(programs)
    try:
        superuser = server.start()
        secret = tmp_path / "password"
        secret.write_text("can't be $guessed\\\n")
        script = DEPLOY / "postgres/10-milepost.sql"
        # The tests' superuser has the name that the script gives to the role.
        assert psql(superuser, "--command", "CREATE ROLE root_of_tests SUPERUSER LOGIN")[0] == 0
        superuser = superuser.replace("milepost@", "root_of_tests@")
        assert psql(superuser, "--command", "ALTER ROLE milepost RENAME TO bootstrap")[0] == 0
        ran = psql(superuser, "--variable", f"password_file={secret}", "--file", str(script))
        assert ran == (0, "")
        yield superuser, re.sub(r"//root_of_tests@(.*)/postgres", r"//milepost@\1/milepost", superuser)
    finally:
        server.stop()


def test_milepost_is_served_by_a_role_that_may_do_nothing_else(of_its_own, tmp_path):
    superuser, url = of_its_own
    (mount,) = [v for v in COMPOSE["services"]["postgres"]["volumes"] if "initdb" in v]
    assert (DEPLOY / mount.partition(":")[0] / "10-milepost.sql").is_file()
    for statement in (
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY (SELECT 1) TO '/tmp/x'",
        "SELECT pg_read_file('/etc/passwd')",
        "CREATE ROLE other",
        "CREATE DATABASE other",
        "ALTER ROLE milepost SUPERUSER",
        "CREATE EXTENSION file_fdw",
        "ALTER SYSTEM SET log_statement = 'all'",
    ):
        code, said = psql(url, "--command", statement)
        assert code, statement
        assert re.search("permission denied|must be superuser", said), said
    assert (
        "permission denied for database"
        in psql(re.sub("/milepost$", "/postgres", url), "-c", "SELECT 1")[1]
    )
    (stored,) = psql(
        superuser, "-At", "-c", "SELECT rolpassword FROM pg_authid WHERE rolname = 'milepost'"
    )[1:]
    assert stored.startswith("SCRAM-SHA-256$")
    for words in (("db", "upgrade"), ("db", "verify"), ("doctor",)):
        ran = milepost(*words, cwd=tmp_path, MILEPOST_DATABASE_URL=url)
        assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.asyncio
async def test_it_serves_a_group_as_that_role(of_its_own):
    database = await open_database(of_its_own[1], password="can't be $guessed\\")
    added = await database.run(lambda unit: unit.groups.add(group()))
    assert (await database.run(lambda unit: unit.groups.get(added.id))).id == added.id
    await database.close()


@pytest.mark.asyncio
async def test_the_page_asks_the_database_a_question_that_it_answers(server_url):
    (question,) = fences("sql")
    database = await open_database(server_url)

    async def plan(unit):
        of = await unit.groups.add(group())
        await unit.posts.add(post(of.id, "late", due_at=SystemClock().now() - dt.timedelta(seconds=60)))
        await unit.posts.add(post(of.id, "early", due_at=SystemClock().now() + dt.timedelta(days=1)))

    connection = await asyncpg.connect(server_url)
    assert (await connection.fetchrow(question))["late"] == 0
    await database.run(plan)
    found = await connection.fetchrow(question)
    assert found["late"] == 1
    assert 60 <= found["seconds"] < 600
    await connection.close()
    await database.close()
