"""One place of each platform, with the same app behind it."""

import pytest
import pytest_asyncio

from tests.contracts import on_discord, on_playground, on_slack
from tests.contracts.app import ScriptedApp

PLATFORMS = {
    "playground": on_playground.place_at,
    "discord": on_discord.place_at,
    "slack": on_slack.place_at,
}


@pytest.fixture
def app():
    return ScriptedApp()


@pytest_asyncio.fixture(params=PLATFORMS)
async def place(request, tmp_path, app):
    async with PLATFORMS[request.param](tmp_path, app) as running:
        yield running
