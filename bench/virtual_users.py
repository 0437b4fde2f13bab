"""A server full of people who press buttons, and the bot that acknowledges them."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from bench.loopback import Bot, Loopback, Server, bot
from bot.chat import decode

CHANNELS, MEMBERS = 2, 100
MANAGE_SERVER = 1 << 5
QUIET = 12
"""Seconds without a request after which a bot has nothing more to edit: two edits are ten apart."""

Question = dict[str, Any]
"""A message, as the platform tells it."""


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds of each click up to its acknowledgement, of all, and of processor time of bot and server.

    ``answered`` is the second by which everybody had their answer.
    """

    each: tuple[float, ...]
    whole: float
    answered: float
    bot: float
    server: float

    @property
    def rate(self) -> float:
        """Return clicks a second."""
        return len(self.each) / self.whole

    @property
    def processor(self) -> float:
        """Return the bot's processor time for a click, in milliseconds."""
        return self.bot / len(self.each) * 1000

    @property
    def server_rate(self) -> float:
        """Clicks a second that the server could take, from its own processor time."""
        return len(self.each) / self.server

    def percentile(self, percent: int) -> float:
        """Return a percentile of the clicks, in milliseconds."""
        return statistics.quantiles(self.each, n=100)[percent - 1] * 1000


@dataclass(frozen=True, slots=True)
class VirtualUsers:
    """People and the questions of their channels, oldest first; the bot serves them."""

    server: Server
    bot: Bot
    people: list[str]
    questions: list[list[Question]]

    answer: ClassVar[str] = ""
    """Name of the answers after the acknowledgement, as the server counts them; empty where none come."""

    async def answers(self, first: int, last: int) -> Round:
        """Have everybody answer these questions of their channel, one after another, all people at once."""
        people = {
            person: [
                self.press(question, place + number)
                for number, question in enumerate(self.questions[place % CHANNELS][first:last])
            ]
            for place, person in enumerate(self.people)
        }
        before, told = await self._used(), await self._told()
        began = time.monotonic()
        done = await self.server.does("press_all", people=people)
        while self.answer and await self._told() - told < len(done["seconds"]):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        answered = time.monotonic() - began
        after = await self._used()
        if None in done["seconds"]:
            raise RuntimeError(f"{done['seconds'].count(None)} clicks were not acknowledged")
        used = [later - earlier for earlier, later in zip(before, after, strict=True)]
        return Round(tuple(done["seconds"]), done["lasted"], answered, *used)

    def press(self, question: Question, choice: int) -> tuple[str, str]:
        """Return the message that is pressed on, and the button."""
        return question["id"], _button(question, choice)

    async def quiet(self) -> None:
        """Wait until the bot asks for nothing more."""
        seen: dict[str, int] = {}
        still = 0
        while still < QUIET:
            await asyncio.sleep(1)
            before, seen = seen, (await self.server.tells("state"))["counts"]
            still = still + 1 if seen == before else 0

    async def _told(self) -> int:
        """Return how many answers were given after the acknowledgement."""
        count: int = (await self.server.tells("state"))["counts"].get(self.answer, 0)
        return count

    async def _used(self) -> tuple[float, float]:
        """Return seconds of processor time of the bot and of the server."""
        server = (await self.server.tells("state"))["processor"]
        return (await self.bot.tells())["processor"], server


@asynccontextmanager
async def before_milepost(discord: Loopback, place: Path, wanted: int) -> AsyncIterator[VirtualUsers]:
    """Yield virtual users before Milepost: a group in each channel, with so many questions asked for."""
    env = await _full_server(discord)
    groups = [(env["id"], channel) for channel in env["channels"]]
    (place / "groups.json").write_text(json.dumps(groups), encoding="utf-8")
    organiser = await discord.does("member", name="Olga", guild=env["id"], permissions=MANAGE_SERVER)
    asking = {"person": organiser["id"], "command": "study post-now", "given": {"kind": "quiz"}}
    async with bot("bench.serving", str(place), *discord.address) as milepost:
        asked = (discord.asks(channel, wanted, **asking) for channel in env["channels"])
        questions = await asyncio.gather(*asked)
        yield VirtualUsers(discord, milepost, env["members"], questions)


@asynccontextmanager
async def before_bare(discord: Loopback, like: VirtualUsers) -> AsyncIterator[VirtualUsers]:
    """Yield virtual users with equal names and messages before a bot that only acknowledges."""
    env = await _full_server(discord)
    questions = [
        [await discord.takes(channel, question["components"]) for question in asked]
        for channel, asked in zip(env["channels"], like.questions, strict=True)
    ]
    async with bot("bench.bare", "clicks", *discord.address) as bare:
        yield VirtualUsers(discord, bare, env["members"], questions)


async def _full_server(discord: Loopback) -> dict[str, Any]:
    made = await discord.does("populate", guilds=1, members=CHANNELS * MEMBERS, channels=CHANNELS)
    env: dict[str, Any] = made[0]
    return env


def _button(question: Question, choice: int) -> str:
    """Return the id of one of a question's answer buttons."""
    rows = question["components"][0]["components"]
    ids = [part["custom_id"] for row in rows for part in row.get("components", ()) if "custom_id" in part]
    answers: list[str] = [found for found in ids if decode(found).route == "quiz.answer"]
    return answers[choice % len(answers)]
