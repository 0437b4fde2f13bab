"""Cost of one more read in the handler of answers, which nobody foresaw, in processor time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from bench.answers import GROUPS, MEMBERS, all_answer
from bench.environment import add_questions, bench_env, folder
from bench.figure import Figure, times
from bench.rows import PACK
from bench.steps import Steps
from storage.repositories.learning import LearningRepository

ROUNDS = 20
"""Questions that everybody answers each way, by turns: so both ways meet the same machine."""


def measure(steps: Steps) -> list[Figure]:
    with folder() as place:
        plain, more = asyncio.run(_both(steps, place))
    return [
        Figure("reads.plain", "Processor time of an answer", plain, "ms"),
        Figure(
            "reads.one_more",
            "The same with one more read in the handler, of which the storage knows nothing",
            more,
            "ms",
            "≤ 1.15 ×",
            times(more, plain, "without it"),
        ),
    ]


async def _both(steps: Steps, place: Path) -> tuple[float, float]:
    """Milliseconds an answer as it is, and with one more read."""
    members = [(group, member) for group in range(GROUPS) for member in range(MEMBERS)]
    busy = [0.0, 0.0]
    async with bench_env(place) as env:
        with steps.step("questions sent and members met"):
            await add_questions(env, GROUPS, 1 + 2 * ROUNDS)
            await all_answer(env, members, 0, 1)
        with steps.step(f"{2 * ROUNDS * len(members):,} answers, half of them with one more read"):
            for number in range(ROUNDS):
                first = 1 + 2 * number
                busy[0] += (await all_answer(env, members, first, first + 1)).processor
                with _one_more_read():
                    busy[1] += (await all_answer(env, members, first + 1, first + 2)).processor
    plain, more = (seconds / (ROUNDS * len(members)) * 1000 for seconds in busy)
    return plain, more


@contextmanager
def _one_more_read() -> Iterator[None]:
    """Have what every answer asks first ask for the member's tallies too, as a new feature might."""
    asks = LearningRepository.streak_state

    async def asks_more(learning: LearningRepository, member_id: int) -> str | None:
        await learning.topic_tallies(member_id, PACK)
        return await asks(learning, member_id)

    with patch.object(LearningRepository, "streak_state", asks_more):
        yield
