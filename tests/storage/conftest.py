"""A fresh database for each test: the one in memory, SQLite and PostgreSQL keep the same contract.

A test that is marked ``sql`` looks behind the Protocols and runs on the two real ones. One that is marked
``sqlite``, or asks for ``path``, the file, runs on SQLite alone.
"""

import asyncio
import shutil
import threading

import pytest
import pytest_asyncio
from sqlalchemy import event

from storage import open_database
from tests.support.memory import MemoryDatabase

MEMORY, SQLITE, POSTGRESQL = "memory", "sqlite", "postgresql"
SQL = "sql"


def pytest_generate_tests(metafunc):
    """Run what uses a database on every kind of it that it is about."""
    if "kind" not in metafunc.fixturenames:
        return
    kinds = [MEMORY, SQLITE, POSTGRESQL]
    if metafunc.definition.get_closest_marker(SQL):
        kinds = [SQLITE, POSTGRESQL]
    if "path" in metafunc.fixturenames or metafunc.definition.get_closest_marker(SQLITE):
        kinds = [SQLITE]
    metafunc.parametrize("kind", kinds, indirect=True)


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
def address(kind, request, tmp_path):
    """Address of a database that has every table and no row; None for the one in memory."""
    if kind == MEMORY:
        return None
    if kind == POSTGRESQL:
        return request.getfixturevalue("server_url")
    shutil.copy(request.getfixturevalue("template"), tmp_path / "milepost.db")
    return f"sqlite:///{tmp_path / 'milepost.db'}"


@pytest_asyncio.fixture
async def database(address):
    opened = MemoryDatabase() if address is None else await open_database(address, busy_timeout=0.05)
    yield opened
    await opened.close()


@pytest.fixture
def asked(database):
    """The statements that are sent, BEGIN and COMMIT left out."""
    statements = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def listen(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "SELECT pg_advisory")):
            statements.append(statement)

    return statements


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
