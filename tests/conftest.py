"""Fixtures of all tests: property tests without a deadline, and a PostgreSQL if there is one."""

import asyncio
import logging
import os
import sys
import threading

import pytest
from hypothesis import settings

from milepost.logs import CHATTY, OURS
from storage import open_database
from tests.support import postgres
from tests.support.revisions import NEXT, install_next

settings.register_profile("milepost", deadline=None)
settings.register_profile("ci", parent=settings.get_profile("milepost"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "milepost")

pytest.register_assert_rewrite("adapters.contract")

CALLERS = ("MAKE", "MFLAGS", "GIT_", "PIP_VERSION", "VENV")
"""Prefixes of variables by which a calling ``make`` or git hook would change the ``make`` of a test."""

_server = pytest.StashKey[postgres.Server]()


def pytest_configure(config):
    """Forget what the caller set for itself, and start a PostgreSQL, whose address all workers inherit."""
    for name in [name for name in os.environ if name.startswith(CALLERS)]:
        del os.environ[name]
    if hasattr(config, "workerinput") or os.environ.get(postgres.URL):
        return
    if programs := postgres.programs():
        config.stash[_server] = postgres.Server(programs)
        os.environ[postgres.URL] = config.stash[_server].start()


def pytest_unconfigure(config):
    """Stop it."""
    if server := config.stash.get(_server, None):
        server.stop()


async def bring_up(url):
    """Make every table."""
    await (await open_database(url)).close()


@pytest.fixture(scope="session")
def empty_on_server():
    """The name of a database on the server that has every table and no row."""
    if not os.environ.get(postgres.URL):
        pytest.skip(postgres.NONE)

    with postgres.fresh() as name:
        asyncio.run(bring_up(postgres.address(name)))
        yield name


@pytest.fixture
def server_url(empty_on_server):
    """The address of an empty database on PostgreSQL."""
    with postgres.fresh(empty_on_server) as name:
        yield postgres.address(name)


@pytest.fixture(autouse=True)
def _own_logging():
    """The command line chooses levels and cleans what is logged; the next test must not see that."""
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    root, factory, raises = logging.getLogger(), logging.getLogRecordFactory(), logging.raiseExceptions
    levels = {name: logging.getLogger(name).level for name in ("", *OURS, *CHATTY)}
    filters = [(handler, list(handler.filters)) for handler in (*root.handlers, logging.lastResort)]
    yield
    logging.setLogRecordFactory(factory)
    logging.captureWarnings(capture=False)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.raiseExceptions = raises
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    for handler, kept in filters:
        handler.filters[:] = kept


@pytest.fixture(autouse=True)
def _own_umask():
    """The command line narrows the process's file modes; the next test must not see that."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture
def next_revision(monkeypatch, tmp_path_factory):
    """A function that lets Milepost know one revision more, so that today's databases are older ones."""

    def install(source=NEXT):
        install_next(monkeypatch, tmp_path_factory.mktemp("next"), source)

    return install


@pytest.fixture(autouse=True)
def _tracing():
    """A test that ends the tracing would hide from coverage whatever its worker runs afterwards."""
    before = sys.gettrace()
    yield
    assert sys.gettrace() is before
