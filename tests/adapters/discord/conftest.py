"""A simulated server, and Milepost in it, for a test."""

import pytest_asyncio

from tests.adapters.discord.simulation import server as simulated_server
from tests.adapters.discord.world import milepost


@pytest_asyncio.fixture
async def server():
    """A Discord server in memory, on Monday, 2 March 2026, at 08:00 UTC."""
    async with simulated_server() as made:
        yield made


@pytest_asyncio.fixture
async def world(tmp_path, server):
    """Milepost in that server, without a group."""
    async with milepost(tmp_path, server) as running:
        yield running


@pytest_asyncio.fixture
async def study(world):
    """Set up a group in Berlin; its first posts have just come."""
    await world.founds()
    await world.passes(minutes=31)
    return world
