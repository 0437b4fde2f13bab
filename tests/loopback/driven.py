"""A loopback server as a process of its own, seen from outside."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager

import aiohttp

from tests.loopback.pulse import Pulse


@asynccontextmanager
async def process(module, *arguments):
    """Start ``python -m module`` and wait until it listens: (process, what it printed).

    It is ended by the end of its standard input if that was closed within, else by SIGTERM.
    """
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdin=PIPE, stdout=PIPE
    )
    try:
        yield started, json.loads(await asyncio.wait_for(started.stdout.readline(), 30))
    finally:
        if not started.stdin.is_closing():
            started.terminate()
        assert await asyncio.wait_for(started.wait(), 10) == 0
        assert await started.stdout.read() == b""


@asynccontextmanager
async def driven(module, *arguments):
    """The hands on such a process."""
    async with process(module, *arguments) as (_, told), aiohttp.ClientSession(told["url"]) as session:
        yield Driven(told, session)


class Driven:
    """``addresses`` are what the process printed. ``pulse`` beats for this side alone: it sees no more."""

    def __init__(self, addresses, session):
        self.addresses = addresses
        self.pulse = Pulse()
        self._session = session

    async def does(self, verb, /, expected=200, **given):
        """One verb, and that it is answered with the expected status; the answer."""
        async with self._session.post(f"/control/{verb}", json=given) as got:
            assert got.status == expected, await got.text()
            return await got.json()

    async def presses(self, presses, per_second):
        """A burst, and that it keeps its pace and every press is acknowledged."""
        burst = await self.does("burst", presses=presses, per_second=per_second)
        assert len(burst["seconds"]) == len(presses)
        assert burst["lasted"] >= (len(presses) - 1) / per_second
        assert all(seconds is not None for seconds in burst["seconds"])

    async def tells(self, what):
        """Return the server's state under ``/control``."""
        async with self._session.get(f"/control/{what}") as got:
            return await got.json()
