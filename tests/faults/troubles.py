"""Ways in which a database stops serving, each real, each over when the test says so."""

import asyncio
import resource
import subprocess
import sys
from abc import ABC, abstractmethod
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.deliveries import quiz_only
from tests.support.partition import Network
from tests.support.people import world_at
from tests.support.postgres import Server

BUSY = "My database is busy right now."
QUICK = {"database_busy_seconds": 0.3, "database_answer_seconds": 0.7}
PATIENT = QUICK | {"database_answer_seconds": 10.0}
"""For a server that starts: a busy machine takes a while to its first answer."""


@asynccontextmanager
async def study_at(folder, url, **impatience):
    """A Milepost with a question a day at 09:30 in Berlin, and no more patience than these settings say.

    It is set up with the patience that is shipped: a busy machine may outlast that of a test.
    """
    async with world_at(folder, database_url=url) as before:
        await quiz_only(before)
    again = {"clock": before.clock, "room": before.room, "database_url": url}
    async with world_at(folder, **again, **impatience) as world:
        yield world


FIRST_FRAME = 4096
"""A file may not grow beyond this: less than what the smallest commit adds to the log of SQLite."""

LOCKER = """
import sqlite3, sys
file = sqlite3.connect(sys.argv[1], isolation_level=None)
for order in sys.stdin:
    file.execute(order)
    print("done", flush=True)
"""


@dataclass
class Trouble(ABC):
    """``told`` is what a member reads meanwhile, ``logged`` what an operator does."""

    settings = QUICK

    folder: Path
    url: str
    told: str = BUSY
    logged: str = ""

    @abstractmethod
    async def strikes(self, world): ...

    @abstractmethod
    async def ends(self, world): ...


@dataclass
class SmallDisk(Trouble):
    """No room is left on the disk. ``folder`` is a small one of its own."""

    told: str = "My database is full."
    logged: str = "has no room to grow: free space on its disk"

    async def strikes(self, world):
        await _empty_the_log(world)
        with suppress(OSError), (self.folder / "ballast").open("wb", buffering=0) as ballast:
            while ballast.write(b"x" * 4096):
                pass

    async def ends(self, world):
        (self.folder / "ballast").unlink()


@dataclass
class FailingDisk(Trouble):
    """The system refuses to write: this process may make no file longer."""

    told: str = "My database isn't answering properly."
    logged: str = "failed to read or write: check the disk"

    async def strikes(self, world):
        await _empty_the_log(world)
        resource.setrlimit(resource.RLIMIT_FSIZE, (FIRST_FRAME, resource.RLIM_INFINITY))

    async def ends(self, world):
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@dataclass
class ReadOnly(Trouble):
    """SQLite refuses to write, as to a file without the permission: root has it for every file."""

    told: str = "My database can't be written to right now."
    logged: str = "give this user write permission on the file and on its folder"

    async def strikes(self, world):
        await pragma(world, "query_only = ON")

    async def ends(self, world):
        await pragma(world, "query_only = OFF")


@dataclass
class Locked(Trouble):
    """Another process holds the lock, longer than Milepost waits."""

    logged: str = "is locked by another process: stop the other program"
    _other: subprocess.Popen | None = field(default=None, repr=False)

    async def strikes(self, world):
        self._open()
        self._tell("BEGIN IMMEDIATE")

    async def ends(self, world):
        self._tell("ROLLBACK")

    def _open(self):
        command = [sys.executable, "-c", LOCKER, self.folder / "milepost.db"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._other = self._other or subprocess.Popen(command, text=True, **pipes)

    def leave(self):
        if self._other:
            self._other.communicate()

    def _tell(self, order):
        print(order, file=self._other.stdin, flush=True)
        assert self._other.stdout.readline() == "done\n"


@dataclass
class Partitioned(Trouble):
    """The network to the server falls silent, and neither end is told."""

    network: Network = None
    logged: str = "check that it runs, and its address"

    async def strikes(self, world):
        self.network.hold()

    async def ends(self, world):
        self.network.heal()


@dataclass
class ServerAway(Trouble):
    """The server dies and is started again."""

    settings = PATIENT

    server: Server = None
    logged: str = "check that it runs, and its address"

    async def strikes(self, world):
        await asyncio.to_thread(self.server.goes_away)

    async def ends(self, world):
        await asyncio.to_thread(self.server.comes_back)


async def pragma(world, what):
    """Set something on the one connection."""
    async with world.application.database.engine.connect() as connection:
        await connection.exec_driver_sql(f"PRAGMA {what}")


async def _empty_the_log(world):
    """Move the write-ahead log into the file, so that the next commit must make the log longer."""
    await pragma(world, "wal_checkpoint(TRUNCATE)")
