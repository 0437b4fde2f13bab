"""A running Milepost for a test, and a study group in it."""

import pytest_asyncio

from tests.people import world_at


@pytest_asyncio.fixture
async def world(tmp_path):
    """Milepost on an empty file, on Monday, 2 March 2026, at 08:00 UTC."""
    async with world_at(tmp_path) as running:
        yield running


@pytest_asyncio.fixture
async def study(world):
    """The same with a group in Berlin, on weekdays at 09:30, whose first question has just come."""
    await world.founds()
    await world.passes(minutes=31)
    return world
