"""kill -9 while people answer: what was acknowledged is kept, and the page goes on where it was.

``KILLS=200 pytest tests/endtoend/test_kill.py -s`` kills longer; ``KILL_SEED`` repeats a run's choices.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import random
import sqlite3
import sys
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiohttp
import pytest

from bot.chat import decode
from bot.chat.events import EVENT_DIGEST
from tests.endtoend.running import Demo, milepost
from tests.endtoend.window import Changed, Entry, Window, answered_by, buttons, opened
from tests.support.people import world_at

# Without Milepost's prefix, which would make them settings.
KILLS = int(os.environ.get("KILLS", "10"))
SEED = int(os.environ.get("KILL_SEED") or random.randrange(10**9))
PEOPLE = ("maya", "ana", "ben", "chidi")
STARTS_KILLED = 0.2
HANDS = 2
"""Number of things that each person does at once."""

LEASE_SECONDS = "1"
"""A post that was being sent when its sender died is sent again after this time."""

UUID = len(str(uuid.uuid4()))
ANSWERS = {"quiz.answer", "practice.answer"}
VERDICTS = ("Correct.", "Not quite.")
CLOSED = "This question is closed."
GONE = (aiohttp.ClientError, ConnectionError)


@dataclass
class Press:
    """One press of an answer's button. ``acknowledged``: the page was told that it was served.

    ``refused``: it was told that the button is no longer there, as when the question closes meanwhile.
    """

    person: str
    message: str
    action: str
    event: str = field(default_factory=lambda: str(uuid.uuid4()))
    acknowledged: bool = False
    refused: bool = False


@dataclass
class Study:
    """Memory of the test over all kills, as people would remember."""

    chance: random.Random
    presses: dict[tuple[str, str], Press] = field(default_factory=dict)
    seen: dict[tuple[str, str], str] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    start_takes: float = 2.0

    @property
    def acknowledged(self) -> list[Press]:
        return [press for press in self.presses.values() if press.acknowledged]

    async def press(self, window: Window, press: Press) -> None:
        self.presses[press.person, press.message] = press
        try:
            await window.post("/press", message=press.message, action=press.action, event=press.event)
            press.acknowledged = True
        except Changed:
            press.refused = True

    def choose(self, window: Window) -> Press | None:
        """A button of the newest question that this person has not answered, if there is one."""
        for entry in reversed(window.entries.values()):
            offered = answers_on(entry)
            if offered and (window.person, entry["id"]) not in self.presses:
                return Press(window.person, entry["id"], self.chance.choice(offered))
        return None

    def look(self, windows: list[Window]) -> None:
        """Remember every message that a window shows."""
        for window in windows:
            for entry in window.entries.values():
                self.seen[window.person, entry["id"]] = entry["line"]


def answers_on(entry: Entry) -> list[str]:
    return [action for _, action in buttons(entry) if decode(action).route in ANSWERS]


@contextlib.asynccontextmanager
async def everyone(demo: Demo) -> AsyncIterator[list[Window]]:
    async with AsyncExitStack() as stack:
        opening = (stack.enter_async_context(opened(demo.address, person)) for person in PEOPLE)
        yield [await window for window in opening]


async def studies(study: Study, window: Window) -> None:
    """One hand of a person: answer what there is, else ask for practice, now and then move the clock."""
    with contextlib.suppress(*GONE):
        while True:
            if window.person == "maya" and study.chance.random() < 0.1:
                await window.post("/clock", step=study.chance.choice(["next", "day"]))
            press = study.choose(window)
            if press:
                await study.press(window, press)
            else:
                await window.post("/say", text="/quiz")


async def answer_until_killed(study: Study, demo: Demo) -> None:
    """Everybody studies; after some answers and a moment more, the process is gone."""
    enough = len(study.acknowledged) + study.chance.randint(1, 25)
    async with everyone(demo) as windows:
        hands = [asyncio.create_task(studies(study, window)) for window in windows for _ in range(HANDS)]
        async with asyncio.timeout(60):
            await windows[1].sees(lambda: len(study.acknowledged) >= enough)
        dead = asyncio.Event()
        asyncio.get_running_loop().call_later(study.chance.uniform(0, 0.03), dead.set)
        await dead.wait()
        demo.kill()
        await asyncio.gather(*hands)
        study.look(windows)
    study.kills["while answering"] += 1


def start(study: Study, demo: Demo) -> None:
    """Start; now and then a kill comes in the middle of that, and it is started again."""
    while study.chance.random() < STARTS_KILLED:
        told = demo.start(patience=study.chance.uniform(0.1, study.start_takes))
        demo.kill()
        study.kills["after a start" if told else "while starting"] += 1
    began = time.monotonic()
    assert demo.start()
    study.start_takes = time.monotonic() - began


@contextlib.contextmanager
def reading(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        yield connection


def check_the_file(study: Study, demo: Demo) -> None:
    """Straight after the kill: the file is whole, and holds each answer that its giver saw a verdict on."""
    with reading(demo.database) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        known = {stored(press): press.event for press in study.presses.values()}
        events = [known.get(event, event) for (event,) in file.execute("SELECT event_id FROM answer")]
    assert len(set(events)) == len(events), "an answer was counted twice"
    shown = replies_in(demo.folder / "playground.jsonl")
    for press in study.acknowledged:
        said = shown.get(press.event)
        assert said, f"{press} was acknowledged, and its reply is lost"
        assert (press.event in events) == said.startswith(VERDICTS), f"{press}: {said}"
    assert set(events) <= {press.event for press in study.presses.values()}, "nobody gave that answer"


def stored(press: Press) -> str:
    """Digest that the database stores for a press."""
    person = press.person
    whole = f"playground|playground|{person}|playground:{person}:{press.event}"
    return hashlib.sha256(whole.encode()).hexdigest()[:EVENT_DIGEST]


def replies_in(transcript: Path) -> dict[str, str]:
    """Latest reply to each event. The last line may be torn: its writer was killed."""
    said = {}
    for line in transcript.read_bytes().split(b"\n")[:-1]:
        entry = json.loads(line).get("entry")
        if entry and entry["message"]:
            said[entry["key"][-UUID:]] = entry["message"]["summary"]
    return said


async def check_the_page(study: Study, demo: Demo) -> None:
    """After the restart: all is there, what was cut off can be sent again, and every old button works."""
    async with everyone(demo) as windows:
        for window in windows:
            await window.look_back()
        shown = {(window.person, entry) for window in windows for entry in window.entries}
        assert not study.seen.keys() - shown, "messages have gone"
        for window in windows:
            for press in [p for p in study.presses.values() if p.person == window.person]:
                if not press.acknowledged and not press.refused:
                    await study.press(window, press)
                    await verdict(window, press)
            await check_old_buttons(study, window)
        study.look(windows)


async def check_old_buttons(study: Study, window: Window) -> None:
    """Press every question of before that is unanswered, and an answered one for a second time."""
    while press := study.choose(window):
        await study.press(window, press)
        said = await verdict(window, press)
        assert said.startswith((*VERDICTS, CLOSED)), said
    mine = [press for press in study.acknowledged if press.person == window.person]
    if mine:
        old = study.chance.choice(mine)
        before = len(replies_to(window, old.message))
        with contextlib.suppress(Changed):
            await window.post("/press", message=old.message, action=old.action)
            await window.sees(lambda: len(replies_to(window, old.message)) > before)
            said = replies_to(window, old.message)[-1]["line"]
            assert said.startswith(("You've already answered this one", CLOSED)), said


async def verdict(window: Window, press: Press) -> str:
    """Reply that the person gets to a press: the verdict under the message, or that its button is gone."""
    if press.refused:
        return CLOSED
    found = await window.sees(lambda: replies_to(window, press.message))
    return str(found[-1]["line"])


def replies_to(window: Window, message: str) -> list[Entry]:
    return [entry for entry in window.entries.values() if answered_by(entry) == message]


async def check_nothing_twice(demo: Demo) -> int:
    """Each post of the ledger stands in the channel exactly once, and nothing else does."""
    async with opened(demo.address, "ben") as window:
        # Whoever was sending when it was killed: its lease ends, and the next pass finds the post.
        await window.sees(lambda: not posts_in(demo.database, "state = 'planned'"))
        await window.look_back()
        channel = [e for e in window.entries.values() if e["channel"] == "backend" and not e["private"]]
        posts = posts_in(demo.database, "message_id IS NOT NULL")
        assert sorted(posts) == sorted(entry["id"] for entry in channel if not entry["author"])
        return len(posts)


def posts_in(database: Path, where: str) -> list[str]:
    with reading(database) as file:
        return [message for (message,) in file.execute(f"SELECT message_id FROM post WHERE {where}")]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(tmp_path / "demo", cwd=tmp_path, MILEPOST_LEASE_SECONDS=LEASE_SECONDS)
    yield demo
    demo.stop()


def test_nothing_acknowledged_is_lost_by_kill_9(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    study = Study(random.Random(SEED))
    start(study, demo)
    while study.kills.total() < KILLS:
        asyncio.run(answer_until_killed(study, demo))
        check_the_file(study, demo)
        start(study, demo)
        asyncio.run(check_the_page(study, demo))
    posts = asyncio.run(check_nothing_twice(demo))
    demo.kill()
    url = f"sqlite:///{demo.database}"
    verified = milepost("db", "verify", "--json", cwd=demo.folder, MILEPOST_DATABASE_URL=url)
    assert (verified.returncode, json.loads(verified.stdout)) == (0, {"findings": []}), verified.stderr
    assert [line for line in demo.complaints if " WARNING " not in line] == []
    with capsys.disabled():
        kills = ", ".join(f"{count} {when}" for when, count in study.kills.items())
        sys.stderr.write(
            f"\nkilled {kills} and at the end; {len(study.acknowledged)} answers, {posts} posts"
            f" (KILL_SEED={SEED})\n"
        )


async def sees_the_first_posts(demo: Demo) -> None:
    async with opened(demo.address, "ben") as ben:
        await ben.sees(lambda: ben.saying("Question of the day"))
        await ben.sees(lambda: not posts_in(demo.database, "state = 'planned'"))


def test_a_kill_between_sending_and_recording_posts_nothing_twice(demo: Demo) -> None:
    """The moment is too short to hit, so the ledger is put back to what it was before it was recorded."""
    assert demo.start()
    asyncio.run(sees_the_first_posts(demo))
    demo.kill()
    with closing(sqlite3.connect(demo.database)) as file, file:
        file.execute(
            "UPDATE post SET state = 'planned', message_id = NULL, sent_at = NULL, attempted_at = NULL"
        )
        file.execute(
            "INSERT INTO delivery"
            " (kind, platform, workspace, subject, payload, group_id, due_at, attempts, revision)"
            " SELECT 'post', platform, workspace, CAST(post.id AS TEXT), '{}', group_id, due_at, 0, 1"
            " FROM post JOIN study_group ON study_group.id = group_id"
        )
        (planned,) = file.execute("SELECT count(*) FROM post").fetchone()
    assert planned >= 2
    assert demo.start()
    assert asyncio.run(check_nothing_twice(demo)) == planned


@pytest.mark.asyncio
async def test_practice_asked_for_again_after_a_kill_can_be_answered(tmp_path: Path) -> None:
    """The reply to /quiz was lost by the kill; the platform delivers the command once more."""
    async with world_at(tmp_path) as world:
        await world.founds()
        ana = world.person("Ana")
        await ana.uses("/quiz")
    async with world_at(tmp_path, clock=world.clock, room=world.room) as world:
        again = replace(ana, world=world)
        await again.is_delivered_again()
        await again.presses("A")
        assert again.sees("Correct") or again.sees("Not quite"), again.shown()
