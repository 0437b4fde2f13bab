"""What ``deploy/`` and docs/growing.md say is there: settings, commands, files, a unit for systemd."""

import datetime as dt
import importlib.util
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import asyncpg
import pytest
import typer
import yaml

import adapters
from adapters.discord.settings import Settings as Discord
from adapters.discord.settings import Shards
from bot.chat.clock import SystemClock
from bot.chat.configuration import SOURCES
from bot.settings import Settings, load_settings, variables
from milepost.cli import app
from storage import open_database
from tests import postgres
from tests.endtoend.running import ROOT, environment, milepost
from tests.storage_db.facts import group, post

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
WORKERS = {name: each for name, each in COMPOSE["services"].items() if name.startswith("worker")}
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
UNIT = DEPLOY / "milepost.service"
GROWING = (ROOT / "docs/growing.md").read_text("utf-8")
PROGRAM = "/opt/milepost/.venv/bin/milepost"

KINDS = [Settings, *(adapters.load(name).Settings for name in adapters.names())]
SETTINGS = {variable for kind in KINDS for variable in variables(kind)}
OF_THE_DATABASE = {"POSTGRES_USER", "POSTGRES_PASSWORD_FILE", "POSTGRES_INITDB_ARGS"}
"""Of PostgreSQL's official image."""
OF_DRIVERS = {"PYTHONUNBUFFERED", *SOURCES}


def unit():
    """The unit's settings, each with all of its values."""
    found = {}
    for line in UNIT.read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def must_exist(words):
    """The words after ``milepost`` name a command, and its options are its own."""
    command, words = typer.main.get_command(app), list(words)
    while hasattr(command, "commands"):
        assert words, "milepost needs a command"
        command = command.commands[words.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= options
    return command


def given(service):
    return {name: str(value) for name, value in service["environment"].items()}


def test_the_compose_file_has_a_database_that_keeps_its_rows_and_is_not_reached_from_outside():
    database = COMPOSE["services"]["postgres"]
    kept, script = database["volumes"]
    assert [kept.partition(":")[0]] == list(COMPOSE["volumes"])
    assert script == "./postgres:/docker-entrypoint-initdb.d:ro"
    assert database["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert [COMPOSE["networks"][name] for name in database["networks"]] == [{"internal": True}]
    for name, service in COMPOSE["services"].items():
        assert "ports" not in service, name
        assert service["restart"] == "unless-stopped", name


def test_a_worker_waits_for_the_database_writes_nowhere_and_runs_a_real_command():
    assert len(WORKERS) == 2
    for worker in WORKERS.values():
        must_exist(worker["command"])
        assert worker["depends_on"] == {"postgres": {"condition": "service_healthy"}}
        assert "inside" in worker["networks"]
        assert (DEPLOY / worker["build"]["context"]).resolve() == ROOT
        assert (ROOT / worker["build"]["dockerfile"]).is_file()


def test_no_service_can_take_the_machine_for_itself():
    for name, service in COMPOSE["services"].items():
        assert re.fullmatch(r"\d+g", service["mem_limit"]), name
        assert service["memswap_limit"] == service["mem_limit"], name
        assert 0 < service["cpus"] <= 4, name
        assert 0 < service["pids_limit"] <= 512, name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "cap_add" not in service, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert all("noexec" in mount for mount in service["tmpfs"]), name
    assert COMPOSE["services"]["postgres"]["user"] == "postgres"


def test_every_secret_is_a_file_and_in_no_environment():
    settings = {variable.lower() for variable in SETTINGS}
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"secrets/{name}"}
        assert name in settings | {"postgres_password"}
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
    database = COMPOSE["services"]["postgres"]
    assert database["environment"]["POSTGRES_PASSWORD_FILE"] == "/run/secrets/postgres_password"
    for worker in WORKERS.values():
        assert worker["secrets"] == ["milepost_database_password", "discord_token"]
        assert given(worker)["MILEPOST_SECRETS_FOLDER"] == "/run/secrets"
        assert "@postgres/" in given(worker)["MILEPOST_DATABASE_URL"]
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    assert "${" not in text
    secret = {n for k in KINDS for n, f in variables(k).items() if not k.model_fields[f].repr}
    for service in COMPOSE["services"].values():
        assert not set(given(service)) & (secret - {"MILEPOST_DATABASE_URL"})
    assert re.findall(r"^[A-Z_]+=", (DEPLOY / "env.example").read_text("utf-8"), re.MULTILINE) == []


def test_every_variable_is_a_setting_and_every_value_is_taken(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.chat.configuration.secrets_folder", lambda: None)
    monkeypatch.setattr("bot.settings.secrets_folder", lambda: None)
    assert set(given(COMPOSE["services"]["postgres"])) <= OF_THE_DATABASE
    for worker in WORKERS.values():
        assert set(given(worker)) - OF_DRIVERS <= SETTINGS
        for name, value in given(worker).items():
            monkeypatch.setenv(name, value)
        core, *_ = load_settings(*KINDS)
        assert core.database_file is None


def test_the_workers_share_shards_and_requests_out_whole():
    shards = [Shards.read(given(worker)["DISCORD_SHARDS"]) for worker in WORKERS.values()]
    assert {each.count for each in shards} == {len(WORKERS)}
    assert sorted(number for each in shards for number in each.ids) == list(range(len(WORKERS)))
    requests = [float(given(worker)["DISCORD_REQUESTS_PER_SECOND"]) for worker in WORKERS.values()]
    assert sum(requests) <= Discord.model_fields["requests_per_second"].default


def copied():
    """What the image is made from, as paths from the root."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    return [name for line in lines for name in line.split()[:-1]]


def test_the_image_is_made_from_locked_requirements_and_runs_as_nobody_in_particular():
    assert "--require-hashes --requirement /src/requirements/run.txt" in DOCKERFILE
    instructions = re.findall(r"^([A-Z]+) (.+)$", DOCKERFILE, re.MULTILINE)
    last = dict(instructions)
    assert last["USER"] == "milepost"
    assert [yaml.safe_load(last[name]) for name in ("ENTRYPOINT", "CMD")] == [["milepost"], ["run"]]
    assert re.fullmatch(r"python:3\.11-slim(@sha256:[0-9a-f]{64})?", last["FROM"])
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    assert {f"{name}*" for name in copied()} >= set(packages["find"]["include"])
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignored
    assert {line[1:] for line in ignored if line.startswith("!")} == set(copied())


def test_what_the_image_is_made_from_is_enough(tmp_path):
    if missing := [name for name in ("pip", "setuptools") if importlib.util.find_spec(name) is None]:
        pytest.skip(f"a wheel needs {', '.join(missing)} in this interpreter")
    source = tmp_path / "src"
    for name in copied():
        here, there = ROOT / name, source / name
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(here, there) if here.is_dir() else shutil.copy(here, there)
    offline = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet")
    command = [sys.executable, "-m", "pip", "wheel", *offline, "-w", str(tmp_path), str(source)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "content/packs/backend-python/pack.yaml" in names
    assert "storage/migrations/versions/0001_first.py" in names


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


def pinned(tmp_path, answer):
    """Run deploy/pin.py beside copies of the files, with a Docker that answers so."""
    for name in ("pin.py", "compose.yaml", "Dockerfile"):
        shutil.copy(DEPLOY / name, tmp_path / name)
    docker = tmp_path / "bin/docker"
    docker.parent.mkdir()
    docker.write_text(f"#!/bin/sh\n{answer}\n")
    docker.chmod(0o755)
    ran = subprocess.run(
        [sys.executable, tmp_path / "pin.py"],
        env=environment(PATH=f"{docker.parent}:/usr/bin:/bin"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ran, (tmp_path / "compose.yaml").read_text("utf-8"), (tmp_path / "Dockerfile").read_text("utf-8")


def test_images_are_pinned_by_what_the_registry_says(tmp_path):
    digest = "sha256:" + "0af1" * 16
    ran, compose, dockerfile = pinned(tmp_path, f"echo {digest}")
    assert ran.returncode == 0, ran.stderr
    assert f"image: postgres:15@{digest}\n" in compose
    assert "  image: milepost\n" in compose  # made here
    assert dockerfile.count(f"FROM python:3.11-slim@{digest}") == 2
    assert f"FROM python:3.11-slim@{digest} AS build\n" in dockerfile
    shutil.rmtree(tmp_path / "bin")


@pytest.mark.parametrize("answer", ["echo no such host >&2; exit 1", "echo latest", ""])
def test_nothing_is_pinned_to_what_is_no_digest(tmp_path, answer):
    ran, compose, dockerfile = pinned(tmp_path, answer)
    assert ran.returncode == 1
    assert "so nothing was written" in ran.stderr
    assert compose == (DEPLOY / "compose.yaml").read_text("utf-8")
    assert dockerfile == DOCKERFILE


def fences(kind):
    return re.findall(rf"^```{kind}\n(.*?)^```", GROWING, re.MULTILINE | re.DOTALL)


def test_the_page_names_settings_commands_and_files_that_are_there():
    named = set(re.findall(r"\b(?:MILEPOST|DISCORD|SLACK)_[A-Z_]+\b", GROWING))
    assert named <= SETTINGS
    for words in re.findall(r"`(?:MILEPOST_\S+ )?milepost ([^`]+)`", GROWING):
        must_exist(shlex.split(words))
    for line in "".join(fences("")).replace("\\\n", " ").splitlines():
        if line.startswith("milepost "):
            must_exist(shlex.split(line)[1:])
        if line.startswith("docker compose "):
            must_be_of_the_compose_file(shlex.split(line.partition(">")[0]))


def must_be_of_the_compose_file(words):
    assert words[2:4] == ["--file", "deploy/compose.yaml"]
    for service in COMPOSE["services"]:
        if service in words and "run" in words:
            must_exist(words[words.index(service) + 1 :])
    assert {"run", "exec", "up"} & set(words)
    if "up" not in words:
        assert set(COMPOSE["services"]) & set(words)


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
