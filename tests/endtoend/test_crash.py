"""kill -9 of ``milepost run`` on Discord while people answer and posts go out, on SQLite and on PostgreSQL.

A loopback Discord in a process of its own sees what people see. On PostgreSQL three processes share one
database, each with its share of the shards. ``make crash`` kills 150 times on each; ``CRASH_SEED`` repeats
a run's choices.
"""

import asyncio
import contextlib
import os
import random
import signal
import sqlite3
import sys
from contextlib import AsyncExitStack, closing

import asyncpg
import pytest

from bot import decode
from tests.endtoend.running import environment, milepost
from tests.loopback.driven import driven

KILLS = int(os.environ.get("CRASH_KILLS", "5"))
SEED = int(os.environ.get("CRASH_SEED") or random.randrange(10**9))
PEOPLE = 6
"""In each server."""

PATIENCE = 120.0
"""Seconds after which something counts as hung."""

PLAN = {"pack": "backend-python", "zone": "UTC", "time": "09:00", "days": "daily"}
VERDICTS = ("### ✓ Correct", "### ✗ Not quite")
_LEDGER = "SELECT message_id FROM post WHERE message_id IS NOT NULL"
_WAITING = "SELECT count(*) FROM post WHERE state = 'planned'"
_ANSWERS = (
    "SELECT post.message_id, account.user_id FROM answer"
    " JOIN post ON post.id = answer.post_id JOIN account ON account.member_id = answer.member_id"
)


class Worker:
    """One ``milepost run``."""

    def __init__(self, folder, number, of, url, discord):
        self._folder = folder
        self._settings = {
            "MILEPOST_DATABASE_URL": url,
            "MILEPOST_PLATFORMS": "discord",
            "MILEPOST_TICK_SECONDS": "0.2",
            "MILEPOST_LEASE_SECONDS": "1",
            "DISCORD_TOKEN": discord["token"],
            "DISCORD_API_URL": discord["api"],
            "DISCORD_GATEWAY_URL": discord["gateway"],
            "DISCORD_SHARDS": f"{number}/{of}",
        }
        self._process = None
        self.log = folder / f"worker-{number}.log"

    async def start(self):
        """Until it says that it is connected."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=self._folder, env=environment(**self._settings),
                stdout=asyncio.subprocess.PIPE, stderr=log,
            )  # fmt: skip
        said = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE)
        assert b"connected" in said, self.log.read_text()

    async def kill(self):
        """As a power cut would."""
        self._process.kill()
        await self._process.wait()

    async def stop(self):
        """As an operator would."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(self._process.wait(), PATIENCE)


class Study:
    """What people do and see. ``told`` are the verdicts that somebody read: (message, person)."""

    def __init__(self, server, chance):
        self._server = server
        self._chance = chance
        self._changed = asyncio.Event()
        self.groups = []
        self.told = set()
        self._pressed = set()

    async def gathers(self, servers):
        """A server for each shard, with its people, its organiser and a channel."""
        for shard in range(servers):
            guild = (await self._does("guild", shard=shard))["id"]
            channel = (await self._does("channel", guild=guild))["id"]
            olga = (await self._does("member", name="Olga", guild=guild, permissions=32))["id"]
            people = [(await self._does("member", name=f"P{n}", guild=guild))["id"] for n in range(PEOPLE)]
            self.groups.append((channel, olga, people))

    async def founds(self):
        """A study group in each channel."""
        for channel, olga, _ in self.groups:
            shown = await self._does(
                "uses", person=olga, channel=channel, command="study setup", given=PLAN
            )
            assert "set up" in shown["text"], shown

    async def asks(self):
        """Each organiser asks for question after question."""
        while True:
            for channel, olga, _ in self.groups:
                asks = {"person": olga, "channel": channel, "given": {"kind": "quiz"}}
                await self._does("uses", command="study post-now", **asks)
            await moment(0.3)

    async def answers(self, channel, person):
        """One person answers what they have not answered, the newest first."""
        while True:
            press = await self._question(channel, person)
            if press is None:
                await moment(0.1)
                continue
            self._pressed.add(press[:2])
            shown = await self._does("presses", person=person, message=press[0], button=press[2])
            if (shown["text"] or "").startswith(VERDICTS):
                self.told.add(press[:2])
                self._changed.set()

    async def until_told(self, number):
        """Until so many verdicts were read."""
        async with asyncio.timeout(PATIENCE):
            while len(self.told) < number:
                self._changed.clear()
                await self._changed.wait()

    async def posts(self):
        """The ids of all messages that everybody sees."""
        return [m["id"] for channel, _, _ in self.groups for m in await self._public(channel)]

    async def _question(self, channel, person):
        for message in reversed(await self._public(channel)):
            offered = list(buttons(message))
            if offered and (message["id"], person) not in self._pressed:
                return message["id"], person, self._chance.choice(offered)
        return None

    async def _public(self, channel):
        return [m for m in await self._server.tells(f"messages/{channel}") if m["only"] is None]

    async def _does(self, verb, **given):
        return await self._server.does(verb, **given)


def buttons(message):
    """The ids of a question's answer buttons."""
    for row in message["components"][0]["components"]:
        for part in row.get("components", ()):
            if "custom_id" in part and decode(part["custom_id"]).route == "quiz.answer":
                yield part["custom_id"]


async def rows(url, query):
    """What the database holds."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True)) as file:
            return file.execute(query).fetchall()
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def kill_and_check(folder, url, workers, chance):
    """Kill workers at random moments; the verdicts that were read, and the posts, when all is quiet."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(driven("tests.loopback_discord"))
        study = Study(server, chance)
        await study.gathers(workers)
        running = [Worker(folder, number, workers, url, server.addresses) for number in range(workers)]
        for worker in running:
            stack.push_async_callback(worker.stop)
            await worker.start()
        await study.founds()
        doing = [asyncio.create_task(study.asks())]
        for channel, _, people in study.groups:
            doing += [asyncio.create_task(study.answers(channel, person)) for person in people]
        for _ in range(KILLS):
            await study.until_told(len(study.told) + chance.randint(1, 20))
            victim = chance.choice(running)
            await moment(chance.uniform(0, 0.05))
            await victim.kill()
            await victim.start()
        for task in doing:
            task.cancel()
        await asyncio.gather(*doing, return_exceptions=True)
        await nothing_waits(url)
        for worker in running:
            # What somebody asked for at the last moment may be on its way still.
            await worker.stop()
        ledger = [message for (message,) in await rows(url, _LEDGER)]
        assert sorted(ledger) == sorted(await study.posts()), "each post once, and no other"
        saved = await rows(url, _ANSWERS)
        assert len(saved) == len(set(saved)), "an answer was counted twice"
        assert study.told <= set(saved), "a verdict was read whose answer is lost"
        return study.told, ledger


async def moment(seconds):
    """A random moment, in which a kill comes."""
    over = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, over.set)
    await over.wait()


async def nothing_waits(url):
    """Until every post that was planned has been sent: the leases of the dead end within a second."""
    async with asyncio.timeout(PATIENCE):
        while (await rows(url, _WAITING))[0][0]:
            await moment(0.1)


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request, tmp_path):
    """A database and how many processes serve it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'milepost.db'}", 1
    return request.getfixturevalue("server_url"), 3


def test_no_post_comes_twice_and_no_answer_is_lost_by_kill_9(shared, tmp_path, capsys):
    url, workers = shared
    told, ledger = asyncio.run(kill_and_check(tmp_path, url, workers, random.Random(SEED)))
    verified = milepost("db", "verify", "--json", cwd=tmp_path, MILEPOST_DATABASE_URL=url)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    with capsys.disabled(), contextlib.suppress(OSError):
        sys.stderr.write(
            f"\n{KILLS} kills of {workers} processes on {url.partition(':')[0]}: {len(told)} verdicts read,"
            f" {len(ledger)} posts (CRASH_SEED={SEED})\n"
        )
