"""The model of a platform passes the contract, as every platform does."""

import pytest
import pytest_asyncio

from adapters.contract.app import ScriptedApp
from adapters.contract.suite import *  # noqa: F403
from tests.tools.scaffold.on_example import place_at


@pytest.fixture
def app():
    return ScriptedApp()


@pytest_asyncio.fixture
async def place(tmp_path, app):
    async with place_at(tmp_path, app) as running:
        yield running
