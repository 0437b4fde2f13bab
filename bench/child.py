"""Reports of a bot in a process of its own: a line of JSON for each line that it gets."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator

from bench.weight import resident


def tell(**more: float) -> None:
    """Print ``processor`` time in seconds and ``resident`` memory in MiB, up to now, and ``more``."""
    print(json.dumps({"processor": time.process_time(), "resident": resident(), **more}), flush=True)


async def asked() -> AsyncIterator[None]:
    """Yield once for each line that comes, until the process that sends them is gone."""
    while await asyncio.to_thread(sys.stdin.readline):
        yield
