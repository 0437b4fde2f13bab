"""Figures of clicks over the loopback Slack: Milepost's verdicts against a Bolt app that only acknowledges.

Measured as in ``bench.clicks``, in Socket Mode.
"""

from __future__ import annotations

import asyncio
import json
import statistics
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bench.clicks import QUESTIONS, ROUNDS, figures, rounds
from bench.figure import Figure
from bench.loopback import bot
from bench.slack_server import SlackServer, slack
from bench.steps import Steps
from bench.virtual_users import CHANNELS, MEMBERS, Question, Round, VirtualUsers

BARE = "Bolt that only acknowledges"
LETTERS = "AB"
"""Buttons that every question has."""


class SlackVirtualUsers(VirtualUsers):
    """People in a workspace, with a bot that only acknowledges."""

    def press(self, question: Question, choice: int) -> tuple[str, str]:
        """Return a post, and the letter of an answer."""
        return question["surface"], LETTERS[choice % len(LETTERS)]


class AnsweredVirtualUsers(SlackVirtualUsers):
    """People in a workspace with Milepost, which tells the verdict after the acknowledgement."""

    answer = "response_url 200"


async def measure(steps: Steps, place: Path, *, quick: bool) -> list[Figure]:
    """Rates, times and processor time of both. Raises RuntimeError when a click is lost or late."""
    questions = QUESTIONS // 5 if quick else QUESTIONS
    async with (
        slack() as here,
        slack(limited=False) as there,
        _before_milepost(here, place, questions * (1 + ROUNDS)) as ours,
        _before_bare(there, ours) as bare,
    ):
        found = await rounds(steps, ours, bare, questions)
        too_many = await here.faultless()
        await there.faultless()
    put_off = Figure("slack.clicks_too_many", "Calls beside them that Slack put off (429)", too_many, "")
    return [*figures("slack", BARE, *found), _answered(found[0]), put_off]


def _answered(ours: Sequence[Round]) -> Figure:
    rate = statistics.median(len(one.each) / one.answered for one in ours)
    return Figure(
        "slack.clicks_answered", "Verdicts a second that came with them, each saved first", rate, "/s"
    )


@asynccontextmanager
async def _before_milepost(server: SlackServer, place: Path, wanted: int) -> AsyncIterator[VirtualUsers]:
    """Yield virtual users before Milepost: a group in each channel, with so many questions asked for."""
    env = await _full_workspace(server)
    groups = [(env["id"], channel) for channel in env["channels"]]
    (place / "groups.json").write_text(json.dumps(groups), encoding="utf-8")
    (place / "tokens.json").write_text(json.dumps({env["id"]: env["token"]}), encoding="utf-8")
    olga = (await server.does("member", name="Olga", team=env["id"], admin=True))["id"]
    asking = {"person": olga, "command": "/study", "text": "post-now quiz"}
    async with bot("bench.slack_serving", str(place), *server.address) as milepost:
        asked = (server.asks(channel, wanted, **asking) for channel in env["channels"])
        questions = await asyncio.gather(*asked)
        yield AnsweredVirtualUsers(server, milepost, env["members"], questions)


@asynccontextmanager
async def _before_bare(server: SlackServer, like: VirtualUsers) -> AsyncIterator[VirtualUsers]:
    """Yield virtual users with equal names and messages before a bot that only acknowledges."""
    env = await _full_workspace(server)
    questions = [
        [{"surface": await server.posted(env["token"], channel, post["blocks"])} for post in asked]
        for channel, asked in zip(env["channels"], like.questions, strict=True)
    ]
    async with bot("bench.slack_bare", *server.address, env["token"]) as bare:
        yield SlackVirtualUsers(server, bare, env["members"], questions)


async def _full_workspace(server: SlackServer) -> dict[str, Any]:
    made = await server.does("populate", teams=1, members=CHANNELS * MEMBERS, channels=CHANNELS)
    env: dict[str, Any] = made[0]
    return env
