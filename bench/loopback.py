"""The other processes of a measurement: a loopback server, and a bot that is connected to it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).parent.parent
START_WITHIN = 240.0
"""Seconds that a process gets to say that it is ready: founding 10,000 groups takes a minute."""

LONGEST_LINE = 64 << 20


@dataclass(frozen=True, slots=True)
class Server:
    """A platform on 127.0.0.1, driven as its control.py and that of ``tests/loopback/`` describe."""

    told: dict[str, str]
    """Addresses and secrets of the server."""
    session: aiohttp.ClientSession

    async def does(self, verb: str, **given: object) -> Any:
        """Do one verb; return its answer. Raises RuntimeError with the reason when it cannot be done."""
        async with self.session.post(f"/control/{verb}", json=given) as response:
            answer = await response.json()
            if response.status != 200:
                raise RuntimeError(f"{verb}: {answer}")
            return answer

    async def tells(self, what: str) -> Any:
        """Return the value under ``/control``."""
        async with self.session.get(f"/control/{what}") as response:
            return await response.json()

    async def posts(self, channel: str) -> list[dict[str, Any]]:
        """Return the messages that everybody in a channel sees."""
        return [post for post in await self.tells(f"messages/{channel}") if post["only"] is None]

    async def asks(self, channel: str, wanted: int, **uses: object) -> list[dict[str, Any]]:
        """Return the posts of a channel, once a command was used so often that there are this many."""
        for _ in range(wanted):
            await self.does("uses", channel=channel, **uses)
        while len(posts := await self.posts(channel)) < wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.5)
        return posts

    async def takes_all(self, counted: str, wanted: int, patience: float) -> None:
        """Wait until it has counted so many, or none for ``patience`` seconds."""
        loop = asyncio.get_running_loop()
        taken, late_at = 0, loop.time() + patience
        while taken < wanted and loop.time() < late_at:
            await asyncio.sleep(1)
            before, taken = taken, (await self.tells("state"))["counts"].get(counted, 0)
            if taken > before:
                late_at = loop.time() + patience

    async def faultless(self) -> int:
        """Return how often it said 429. Raises RuntimeError when anything was late or refused."""
        state = await self.tells("state")
        if wrong := {name: state[name] for name in ("late", "refusals", "crashes") if state[name]}:
            raise RuntimeError(f"the server saw what must not be: {wrong} {state['refused'][:1]}")
        too_many: int = state["too_many"]
        return too_many


class Loopback(Server):
    """A loopback Discord."""

    @property
    def address(self) -> tuple[str, str, str]:
        """Return the address and the token that a bot needs to connect."""
        return self.told["api"], self.told["gateway"], self.told["token"]

    async def takes(self, channel: str, components: list[dict[str, Any]]) -> dict[str, Any]:
        """Post these components as the bot, past every bot; return the message."""
        body = {"flags": 1 << 15, "components": components, "allowed_mentions": {"parse": []}}
        headers = {"Authorization": f"Bot {self.told['token']}"}
        address = f"{self.told['api']}/channels/{channel}/messages"
        async with self.session.post(address, json=body, headers=headers) as response:
            posted: dict[str, Any] = await response.json()
            if response.status != 200:
                raise RuntimeError(f"the copy of a post: {posted}")
            return posted


class Bot:
    """A bot in a process of its own. ``first`` is what it said when it was ready."""

    def __init__(self, process: asyncio.subprocess.Process, first: dict[str, float]) -> None:
        self._process = process
        self.first = first

    async def tells(self) -> dict[str, float]:
        """Return ``processor`` in seconds and ``resident`` in MiB, up to now."""
        assert self._process.stdin is not None, "it is a pipe"
        self._process.stdin.write(b"\n")
        told: dict[str, float] = await _told(self._process)
        return told


@asynccontextmanager
async def loopback(**rules: object) -> AsyncIterator[Loopback]:
    """Start a Discord in a process of its own, with these rules; end it at the end."""
    async with serving("tests.loopback.discord", rules) as (told, session):
        yield Loopback(told, session)


@asynccontextmanager
async def serving(
    module: str, rules: Mapping[str, object]
) -> AsyncIterator[tuple[dict[str, str], aiohttp.ClientSession]]:
    """Yield the first report of a server in a process of its own, and a session to drive it."""
    async with _process(module, "--rules", json.dumps(rules)) as process:
        told = await _told(process)
        timeout = aiohttp.ClientTimeout(total=None)
        async with aiohttp.ClientSession(told["url"], timeout=timeout) as session:
            yield told, session


@asynccontextmanager
async def helper(module: str) -> AsyncIterator[Any]:
    """Start ``python -m module``; yield what it told in its first line. End it at the end."""
    async with _process(module) as process:
        yield await _told(process)


@asynccontextmanager
async def bot(module: str, *arguments: str) -> AsyncIterator[Bot]:
    """Start ``python -m module`` and wait until it is ready; end it at the end."""
    async with _process(module, *arguments) as process:
        yield Bot(process, await _told(process))


@asynccontextmanager
async def _process(module: str, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Yield a process that ends with its standard input, which is held open until the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments,
        cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=LONGEST_LINE,
    )  # fmt: skip
    try:
        yield process
    finally:
        assert process.stdin is not None, "it is a pipe"
        process.stdin.close()
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _told(process: asyncio.subprocess.Process) -> Any:
    """Return the next line of a process. Raises RuntimeError when it says nothing any more."""
    assert process.stdout is not None, "it is a pipe"
    line = await asyncio.wait_for(process.stdout.readline(), START_WITHIN)
    if not line:
        raise RuntimeError("a process of the measurement ended early; what it said is above")
    return json.loads(line)
