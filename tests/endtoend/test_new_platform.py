"""A platform made from docs/architecture.md alone: its types are checked, and it runs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

import adapters
from bot.chat import (
    Adapter,
    ChannelRef,
    Examines,
    Extends,
    Message,
    Platform,
    Rejected,
    Text,
    lacking,
)
from milepost.bootstrap import build
from milepost.settings import ProgramSettings
from tests.endtoend.running import PATIENCE, ROOT, environment, milepost
from tests.support.people import shipped_library
from tests.support.room import FakeClock

PAGE = ROOT / "docs/architecture.md"
BLOCK = re.compile(r"^\*\*(adapters/\S+/)\S+\*\*\n\n```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
BEFORE = '''
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """As the page said before the contract was written down."""


def build(settings, clock):
    return object()
'''


def written_in(folder: Path) -> str:
    """Write the folder that the page shows; returns its name."""
    ((name, text),) = BLOCK.findall(PAGE.read_text("utf-8"))
    file = folder / name / "__init__.py"
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    return file.parent.name


def checkout(folder: Path) -> Path:
    """The product with nothing beside it, where a folder may be added."""
    for name in ("adapters", "bot", "content", "milepost", "storage"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """The platform of the page, as this process finds it."""
    name = written_in(tmp_path)
    monkeypatch.setattr(adapters, "__path__", [*adapters.__path__, str(tmp_path / "adapters")])
    yield adapters.load(name)
    sys.modules.pop(f"adapters.{name}")


@asynccontextmanager
async def serving(paper: Any, folder: Path, clock: FakeClock) -> AsyncIterator[tuple[Any, Any]]:
    """Milepost with the platform alone: (application, adapter). Twice on a folder is a restart."""
    settings = ProgramSettings(database_url=f"sqlite:///{folder / 'milepost.db'}")
    adapter = paper.build(paper.Settings(folder=folder / "paper"), clock)
    async with build(settings, clock, [adapter], shipped_library()) as application:
        yield application, adapter


def on(folder: Path, channel: str) -> str:
    """Text of a channel's sheet."""
    file = folder / "paper" / f"{channel}.txt"
    return file.read_text("utf-8") if file.exists() else ""


def test_the_page_shows_one_folder_and_it_keeps_the_contract(paper: Platform) -> None:
    assert paper.PLATFORM in adapters.names()
    assert paper in list(adapters.usable())
    assert list(adapters.broken()) == []


def test_every_member_of_the_contract_is_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    section = page[page.index("## How to add a platform") : page.index("## Dependencies")]
    for contract in (Platform, Adapter, Examines, Extends):
        wanted = lacking(object(), contract)
        assert wanted, contract
        assert [name for name in wanted if f"`{name}" not in section] == [], contract


def test_the_types_of_the_folder_are_those_of_the_contract(tmp_path: Path) -> None:
    name = written_in(checkout(tmp_path))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)

    def mypy() -> str:
        check = [sys.executable, "-m", "mypy", f"adapters/{name}"]
        return subprocess.run(
            check, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
        ).stdout

    assert mypy().startswith("Success"), mypy()
    file = tmp_path / "adapters" / name / "__init__.py"
    file.write_text(file.read_text("utf-8").replace("async def managers", "async def bosses"), "utf-8")
    assert "managers" in mypy()


def test_milepost_run_serves_the_folder(tmp_path: Path) -> None:
    name = written_in(checkout(tmp_path))
    settings = {"MILEPOST_PAPER_FOLDER": "sheets", "MILEPOST_DATABASE_URL": "sqlite:///m.db"}
    with running(tmp_path, settings) as log:
        _wait_for(log, f"{name}: posts are in sheets")


def test_a_folder_that_is_no_platform_is_named_and_the_others_run(tmp_path: Path) -> None:
    name = written_in(checkout(tmp_path))
    (tmp_path / "adapters" / "matrix").mkdir()
    (tmp_path / "adapters" / "matrix" / "__init__.py").write_text(BEFORE, "utf-8")
    (tmp_path / "adapters" / "torn").mkdir()
    (tmp_path / "adapters" / "torn" / "__init__.py").write_text("import nothing_of_this_name\n", "utf-8")
    settings = {"MILEPOST_DATABASE_URL": "sqlite:///m.db", "MILEPOST_PAPER_FOLDER": "sheets"}
    said = milepost("doctor", cwd=tmp_path, **_alone(tmp_path, settings))
    told = said.stdout + said.stderr
    assert "FAIL platform matrix: adapters/matrix is not a platform: it lacks PLATFORM" in told
    assert "FAIL platform torn: adapters/torn can't be imported: ModuleNotFoundError" in told
    assert f"ok   platforms: {name}" in told, told
    refused = milepost("run", cwd=tmp_path, **_alone(tmp_path, settings | {"MILEPOST_PLATFORMS": "matrix"}))
    assert refused.returncode == 2
    assert "it lacks PLATFORM" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_an_adapter_that_lacks_something_is_named_and_the_others_run(tmp_path: Path) -> None:
    name = written_in(checkout(tmp_path))
    file = tmp_path / "adapters" / name / "__init__.py"
    whole = file.read_text("utf-8")
    half = tmp_path / "adapters" / "half" / "__init__.py"
    half.parent.mkdir()
    text = whole.replace("async def grant_role", "async def give").replace(
        'PLATFORM = "paper"', 'PLATFORM = "half"'
    )
    half.write_text(text.replace("MILEPOST_PAPER_", "MILEPOST_HALF_"), "utf-8")
    settings = {"MILEPOST_DATABASE_URL": "sqlite:///m.db", "MILEPOST_PAPER_FOLDER": "sheets"}
    settings |= {"MILEPOST_HALF_FOLDER": "halves"}
    with running(tmp_path, settings) as log:
        told = _wait_for(log, f"{name}: posts are in sheets")
        assert "adapters/half is not a platform: its adapter lacks grant_role" in told


@pytest.mark.asyncio
async def test_a_group_lives_on_it_through_a_restart(paper: Platform, tmp_path: Path) -> None:
    clock = FakeClock()
    async with serving(paper, tmp_path, clock) as (application, adapter):
        await adapter.hear("ana", "study", "/study setup")
        assert "Only organisers" in on(tmp_path, "@ana")
        await adapter.hear("olga", "study", "/study setup backend-python zone:UTC time:09:30 days:daily")
        assert "set up" in on(tmp_path, "@olga"), on(tmp_path, "@olga")
        clock.advance(minutes=91)
        await application.scheduler.run_once()
        assert "Question of the day" in on(tmp_path, "study")
        await adapter.hear("ana", "study", "/streak")
        await adapter.hear("ana", "study", "/nonsense")
    sheet = on(tmp_path, "study")
    async with serving(paper, tmp_path, clock) as (application, adapter):
        await application.scheduler.run_once()
        assert on(tmp_path, "study") == sheet
        key = re.findall(r"^--- (\S+)$", sheet, re.MULTILINE)[0]
        place = ChannelRef(paper.PLATFORM, "desk", "study")
        again = Message("Again", (Text("Again"),))
        await adapter.send(place, again, key, again=True)
        assert on(tmp_path, "study") == sheet
        await adapter.hear("olga", "other", "/study move")
        assert "has moved" in on(tmp_path, "@olga")
        with pytest.raises(Rejected):
            await adapter.grant_role(place, (await adapter.managers(place))[0], "role")


@contextmanager
def running(folder: Path, settings: dict[str, str]) -> Iterator[Path]:
    """``milepost run`` on a copy; gives the file that it writes into."""
    log = folder / "log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "milepost", "run"]
        process = subprocess.Popen(
            command, cwd=folder, env=_alone(folder, settings), stdout=out, stderr=out
        )
        try:
            yield log
        finally:
            process.terminate()
            assert process.wait(PATIENCE) == 0


def _alone(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    """The copy in front of the checkout."""
    return environment(**settings) | {"PYTHONPATH": str(folder)}


def _wait_for(log: Path, line: str) -> str:
    """Wait until the log has the line, and return the log."""
    end = time.monotonic() + PATIENCE
    while line not in (told := log.read_text("utf-8")):
        assert time.monotonic() < end, told
        time.sleep(0.1)
    return told
