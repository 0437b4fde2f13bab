"""A running Milepost for a test, and a study group in it; for some tests, on the database in memory too."""

import pytest
import pytest_asyncio

from tests.core.commands import Terminal
from tests.memory import choice
from tests.people import world_at

ON_MEMORY_TOO = {
    "test_challenge",
    "test_post_sender",
    "test_planner",
    "test_privacy",
    "test_prompt",
    "test_quiz",
    "test_reminders",
    "test_retention",
    "test_rewards",
    "test_week",
}


def pytest_generate_tests(metafunc):
    if metafunc.module.__name__.rpartition(".")[2] in ON_MEMORY_TOO:
        metafunc.parametrize("kept_in", ["file", "memory"], indirect=True)


@pytest.fixture(autouse=True)
def kept_in(request, monkeypatch):
    """Where each world of the test is kept, if the test does not say it."""
    monkeypatch.setattr(choice, "in_memory", getattr(request, "param", "file") == "memory")


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


@pytest.fixture
def screen(monkeypatch):
    """A terminal to redirect to; nobody may have told Rich to take anything else for one."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    return Terminal()
