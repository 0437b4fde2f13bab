"""A test run where there is no PostgreSQL: it goes through, and says what it left out and why."""

import subprocess
import sys

import pytest

from tests.endtoend.running import PATIENCE, ROOT, environment
from tests.support import postgres

NEEDS_A_SERVER = "tests/storage/test_engine_postgresql.py"
RUN = """
import sys
from pathlib import Path
import pytest
from tests.support import postgres
postgres.INSTALLED = Path(sys.argv[1])
sys.exit(pytest.main(["-p", "no:cacheprovider", *sys.argv[2:]]))
"""
"""The tests on a machine that has nothing in Debian's folder of programs."""


def run_tests(nothing, *words):
    """A test run with an empty path, as ``make test`` starts it: in workers."""
    ours = {name: value for name, value in environment().items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-c", RUN, nothing, "-n", "1", *words],
        cwd=ROOT, env=ours | {"PATH": str(nothing)},
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


def test_what_needs_postgresql_is_skipped_and_the_run_says_so(tmp_path):
    ran = run_tests(tmp_path, NEEDS_A_SERVER)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    told = [line for line in ran.stdout.splitlines() if line.startswith("SKIPPED")]
    assert told, ran.stdout
    assert all(line.endswith(postgres.NONE) for line in told)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine without PostgreSQL, whose folder of programs can be filled."""
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(postgres, "INSTALLED", tmp_path / "installed")
    return tmp_path


def install(folder):
    folder.mkdir(parents=True)
    (folder / "initdb").touch(mode=0o755)
    return folder


def test_without_programs_no_server_is_started(machine):
    (machine / "installed" / "15" / "bin").mkdir(parents=True)
    assert postgres.programs() is None, "the folder is there, for a client, and has no server"


def test_the_programs_are_found_beside_the_path_and_first_on_it(machine):
    installed = install(machine / "installed" / "15" / "bin")
    assert postgres.programs() == installed
    first = install(machine / "path")
    assert postgres.programs() == first
