"""A fresh database for each test, on SQLite and on PostgreSQL.

A test that asks for ``path``, the file, or is marked ``sqlite`` runs on SQLite alone.
"""

import asyncio
import shutil
import threading

import pytest
import pytest_asyncio

from storage import open_database

SQLITE, POSTGRESQL = "sqlite", "postgresql"


def pytest_generate_tests(metafunc):
    """Run what uses a database on both kinds of it."""
    if "kind" in metafunc.fixturenames:
        on_file = "path" in metafunc.fixturenames or metafunc.definition.get_closest_marker(SQLITE)
        metafunc.parametrize("kind", [SQLITE] if on_file else [SQLITE, POSTGRESQL], indirect=True)


@pytest.fixture
def kind(request):
    return request.param


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """An empty file of the newest revision. Copying it is faster than migrating for each test."""
    path = tmp_path_factory.mktemp("template") / "milepost.db"
    asyncio.run(_create(f"sqlite:///{path}"))
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "milepost.db"


@pytest.fixture
def url(kind, request, tmp_path):
    """The address of a database that has every table and no row."""
    if kind == POSTGRESQL:
        return request.getfixturevalue("server_url")
    shutil.copy(request.getfixturevalue("template"), tmp_path / "milepost.db")
    return f"sqlite:///{tmp_path / 'milepost.db'}"


@pytest_asyncio.fixture
async def database(url):
    opened = await open_database(url, busy_timeout=0.05)
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


async def _create(url):
    await (await open_database(url)).close()
