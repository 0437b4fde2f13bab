"""A fresh database in a real file for each test."""

import asyncio
import shutil
import threading

import pytest
import pytest_asyncio

from storage import open_database


async def _create(path):
    await (await open_database(f"sqlite:///{path}")).close()


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """An empty database of the newest revision. Copying it is faster than migrating for each test."""
    path = tmp_path_factory.mktemp("template") / "milepost.db"
    asyncio.run(_create(path))
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "milepost.db"


@pytest_asyncio.fixture
async def database(template, path):
    shutil.copy(template, path)
    opened = await open_database(f"sqlite:///{path}", busy_timeout=0.05)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(autouse=True)
async def no_thread_outlives_the_loop():
    """aiosqlite does not wait for the thread of a connection that could not be opened."""
    yield
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join, 10)
            assert not thread.is_alive(), "a connection was left open"
