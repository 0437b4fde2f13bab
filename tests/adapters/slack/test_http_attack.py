"""A whole Milepost that strangers lean on: slow requests, and the installing page; members go on meanwhile.

Milepost is a process of its own that may open 1,024 files, as is usual. ATTACK_SOCKETS and ATTACK_SECONDS
make it longer; it stays on this machine and ends by itself.
"""

import asyncio
import contextlib
import os
import re
import sqlite3
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.toolkit import open_files
from tests.adapters.slack.wired import many
from tests.loopback.slack import LoopbackSlack

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.skipif(sys.platform != "linux", reason="counts files in /proc"),
]

SOCKETS = int(os.environ.get("ATTACK_SOCKETS", "1100"))
SECONDS = float(os.environ.get("ATTACK_SECONDS", "0"))
"""Seconds for which to continue after every socket was opened once."""

FILES = 1024
PATIENCE = 120.0
PLAN = "setup backend-python zone:UTC time:09:00 days:daily"
HALVES = {
    "a header": b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-A: ",
    "a body": b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\nhalf",
    "nothing": b"",
}


class Running:
    """The process, what it has printed, and the Slack that it serves."""

    def __init__(self, process, server, base, folder):
        self.process, self.server, self.base, self.folder = process, server, base, folder

    @property
    def files(self):
        """Number of open file descriptors of the process."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    @property
    def log(self):
        return (self.folder / "log").read_text()

    def rows(self, query):
        with contextlib.closing(sqlite3.connect(self.folder / "data" / "milepost.db")) as database:
            return database.execute(query).fetchall()

    def counts(self):
        """Number of rows of each table, except those that the clock adds."""
        names = self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name: self.rows(f"SELECT count(*) FROM {name}") for (name,) in names}

    async def is_healthy(self):
        async with aiohttp.ClientSession() as session, session.get(f"{self.base}/healthz") as got:
            return (got.status, await got.text()) == (200, "ok\n")


@asynccontextmanager
async def running(folder):
    """Milepost with a group in a workspace that has installed it: (Running, channel, Olga)."""
    async with LoopbackSlack(limited=False, patience=PATIENCE) as server:
        team = server.team("Berlin", installed=False)
        channel, olga = server.channel(team, "study"), server.member("Olga", team, admin=True)
        names = {f"SLACK_{name.upper()}": str(value) for name, value in many(server).items()}
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("MILEPOST", "SLACK", "DISCORD"))}
        program = f"ulimit -n {FILES} && exec {sys.executable} -m milepost run 2>log"
        process = await asyncio.create_subprocess_exec(
            "sh", "-c", program, cwd=folder, stdout=asyncio.subprocess.PIPE,
            env={**kept, **names, "PYTHONPATH": str(Path.cwd()), "SLACK_API_URL": server.api_url},
        )  # fmt: skip
        try:
            async with asyncio.timeout(PATIENCE):
                said = (await process.stdout.readline()).decode()
            base = re.search(r"http://\S+", said)[0]
            server.http.send_to(f"{base}/slack/events")
            server.redirect_uri = f"{base}/slack/oauth_redirect"
            assert (await server.installs(olga, f"{base}/slack/install"))[0] == 200
            assert "set up" in (await olga.uses(channel, "/study", PLAN)).text
            yield Running(process, server, base, folder), channel, olga
        finally:
            server.http.send_to("")
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
        assert process.returncode == 0


async def leans(base, half, opened):
    """One socket that never asks for anything whole, opened anew whenever it is closed."""
    host, port = base.removeprefix("http://").split(":")
    while True:
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection(host, int(port))
            try:
                writer.write(half)
                opened.release()
                await reader.read()
            finally:
                writer.close()
        await asyncio.sleep(5)  # the pace of the attacker


async def everyday(milepost, channel, olga, number):
    """Check the health of Milepost and serve one quiz, as a load balancer and members ask all day."""
    async with asyncio.timeout(PATIENCE):
        assert await milepost.is_healthy()
        shown = await olga.uses(channel, "/milepost", f"quiz topic:python-{number}")
        assert shown.text
        assert not milepost.server.late


@pytest.mark.parametrize("half", HALVES)
async def test_slow_requests_keep_no_member_out(tmp_path, half):
    if open_files.raise_limit() < SOCKETS + FILES:
        pytest.skip("this process may not open as many files as the attack needs")
    async with running(tmp_path) as (milepost, channel, olga):
        opened = asyncio.Semaphore(0)
        attack = [asyncio.create_task(leans(milepost.base, HALVES[half], opened)) for _ in range(SOCKETS)]
        async with asyncio.timeout(PATIENCE):
            for _ in range(SOCKETS):
                await opened.acquire()
        until, number = asyncio.get_running_loop().time() + SECONDS, 0
        while number < 5 or asyncio.get_running_loop().time() < until:
            await everyday(milepost, channel, olga, number)
            assert milepost.files < FILES - 100
            number += 1
        for each in attack:
            each.cancel()
        await asyncio.gather(*attack, return_exceptions=True)
        assert await milepost.is_healthy()
        assert "Traceback" not in milepost.log
        assert len(milepost.log.splitlines()) < 20 + SECONDS, milepost.log


async def test_a_flood_of_the_installing_page_keeps_no_member_waiting_and_writes_nothing(tmp_path):
    async with running(tmp_path) as (milepost, channel, olga):
        before, told, served = milepost.counts(), {}, asyncio.Event()
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:

            async def opens():
                while True:
                    async with session.get(f"{milepost.base}/slack/install") as got:
                        told[got.status] = told.get(got.status, 0) + 1
                        await got.read()
                    if sum(told.values()) > 1000:
                        served.set()

            flood = [asyncio.create_task(opens()) for _ in range(200)]
            async with asyncio.timeout(PATIENCE):
                await served.wait()
            assert milepost.counts() == before
            until, number = asyncio.get_running_loop().time() + SECONDS, 0
            while number < 3 or asyncio.get_running_loop().time() < until:
                await everyday(milepost, channel, olga, number)
                number += 1
            for each in flood:
                each.cancel()
            await asyncio.gather(*flood, return_exceptions=True)
        assert set(told) == {200, 429}
        assert told[429] > told[200]
        assert "Traceback" not in milepost.log
        assert len(milepost.log.splitlines()) < 20
