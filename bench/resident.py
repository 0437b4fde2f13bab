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
from bench.town import FIRST_POSTS, MONDAY, PLATFORM, Town, town_in
from bench.weight import peak, resident
from bot.domain.streaks import Joined, StreakSettings, rebuild
from milepost.bootstrap import ticking

AT_ONCE = 200


async def serve(place: Path, groups: int, members: int) -> dict[str, float]:
    """A day of posts, an answer of every member; memory in MiB."""
    async with town_in(place) as town:
        empty = resident()
        await town.found(groups)
    _settle(place, groups, members)
    async with town_in(place) as town, ticking(town.house, town.settings.tick_seconds):
        town.clock.jump_to(FIRST_POSTS)
        await town.house.heart.beat()
        await _answer_all(town, groups, members)
        return {"empty": empty, "served": resident(), "peak": peak()}


def _settle(place: Path, groups: int, members: int) -> None:
    """Members who have joined, written past the app: meeting them one by one would take minutes."""
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


async def _answer_all(town: Town, groups: int, members: int) -> None:
    """Every member answers their group's question, many at once."""
    waiting = iter([(group, member) for member in range(members) for group in range(groups)])

    async def hand() -> None:
        for group, member in waiting:
            await town.answers(group, member, town.questions(group)[0], member)

    await asyncio.gather(*(hand() for _ in range(AT_ONCE)))


if __name__ == "__main__":
    assert adapters.playground.server, "loaded for its weight"
    figures = asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
    print(json.dumps(figures))
