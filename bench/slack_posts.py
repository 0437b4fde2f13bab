"""Figure of posts that are due at once in many workspaces, over the loopback Slack with its limits."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

from bench.figure import Figure, times
from bench.loopback import bot
from bench.slack_server import SlackServer, slack
from bench.steps import Steps

POSTS, TEAMS = 2000, 50
A_MINUTE = 300
"""Posts that the server takes of a workspace in a minute; all of its workspaces together are the limit."""

PATIENCE = 60.0
"""Seconds without a post after which it is given up."""

POST = "chat.postMessage"


async def measure(steps: Steps, place: Path, *, quick: bool) -> list[Figure]:
    """Posts a second from the first to the last, in the server's record."""
    wanted = POSTS // 5 if quick else POSTS
    allowed = TEAMS * A_MINUTE / 60
    async with slack() as server:
        with steps.step(f"{wanted:,} channels made"):
            made = await server.does("populate", teams=TEAMS, members=0, channels=wanted // TEAMS)
        groups = [(team["id"], channel) for team in made for channel in team["channels"]]
        (place / "groups.json").write_text(json.dumps(groups), encoding="utf-8")
        tokens = {team["id"]: team["token"] for team in made}
        (place / "tokens.json").write_text(json.dumps(tokens), encoding="utf-8")
        (place / "due").touch()
        async with bot("bench.slack_serving", str(place), *server.address) as milepost:
            with steps.step(f"{wanted:,} posts due at once"):
                await server.takes_all(f"{POST} 200", wanted, PATIENCE)
            used = (await milepost.tells())["processor"] - milepost.first["processor"]
        at = await _times(server)
        too_many = await server.faultless()
    if len(at) != wanted:
        raise RuntimeError(f"{len(at):,} posts of {wanted:,} arrived")
    rate = (len(at) - 1) / (at[-1] - at[0])
    longest = max(later - earlier for earlier, later in pairwise(at))
    what = f"Posts a second, {wanted:,} due at once in {wanted:,} channels of {TEAMS} workspaces"
    limit = f"the {allowed:.0f} that Slack takes"
    return [
        Figure("slack.posts", what, rate, "/s", "≥ 0.90 ×", times(rate, allowed, limit)),
        Figure("slack.posts_too_many", "Of which Slack put off (429)", too_many, "", "0"),
        Figure("slack.posts_pause", "Longest pause between two of them", longest * 1000, "ms"),
        Figure(
            "slack.posts_processor",
            "Processor time of one of them, planned and sent",
            used / wanted * 1000,
            "ms",
        ),
    ]


async def _times(server: SlackServer) -> list[float]:
    """Return when each post was taken, in monotonic seconds."""
    calls = await server.tells("calls")
    return sorted(
        call["at"]
        for call in calls
        if call["method"] == POST and call["status"] == 200 and not call["error"]
    )
