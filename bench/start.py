"""Figure of a start: from ``python -m milepost demo`` in an empty folder to the first post."""

from __future__ import annotations

import os
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from bench.environment import folder
from bench.figure import Figure, times
from bench.steps import Steps

RUNS = 5
LIMIT = 20.0
"""Seconds after which a start that goes nowhere is given up."""

REPOSITORY = Path(__file__).parent.parent


def measure(steps: Steps) -> list[Figure]:
    with steps.step(f"{RUNS} starts"):
        starts = [_start() for _ in range(RUNS)]
        bare = statistics.median(_bare() for _ in range(RUNS))
    first, median = starts[0], statistics.median(starts)
    return [
        Figure(
            "start.demo",
            f"From the command to the first post (median of {RUNS}; the first took {first:.2f} s)",
            median,
            "s",
            "< 2",
            times(median, bare, "an empty python"),
        )
    ]


def _start() -> float:
    """Return the seconds of a start. Raises RuntimeError with the process's words when no post comes.

    The address is printed right after the first pass of the scheduler. Polling the ledger meanwhile would
    hold locks that the start has to wait for, so it is asked once, afterwards.
    """
    with folder() as place:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("MILEPOST_")
        } | {"PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1", "MILEPOST_PLAYGROUND_PORT": "0"}
        began = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", "milepost", "demo", "--no-browser"],
            cwd=place,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            watch = threading.Timer(LIMIT, process.kill)
            watch.start()
            try:
                assert process.stdout is not None, "it is a pipe"
                said = list(_until_address(process.stdout))
                passed = time.perf_counter() - began
            finally:
                watch.cancel()
                process.terminate()
        if not _has_post(place / "data" / "demo" / "milepost.db"):
            raise RuntimeError("the demo posted nothing:\n" + "".join(said))
        return passed


def _until_address(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line
        if line.startswith("http://"):
            return


def _has_post(database: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT 1 FROM post WHERE state = 'sent' LIMIT 1").fetchone()
            return found is not None
    except sqlite3.Error:
        return False


def _bare() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - began
