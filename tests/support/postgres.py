"""A PostgreSQL server for the tests, started from the programs of the machine.

It lives in a folder of its own, listens on loopback alone, and ends with the test run.

``python -m tests.support.postgres`` starts one too, tells its ``url`` in a line of JSON (null where there
are no programs), and ends it with its standard input.
"""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

URL = "MILEPOST_TEST_POSTGRES_URL"
USER = "milepost"
INSTALLED = Path("/usr/lib/postgresql")
"""Directory of Debian's programs, which are not on the path there."""

NONE = f"{URL} is not set, and no PostgreSQL is installed"


class Server:
    """A cluster in a temporary folder. Root lends it to ``postgres``: it does not run as root.

    One that is not ``durable`` is faster, and loses nothing as long as the machine itself goes on.
    """

    def __init__(self, programs, *, durable=True):
        self._programs = programs
        self._durable = durable
        self._folder = Path(tempfile.mkdtemp(prefix="milepost-postgres-"))
        self._as = {}
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres")
            self._as = {"user": "postgres", "group": "postgres", "extra_groups": []}

    def start(self):
        """Make the cluster and start it; the address of its databases."""
        data = self._folder / "data"
        self._runs("initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
            f" -c fsync={'on' if self._durable else 'off'}"
        )
        self.comes_back()
        return f"postgresql://{USER}@127.0.0.1:{port}/postgres"

    def goes_away(self):
        """Die without a word."""
        self._runs("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "-w", "stop")

    def comes_back(self):
        """Start, recovering what was committed."""
        log, data = self._folder / "log", self._folder / "data"
        self._runs("pg_ctl", "-D", data, "-l", log, "-w", "-o", self._options, "start")

    def stop(self):
        """End it and delete its folder."""
        self.goes_away()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _runs(self, program, *arguments):
        command = [str(self._programs / program), *map(str, arguments)]
        # The server would keep a pipe of ours open for as long as it runs.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                command, cwd=self._folder, stdout=said, stderr=said, check=False, **self._as
            )
            said.seek(0)
            assert done.returncode == 0, said.read().decode()


def programs():
    """The folder of the server's programs; None where there are none."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(INSTALLED.glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@contextmanager
def fresh(template="template1", server=None):
    """A database of its own, made like another one; its name, while the block runs."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    _tell(f"CREATE DATABASE {name} TEMPLATE {template}", server)
    try:
        yield name
    finally:
        _tell(f"DROP DATABASE {name} WITH (FORCE)", server)


def address(name, server=None):
    """The URL of a database on a server; on the one of all tests when none is named."""
    url = make_url(server or os.environ[URL])
    return url.set(database=name).render_as_string(hide_password=False)


def _tell(statement, server):
    async def tell():
        connection = await asyncpg.connect(address("postgres", server))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(tell())


def _until_input_ends():
    """Whoever started this process may end it at any time, and the server must not stay behind."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    given, found = os.environ.get(URL), programs()
    server = None if given or not found else Server(found)
    try:
        told = {"url": server.start() if server else given}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        if server:
            server.stop()


if __name__ == "__main__":
    _until_input_ends()
