"""The sdist and the wheel: installed outside the checkout a whole Milepost, and nothing else."""

from __future__ import annotations

import asyncio
import importlib.util
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.endtoend.running import ROOT, Demo, environment
from tests.endtoend.window import Window, opened
from tools import release
from tools.release import PACKAGES

if missing := [name for name in ("build", "pip", "setuptools") if importlib.util.find_spec(name) is None]:
    pytest.skip(f"a wheel needs {', '.join(missing)} in this interpreter", allow_module_level=True)


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
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist and the wheel, built without network."""
    return release.build(ROOT, tmp_path_factory.mktemp("dist") / "dist")


@pytest.fixture(scope="module")
def installed(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` of a fresh environment that has the wheel, and this interpreter's dependencies alone."""
    return release.install(built[1], tmp_path_factory.mktemp("installed") / "venv")


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    """An empty working directory."""
    folder = tmp_path / "nowhere"
    folder.mkdir()
    return folder


def test_both_hold_our_packages_whole_and_nothing_else(built: tuple[Path, Path]) -> None:
    sdist, wheel = built
    assert list(release.sdist_problems(sdist, ROOT)) == []
    assert list(release.wheel_problems(wheel, ROOT)) == []
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    for kind in (".yaml", ".lock", ".html", ".css", ".js", ".svg", ".j2", "0001_first.py"):
        assert any(name.endswith(kind) for name in held), kind
    assert {f"{package}/py.typed" for package in PACKAGES} <= held


def test_what_is_left_out_or_slips_in_is_named(built: tuple[Path, Path], tmp_path: Path) -> None:
    _, wheel = built
    spoilt = tmp_path / wheel.name
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(spoilt, "w") as new:
        for name in old.namelist():
            if name not in {"bot/py.typed", f"milepost-{release.version(ROOT)}.dist-info/licenses/LICENSE"}:
                text = old.read(name)
                new.writestr(name, text.replace(b"Requires-Python: >=3.11", b"Requires-Python: >=3.12"))
        new.writestr("tests/secret.txt", "x")
    assert sorted(release.wheel_problems(spoilt, ROOT)) == [
        f"{wheel.name} has by mistake tests/secret.txt.",
        f"{wheel.name} lacks bot/py.typed.",
        f"{wheel.name} lacks the licence.",
        f"{wheel.name} states Requires-Python '>=3.12', not '>=3.11'.",
    ]


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
