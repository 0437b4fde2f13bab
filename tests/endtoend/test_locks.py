"""The locks install with the oldest supported pip: extras stay in them, addresses stay out."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.fixture(scope="module")
def check():
    spec = importlib.util.spec_from_file_location("requirements_check", ROOT / "requirements/check.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_every_extra_that_is_required(check, lock):
    assert check.problems(lock.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("extra", "requirer"), [("coverage[toml]", "pytest-cov"), ("sqlalchemy[asyncio]", "milepost")]
)
def test_a_lock_that_drops_an_extra_is_refused(check, extra, requirer):
    lock = (ROOT / "requirements/dev.txt").read_text("utf-8")
    broken = lock.replace(extra, extra.partition("[")[0])
    if requirer == "milepost":  # no lock names the project itself: let this one do
        broken += "\nmilepost==0.1.0\n"
    assert any(extra in problem and requirer in problem for problem in check.problems(broken))


def test_a_registry_address_is_refused(check):
    assert check.problems("--index-url https://example.org/simple\n")


def test_ci_installs_with_the_oldest_pip_into_a_new_environment():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"^OLDEST_PIP := \d+\.\d+$", makefile, re.MULTILINE)
    script = (ROOT / ".ci/run").read_text("utf-8")
    assert "mktemp -d" in script
    assert 'PIP_VERSION="$oldest"' in script


def test_what_is_locked_is_read_with_its_extras(check):
    assert check.locked("a-b==1 \\\n    --hash=x\nC_d[e,f]==2 ; python_version < '4'\n") == {
        "a-b": set(),
        "c-d": {"e", "f"},
    }
