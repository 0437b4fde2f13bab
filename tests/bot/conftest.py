"""A running Milepost for a test, and a study group in it; for some tests, on the database in memory too."""

import pytest
import pytest_asyncio

from tests.support.memory import choice
from tests.support.people import world_at

ON_MEMORY_TOO = {
    "tests.bot.handlers.test_challenge",
    "tests.bot.handlers.test_privacy",
    "tests.bot.handlers.test_prompt",
    "tests.bot.services.test_answering",
    "tests.bot.services.test_planning",
    "tests.bot.test_app_week",
    "tests.bot.worker.senders.test_posts",
    "tests.bot.worker.senders.test_reminders",
    "tests.bot.worker.senders.test_rewards",
    "tests.bot.worker.test_retention",
}


def pytest_generate_tests(metafunc):
    if metafunc.module.__name__ in ON_MEMORY_TOO:
        metafunc.parametrize("kept_in", ["file", "memory"], indirect=True)


@pytest.fixture(autouse=True)
def kept_in(request, monkeypatch):
    """Choose where the test's worlds store their data, unless the test sets it."""
    monkeypatch.setattr(choice, "in_memory", getattr(request, "param", "file") == "memory")


@pytest_asyncio.fixture
async def world(tmp_path):
    """Milepost on an empty file, on Monday, 2 March 2026, at 08:00 UTC."""
    async with world_at(tmp_path) as running:
        yield running


@pytest_asyncio.fixture
async def study(world):
    """Set up a group in Berlin, on weekdays at 09:30; its first question has just come."""
    await world.founds()
    await world.passes(minutes=31)
    return world
