"""Figure of reading the shipped pack: YAML to checked types."""

from __future__ import annotations

import statistics
import time

from bench.figure import Figure
from bench.steps import Steps
from content.loader import load_pack, shipped_packs_folder

TIMES = 5


def measure(steps: Steps) -> list[Figure]:
    durations = []
    with steps.step(f"{TIMES} loads"):
        for _ in range(TIMES):
            began = time.perf_counter()
            pack = load_pack(shipped_packs_folder() / "backend-python")
            durations.append((time.perf_counter() - began) * 1000)
    questions = sum(map(len, pack.questions.values()))
    what = f"Loading and checking the shipped pack ({len(pack.topics)} topics, {questions} questions)"
    return [Figure("content.load", what, statistics.median(durations), "ms")]
