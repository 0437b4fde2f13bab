"""kill -9 of ``milepost run`` on Discord while people answer and posts go out, on SQLite and on PostgreSQL.

A loopback Discord in a process of its own sees what people see. On PostgreSQL three processes share one
database, each with its share of the shards. Half of the kills come at random moments, half at the points
that ``dying.py`` names; another process stands still before each two, for longer than its leases last.
``make crash`` kills 300 times on each; ``CRASH_SEED`` repeats a run's choices.
"""

import asyncio
import contextlib
import datetime as dt
import itertools
import os
import random
import re
import signal
import sqlite3
import sys
from collections import Counter
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass

import asyncpg
import pytest

from bot.chat import decode
from tests.endtoend.dying import POINTS
from tests.endtoend.running import environment, milepost
from tests.loopback.driven import driven

KILLS = int(os.environ.get("CRASH_KILLS", "10"))
"""On each kind of database."""

SEED = int(os.environ.get("CRASH_SEED") or random.randrange(10**9))
PEOPLE = 6
"""In each server."""

PATIENCE = 120.0
"""Seconds after which something counts as hung."""

LEASE = 1.0
LONGER_THAN_LEASES = 1.1 * LEASE, 2 * LEASE
"""Seconds for which a worker stands still before another one is killed."""

AT_RANDOM = "at a random moment"
PASSAGES = 3
"""A point is passed so often at most; there the process is killed."""

LOOKED_AT = 5
"""Number of a channel's latest posts that people look at."""

QUIET = 3
"""Channels of each server in which nobody asks or answers; scheduled posts come in each, minutes apart."""

PLAN = {"pack": "backend-python", "zone": "UTC", "days": "daily"}
VERDICTS = ("### ✓ Correct", "### ✗ Not quite")
_LEDGER = "SELECT message_id FROM post WHERE message_id IS NOT NULL"
_WAITING = (
    "SELECT (SELECT count(*) FROM post WHERE state = 'planned')"
    " + (SELECT count(*) FROM delivery WHERE kind = 'edit')"
)
_SCHEDULED = "SELECT count(*) FROM post WHERE schedule_id IS NOT NULL AND state IN ('sent', 'closed')"
_COUNTS = (
    "SELECT post.message_id, count(answer.id) FROM post LEFT JOIN answer ON answer.post_id = post.id"
    " WHERE post.kind = 'quiz' AND post.state IN ('sent', 'closed') GROUP BY post.message_id"
)
_DUE = "SELECT count(*) FROM schedule WHERE next_due_at <= {now}"
_COUNT = re.compile(r"\b(\d+) answers?\b")
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
            "MILEPOST_ASK_AGAIN_SECONDS": "0",
            "MILEPOST_LEASE_SECONDS": str(LEASE),
            "DISCORD_TOKEN": discord["token"],
            "DISCORD_API_URL": discord["api"],
            "DISCORD_GATEWAY_URL": discord["gateway"],
            "DISCORD_SHARDS": f"{number}/{of}",
        }
        self._process = None
        self.log = folder / f"worker-{number}.log"

    async def start(self, *program):
        """Until it says that it is connected; a program that dies by itself may be dead by then."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *(program or ("milepost", "run")), cwd=self._folder,
                env=environment(**self._settings), stdout=asyncio.subprocess.PIPE, stderr=log,
            )  # fmt: skip
        said = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE)
        assert b"connected" in said or program, self.log.read_text()

    async def dies(self, point, passage):
        """It is started, and is killed at a point when it passes that for so many times."""
        await self.start("tests.endtoend.dying", point, str(passage))
        died = await asyncio.wait_for(self._process.wait(), PATIENCE)
        assert died == -signal.SIGKILL, self.log.read_text()

    async def kill(self):
        """As a power cut would."""
        self._process.kill()
        await self._process.wait()

    async def stands_still(self, seconds):
        """As on a machine that is suspended: what it leased is taken over, and then it goes on."""
        self._process.send_signal(signal.SIGSTOP)
        await moment(seconds)
        self._process.send_signal(signal.SIGCONT)

    async def stop(self):
        """As an operator would."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(self._process.wait(), PATIENCE)


class Study:
    """Acts and observations of people. ``told`` has the verdicts that were read: (message, person)."""

    def __init__(self, server, chance):
        self._server = server
        self._chance = chance
        self._changed = asyncio.Event()
        self.groups = []
        self.told = set()
        self._pressed = set()

    async def gathers(self, servers):
        """A server for each shard, with its people, its organiser, a busy channel and quiet ones."""
        for shard in range(servers):
            guild = (await self._does("guild", shard=shard))["id"]
            olga = (await self._does("member", name="Olga", guild=guild, permissions=32))["id"]
            people = [(await self._does("member", name=f"P{n}", guild=guild))["id"] for n in range(PEOPLE)]
            for busy in (people, *([],) * QUIET):
                channel = (await self._does("channel", guild=guild))["id"]
                self.groups.append((channel, olga, busy))

    async def founds(self):
        """A study group in each channel, whose posts come some minutes from now."""
        now = dt.datetime.now(dt.UTC)
        for (channel, olga, _), minutes in zip(self.groups, itertools.cycle(range(1, QUIET + 2))):
            given = PLAN | {"time": f"{now + dt.timedelta(minutes=minutes):%H:%M}"}
            shown = await self._does(
                "uses", person=olga, channel=channel, command="study setup", given=given
            )
            assert "set up" in shown["text"], shown

    async def asks(self):
        """Each organiser asks for question after question in the busy channel."""
        while True:
            for channel, olga, people in self.groups:
                asks = {"person": olga, "channel": channel, "given": {"kind": "quiz"}}
                if people:
                    await self._does("uses", command="study post-now", **asks)
            await moment(0.5)

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
        """All messages that everybody sees, by id."""
        return [
            (message["id"], str(message["components"]))
            for channel, _, _ in self.groups
            for message in await self._server.tells(f"messages/{channel}")
            if message["only"] is None
        ]

    async def _question(self, channel, person):
        for message in await self._server.tells(f"messages/{channel}?newest={LOOKED_AT}"):
            offered = list(buttons(message))
            if offered and (message["id"], person) not in self._pressed:
                return message["id"], person, self._chance.choice(offered)
        return None

    async def _does(self, verb, **given):
        return await self._server.does(verb, **given)


def buttons(message):
    """The ids of a question's answer buttons."""
    for row in message["components"][0]["components"]:
        for part in row.get("components", ()):
            if "custom_id" not in part:
                continue
            action = decode(part["custom_id"])
            if action.route == "quiz.answer" and "o" in action.params:  # a letter, not a menu of several
                yield part["custom_id"]


async def rows(url, query):
    """Rows that a query finds in the database."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True)) as file:
            return file.execute(query).fetchall()
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def kill_and_check(folder, url, workers, chance):
    """Kill workers while people answer; what was killed where, read and posted, when all is quiet."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(driven("tests.loopback.discord"))
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
        kills = Counter()
        for point in itertools.islice(points(chance), KILLS // 2):
            await study.until_told(len(study.told) + chance.randint(1, 8))
            victim, *others = chance.sample(running, len(running))
            for other in others[:1]:
                await other.stands_still(chance.uniform(*LONGER_THAN_LEASES))
            await moment(chance.uniform(0, 0.05))
            await victim.kill()
            await victim.dies(point, chance.randint(1, PASSAGES))
            await victim.start()
            kills.update((AT_RANDOM, point))
        for task in doing:
            task.cancel()
        await asyncio.gather(*doing, return_exceptions=True)
        await nothing_waits(url)
        for worker in running:
            # What somebody asked for at the last moment may be on its way still.
            await worker.stop()
        ledger = [message for (message,) in await rows(url, _LEDGER)]
        posts = await study.posts()
        assert sorted(ledger) == sorted(message for message, _ in posts), "each post once, and no other"
        saved = await rows(url, _ANSWERS)
        assert len(saved) == len(set(saved)), "an answer was counted twice"
        assert study.told <= set(saved), "a verdict was read whose answer is lost"
        shown = dict(posts)
        for message, count in await rows(url, _COUNTS):
            found = _COUNT.search(shown[message])
            assert found is None or int(found[1]) == count, "an old count stayed"
        ((scheduled,),) = await rows(url, _SCHEDULED)
        return Tale(kills, len(study.told), len(saved), len(ledger), scheduled)


@dataclass(frozen=True)
class Tale:
    """Totals of a run: kills by point, verdicts read, answers saved, posts, and scheduled posts."""

    kills: Counter
    verdicts: int
    answers: int
    posts: int
    scheduled: int

    def __str__(self):
        points = "".join(f"\n  {number} {point}" for point, number in self.kills.most_common())
        return (
            f"{self.kills.total()} kills, {self.verdicts} verdicts read, {self.answers} answers saved,"
            f" {self.posts} posts, {self.scheduled} of them by the clock:{points}"
        )


def points(chance):
    """The points for the kills, each as often as the others."""
    some = list(POINTS)
    chance.shuffle(some)
    return itertools.cycle(some)


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
    tale = asyncio.run(kill_and_check(tmp_path, url, workers, random.Random(SEED)))
    verified = milepost("db", "verify", "--json", cwd=tmp_path, MILEPOST_DATABASE_URL=url)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    with capsys.disabled(), contextlib.suppress(OSError):
        sys.stderr.write(f"\n{workers} processes on {url.partition(':')[0]}, CRASH_SEED={SEED}: {tale}\n")
