"""The wheel: installed outside the checkout it is a whole Milepost, and it holds nothing else."""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.endtoend.running import ROOT, Demo, environment
from tests.endtoend.window import Window, opened

PACKAGES = ("adapters", "bot", "content", "milepost", "storage")
LEFT_OUT = ("tests", "bench", "docs", "data", "requirements", ".github")
NOT_SOURCE = (".*", "__pycache__", "build", "dist", "data", "*.egg-info", "htmlcov")

NEEDED = ("pip", "setuptools")
if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
    pytest.skip(f"a wheel needs {', '.join(missing)} in this interpreter", allow_module_level=True)


def source_files() -> set[str]:
    """Every file of our packages, as paths from the root."""
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*"))
    return {
        path.relative_to(ROOT).as_posix()
        for path in found
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }


def run(*command: object, cwd: Path) -> str:
    env = environment()
    del env["PYTHONPATH"]
    ran = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, without network, so that neither a stale build nor a .venv gets in."""
    copy = tmp_path_factory.mktemp("source") / "milepost"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_SOURCE))
    folder = tmp_path_factory.mktemp("wheel")
    offline = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", *offline, "-w", folder, copy, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` of a fresh environment that has the wheel, and this interpreter's dependencies alone."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    pip = ("-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index")
    run(sys.executable, *pip, "--no-compile", wheel, cwd=home)
    (site,) = home.glob("lib/python*/site-packages")
    # A folder that a .pth names is searched, but the .pth files in it, which make a checkout
    # importable, are not read.
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "dependencies-of-the-tests.pth").write_text("\n".join(sorted(paths)))
    return home / "bin"


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    """An empty working directory."""
    folder = tmp_path / "nowhere"
    folder.mkdir()
    return folder


def test_the_wheel_holds_our_packages_whole_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if not name.endswith("/")}
    ours = {name for name in held if ".dist-info/" not in name}
    assert source_files() - ours == set(), "left out of the wheel"
    assert ours - source_files() == set(), "in the wheel by mistake"
    assert {name.partition("/")[0] for name in ours} == set(PACKAGES)
    assert not any(name.startswith(LEFT_OUT) for name in held)
    for kind in (".yaml", ".lock", ".html", ".css", ".js", ".svg", ".j2", "0001_first.py"):
        assert any(name.endswith(kind) for name in ours), kind
    assert any(name.endswith("licenses/LICENSE") for name in held)


def test_it_is_imported_from_where_it_was_installed(installed: Path, nowhere: Path) -> None:
    tell = f"import {', '.join(PACKAGES)}; print({', '.join(f'{name}.__file__' for name in PACKAGES)})"
    places = run(installed / "python", "-c", tell, cwd=nowhere).split()
    assert [Path(place).parent.name for place in places] == list(PACKAGES)
    for place in places:
        assert Path(place).is_relative_to(installed.parent)


def test_the_doctor_finds_it_well(installed: Path, nowhere: Path) -> None:
    said = run(installed / "milepost", "doctor", cwd=nowhere)
    assert "FAIL" not in said
    assert "ok   packs: packs: backend-python" in said
    assert not list(nowhere.iterdir())


@pytest.fixture
def demo(installed: Path, nowhere: Path, tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(nowhere / "data", str(installed / "milepost"), cwd=nowhere, PYTHONPATH="")
    assert demo.start()
    yield demo
    assert demo.stop() == 0
    assert demo.complaints == []


async def takes_a_first_look(demo: Demo) -> None:
    async with opened(demo.address, "maya") as maya:
        await maya.sees(lambda: maya.saying("Question of the day"))
        await maya.post("/say", text="/progress")
        await maya.sees(lambda: maya.saying("Your progress"))
        (picture,) = maya.saying("Your progress")
        assert "data:image/svg+xml;base64," in picture["html"]
        answer = await maya.post("/say", text="/study setup", channel="lounge")
        assert "<form" in answer["form"]
        await gets_every_static_file(maya)


async def gets_every_static_file(window: Window) -> None:
    files = sorted((ROOT / "adapters/playground/static").iterdir())
    assert len(files) > 10
    for file in files:
        async with window.session.get(f"{window.base}/static/{file.name}") as response:
            assert (response.status, await response.read()) == (200, file.read_bytes()), file.name


def test_its_demo_runs_in_an_empty_folder(demo: Demo, nowhere: Path) -> None:
    asyncio.run(takes_a_first_look(demo))
    made = {path.relative_to(nowhere).parts[0] for path in nowhere.rglob("*")}
    assert made == {"data", "demo.stderr"}
