"""Files, settings, commands and images named in ``deploy/`` and docs/growing.md exist."""

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile

import pytest
import yaml

from adapters.discord.settings import Settings as Discord
from adapters.discord.settings import Shards
from milepost.settings import load_settings, variables
from tests.endtoend.deployed import DEPLOY, KINDS, OF_DRIVERS, SETTINGS, must_exist
from tests.endtoend.running import ROOT, environment

COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
WORKERS = {name: each for name, each in COMPOSE["services"].items() if name.startswith("worker")}
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")


GROWING = (ROOT / "docs/growing.md").read_text("utf-8")


OF_THE_DATABASE = {"POSTGRES_USER", "POSTGRES_PASSWORD_FILE", "POSTGRES_INITDB_ARGS"}
"""Of PostgreSQL's official image."""


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
    monkeypatch.setattr("milepost.settings.secrets_folder", lambda: None)
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
    """Paths, relative to the root, that the image is made from."""
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
