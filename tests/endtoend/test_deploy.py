"""What ``deploy/`` and docs/growing.md say is there: settings, commands, files, a unit for systemd."""

import datetime as dt
import importlib.util
import re
import shlex
import shutil
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
from bot.border.clock import SystemClock
from bot.cli import app
from bot.settings import Settings, load_settings, variables
from storage import open_database
from tests.endtoend.running import ROOT, environment
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
OF_THE_DATABASE = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS"}
"""Of PostgreSQL's official image."""
OF_DRIVERS = {"PGPASSWORD", "PYTHONUNBUFFERED"}


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
    assert [volume.partition(":")[0] for volume in database["volumes"]] == list(COMPOSE["volumes"])
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
        assert worker["read_only"] is True
        assert worker["cap_drop"] == ["ALL"]
        assert "inside" in worker["networks"]
        assert (DEPLOY / worker["build"]["context"]).resolve() == ROOT
        assert (ROOT / worker["build"]["dockerfile"]).is_file()


def test_every_variable_is_a_setting_and_every_value_is_taken(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
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


def test_secrets_come_from_a_file_that_is_not_kept():
    example = (DEPLOY / "env.example").read_text("utf-8")
    named = dict(re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", example, re.MULTILINE))
    assert set(named) <= SETTINGS | OF_THE_DATABASE
    assert set(named.values()) == {""}
    asked = set(re.findall(r"\$\{(\w+):\?", (DEPLOY / "compose.yaml").read_text("utf-8")))
    assert asked <= set(named)
    for worker in WORKERS.values():
        assert worker["env_file"] == ".env"
        assert given(worker)["PGPASSWORD"].startswith("${POSTGRES_PASSWORD:?")
        assert "@postgres/" in given(worker)["MILEPOST_DATABASE_URL"]
    assert ".env" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


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
    assert last["FROM"] == "python:3.11-slim"
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
    for line in unit()["Environment"]:
        name, _, value = line.replace("%S", "/var/lib").partition("=")
        assert name in SETTINGS | OF_DRIVERS
        monkeypatch.setenv(name, value)
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
