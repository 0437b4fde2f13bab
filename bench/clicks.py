"""Figures of clicks over the loopback Discord: verdicts against a handler that only acknowledges.

A closed loop: everybody presses one button after another, the next as soon as the last is acknowledged, so
the bot decides the pace. The bots take turns, round by round, each in a process of its own and with a
server of its own, in which the same people press buttons of the same messages. Milepost answers with the
verdict, saved on the disk before it is told, while its scheduler runs as in ``milepost run``; after each
round it is left to finish its edits. The first round, in which it meets its members, is not measured.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.figure import Figure, times
from bench.loopback import loopback
from bench.steps import Steps
from bench.virtual_users import CHANNELS, MEMBERS, Round, VirtualUsers, before_bare, before_milepost

ROUNDS = 3
QUESTIONS = 15
"""Questions answered by each member in a round."""

BARE = "discord.py that only acknowledges"
NO_LIMIT = 1_000_000
"""Requests a second, where the measurement itself posts the messages."""


async def measure(steps: Steps, place: Path, *, quick: bool) -> list[Figure]:
    """Rates, times and processor time of both. Raises RuntimeError when a click is lost or late."""
    questions = QUESTIONS // 5 if quick else QUESTIONS
    async with (
        loopback(keep_bodies=False) as here,
        loopback(keep_bodies=False, global_limit=NO_LIMIT) as there,
        before_milepost(here, place, questions * (1 + ROUNDS)) as ours,
        before_bare(there, ours) as bare,
    ):
        found = await rounds(steps, ours, bare, questions)
        too_many = await here.faultless()
        await there.faultless()
    edits = Figure("discord.clicks_too_many", "Edits beside them that Discord put off (429)", too_many, "")
    return [*figures("discord", BARE, *found), edits]


async def rounds(
    steps: Steps, ours: VirtualUsers, bare: VirtualUsers, questions: int
) -> tuple[list[Round], list[Round]]:
    """The measured rounds of both, which take turns."""
    found: tuple[list[Round], list[Round]] = ([], [])
    for number in range(1 + ROUNDS):
        for users, done in zip((bare, ours), found, strict=True):
            with steps.step(f"round {number} of {'Milepost' if users is ours else 'the bare bot'}"):
                done.append(await users.answers(number * questions, (number + 1) * questions))
        await ours.quiet()
    return found[1][1:], found[0][1:]


GOALS = {"discord": "≥ 0.80 ×", "slack": "≥ 0.90 ×"}
"""Clicks acknowledged a second, as a share of those of a bot that does nothing else."""


def figures(name: str, against: str, ours: Sequence[Round], bare: Sequence[Round]) -> list[Figure]:
    """Return the printed figures; ``name`` is the part's, ``against`` the name of the bare bot."""
    part = f"{name}.clicks"
    people, clicks = CHANNELS * MEMBERS, len(ours[0].each)
    what = f"Clicks acknowledged a second, {people} people at once (median of {ROUNDS} × {clicks:,})"

    def compared(
        name: str, what: str, unit: str, value: Callable[[Round], float], goal: str = ""
    ) -> Figure:
        one, other = _of(ours, value), _of(bare, value)
        return Figure(f"{part}{name}", what, one, unit, goal, times(one, other, against))

    def server(users: Sequence[Round]) -> float:
        return _of(users, lambda one: one.server_rate)

    return [
        compared("", what, "/s", lambda one: one.rate, GOALS[name]),
        compared("_p50", "Half of them are acknowledged within", "ms", lambda one: one.percentile(50)),
        compared("_p99", "99 of 100 are acknowledged within", "ms", lambda one: one.percentile(99)),
        compared("_processor", "Processor time of the bot for one", "ms", lambda one: one.processor),
        Figure(f"{part}_bare", f"For comparison: {against}", _of(bare, lambda one: one.rate), "/s"),
        Figure(f"{part}_server", "What the server could take, before that", server(bare), "/s"),
        Figure(f"{part}_server_ours", "What it could take before Milepost", server(ours), "/s"),
    ]


def _of(rounds: Sequence[Round], value: Callable[[Round], float]) -> float:
    return statistics.median(map(value, rounds))
