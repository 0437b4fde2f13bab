"""Slack, over a loopback server in a process of its own: clicks, and posts that are due at once."""

from __future__ import annotations

import asyncio

from bench import slack_clicks, slack_posts
from bench.environment import folder
from bench.figure import Figure
from bench.steps import Steps


def measure(steps: Steps, *, quick: bool = False) -> list[Figure]:
    """All figures; ``quick`` takes a fifth to a tenth of everything, in a minute and a half."""
    return asyncio.run(_measure(steps, quick=quick))


async def _measure(steps: Steps, *, quick: bool) -> list[Figure]:
    with folder() as place:
        figures = await slack_clicks.measure(steps, place, quick=quick)
    with folder() as place:
        return figures + await slack_posts.measure(steps, place, quick=quick)
