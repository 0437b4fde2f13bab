"""The process that ``bench.memory`` measures: ``python -m bench.resident FOLDER GROUPS MEMBERS``.

It serves with everything loaded that a real one loads, the playground's web server included, but its
platform forgets what it was sent: messages are the platform's to keep.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from pathlib import Path

import adapters.playground.server
from bench.environment import FIRST_POSTS, MONDAY, PLATFORM, BenchEnv, bench_env
from bench.weight import peak, resident
from bot.domain.streaks import Joined, StreakSettings, rebuild
from milepost.bootstrap import ticking

AT_ONCE = 200


async def serve(place: Path, groups: int, members: int) -> dict[str, float]:
    """Serve a day of posts and an answer of every member; return memory in MiB."""
    async with bench_env(place) as env:
        empty = resident()
        await env.found(groups)
    _settle(place, groups, members)
    async with bench_env(place) as env, ticking(env.application, env.settings.tick_seconds):
        env.clock.jump_to(FIRST_POSTS)
        await env.application.scheduler.run_once()
        await _answer_all(env, groups, members)
        return {"empty": empty, "served": resident(), "peak": peak()}


def _settle(place: Path, groups: int, members: int) -> None:
    """Write members who have joined, past the app: meeting them one by one would take minutes."""
    everybody = [(group, member) for group in range(groups) for member in range(members)]
    begun = rebuild((Joined(MONDAY),), StreakSettings()).to_json()
    at = int(MONDAY.timestamp()) * 1_000_000
    connection = sqlite3.connect(place / "milepost.db")
    with connection:
        for statement, rows in (
            (
                "INSERT INTO member (id, joined_at, zone) VALUES (?, ?, 'UTC')",
                ((n, at) for n in range(1, len(everybody) + 1)),
            ),
            (
                "INSERT INTO account (member_id, platform, workspace, user_id) VALUES (?, ?, 'w', ?)",
                ((n, PLATFORM, f"{group}-{member}") for n, (group, member) in enumerate(everybody, 1)),
            ),
            (
                "INSERT INTO zone_change (member_id, at, zone) VALUES (?, ?, 'UTC')",
                ((n, at) for n in range(1, len(everybody) + 1)),
            ),
            (
                "INSERT INTO streak_state (member_id, state) VALUES (?, ?)",
                ((n, begun) for n in range(1, len(everybody) + 1)),
            ),
        ):
            connection.executemany(statement, rows)
    connection.close()


async def _answer_all(env: BenchEnv, groups: int, members: int) -> None:
    """Have every member answer their group's question, many at once."""
    waiting = iter([(group, member) for member in range(members) for group in range(groups)])

    async def hand() -> None:
        for group, member in waiting:
            await env.answers(group, member, env.questions(group)[0], member)

    await asyncio.gather(*(hand() for _ in range(AT_ONCE)))


if __name__ == "__main__":
    assert adapters.playground.server, "loaded for its weight"
    figures = asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
    print(json.dumps(figures))
