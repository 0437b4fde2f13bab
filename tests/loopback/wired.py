"""The whole of Milepost connected to a loopback server, whichever platform that plays."""

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing

from milepost.bootstrap import build
from milepost.settings import ProgramSettings
from tests.loopback.held import Held
from tests.support.people import shipped_library
from tests.support.room import put_empty_database


class Wired:
    """A running Milepost, the server that it talks to, and the clock that they share."""

    def __init__(self, folder, server, clock, application, adapter):
        self.folder, self.server, self.clock = folder, server, clock
        self.application, self.adapter = application, adapter

    async def passes(self, **parts):
        """Let time pass, with a beat at the end of it that waits for what it began."""
        self.clock.advance(**parts)
        await self.application.scheduler.run_once()

    def rows(self, query):
        """Rows that a query finds in the database."""
        with closing(sqlite3.connect(self.folder / "milepost.db")) as database:
            return database.execute(query).fetchall()

    def dump(self):
        """Every row of the database, as SQL."""
        with closing(sqlite3.connect(self.folder / "milepost.db")) as database:
            return list(database.iterdump())

    async def begins(self, act):
        """Let a person act until the core holds it, waiting for ``release``: (the Held, the act's task)."""
        use_case = Held(self.application.app._database, self.server.pulse)
        acting = asyncio.create_task(act)
        await self.until(lambda: use_case.begun)
        return use_case, acting

    async def until(self, condition):
        """Wait for what either end will do, ten seconds at most.

        It is looked at whenever the server was asked or told something, when the core has noted that a
        workspace was lost or found, and when a use case that is held has begun.
        """
        await self.server.pulse.until(condition)


@asynccontextmanager
async def connected(kind, folder, server, clock, adapter, *, allowance=None, library=None, **settings):
    """Start Milepost through this adapter; a second one on the same folder and server is a restart.

    With a ``database_url`` of a server a second one beside it is another worker.
    """
    await put_empty_database(folder / "milepost.db")
    chosen = {"database_url": f"sqlite:///{folder / 'milepost.db'}", **settings}
    core = ProgramSettings(_env_file=None, **chosen)
    library = library or shipped_library()
    async with build(core, clock, [adapter], library, allowance=allowance) as application:
        for name in ("workspace_lost", "workspaces_found"):
            setattr(application.app, name, _told(server.pulse, getattr(application.app, name)))
        yield kind(folder, server, clock, application, adapter)


def _told(pulse, act):
    """Wrap a callback so that ``pulse`` beats when it has run."""

    async def acts(*arguments):
        await act(*arguments)
        pulse.beat()

    return acts
