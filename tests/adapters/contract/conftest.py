"""One place of each platform, with the same app behind it: each ``on_<name>.py`` here is found."""

import importlib
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.contract.app import ScriptedApp

HERE = Path(__file__).parent
PLATFORMS = sorted(file.stem.removeprefix("on_") for file in HERE.glob("on_*.py"))


@pytest.fixture
def app():
    return ScriptedApp()


@pytest_asyncio.fixture(params=PLATFORMS)
async def place(request, tmp_path, app):
    place_at = importlib.import_module(f"tests.adapters.contract.on_{request.param}").place_at
    async with place_at(tmp_path, app) as running:
        yield running
