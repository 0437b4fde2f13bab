"""A database that will be in trouble, of each kind in turn."""

import asyncio
import subprocess
from contextlib import AsyncExitStack, contextmanager

import pytest
import pytest_asyncio

from tests.bot.conftest import study, world
from tests.conftest import bring_up
from tests.faults import troubles
from tests.support import postgres
from tests.support.partition import network_to

__all__ = ["study", "world"]

ON_A_FILE = (troubles.SmallDisk, troubles.FailingDisk, troubles.ReadOnly, troubles.Locked)
ON_A_SERVER = (troubles.Partitioned, troubles.ServerAway)


@pytest.fixture(scope="session")
def mortal():
    """A server that no other test uses: (server, its address, a database on it with every table)."""
    programs = postgres.programs()
    if programs is None:
        pytest.skip("no PostgreSQL is installed that a test could stop and start")
    server = postgres.Server(programs, durable=False)
    url = server.start()
    try:
        with postgres.fresh(server=url) as name:
            asyncio.run(bring_up(postgres.address(name, url)))
            yield server, url, name
    finally:
        server.stop()


@pytest.fixture
def mortal_url(mortal):
    """The address of an empty database on it."""
    _, url, template = mortal
    with postgres.fresh(template, url) as name:
        yield postgres.address(name, url)


@contextmanager
def small_disk(folder):
    """A disk of four megabytes in the folder."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "milepost-test", folder]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture(params=[*ON_A_FILE, *ON_A_SERVER], ids=lambda kind: kind.__name__)
def kind_and_url(request, tmp_path):
    """(kind of trouble, address of the database)."""
    kind = request.param
    if kind is troubles.Partitioned:
        yield kind, request.getfixturevalue("server_url")
    elif kind is troubles.ServerAway:
        yield kind, request.getfixturevalue("mortal_url")
    elif kind is troubles.SmallDisk:
        with small_disk(tmp_path):
            yield kind, ""
    else:
        yield kind, ""


@pytest_asyncio.fixture
async def trouble(kind_and_url, request, tmp_path):
    """A Trouble that has not begun yet."""
    kind, url = kind_and_url
    async with AsyncExitStack() as stack:
        more = {}
        if kind is troubles.Partitioned:
            more["network"] = await stack.enter_async_context(network_to(url))
            url = more["network"].url
        elif kind is troubles.ServerAway:
            more["server"], *_ = request.getfixturevalue("mortal")
        found = kind(tmp_path, url, **more)
        yield found
        if kind is troubles.Locked:
            found.leave()
