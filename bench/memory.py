"""Figure of memory: a process that serves 1,000 groups of 20 members who have answered."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bench.environment import folder
from bench.figure import Figure, times
from bench.steps import Steps

GROUPS, MEMBERS = 1000, 20
LIMIT = 200.0
"""Seconds after which the process is ended."""


def measure(steps: Steps) -> list[Figure]:
    with folder() as place, steps.step(f"{GROUPS * MEMBERS:,} members answer in a process of their own"):
        command = [sys.executable, "-m", "bench.resident", str(place), str(GROUPS), str(MEMBERS)]
        root = Path(__file__).parent.parent
        told = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, timeout=LIMIT, check=True).stdout
    empty, served, peak = (float(json.loads(told)[name]) for name in ("empty", "served", "peak"))
    return [
        Figure(
            "memory.served",
            f"Resident memory, {GROUPS:,} groups of {MEMBERS} members after posts and answers",
            served,
            "MiB",
            "< 150",
            times(served, empty, "the same process before its first group"),
        ),
        Figure("memory.peak", "At most on the way there", peak, "MiB"),
        Figure("memory.empty", "Before its first group", empty, "MiB"),
    ]
