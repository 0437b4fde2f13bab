"""The handlers that run at a moment, for an adapter that is to stop."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any


class TaskTracker:
    """Tasks that serve what people did."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        """Return how many run now."""
        return len(self._tasks)

    def add(self, task: asyncio.Task[Any]) -> None:
        """Count it until it is done."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, grace: float) -> None:
        """Wait for all, newcomers too; what still goes on after ``grace`` seconds is stopped."""
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        for unfinished in self._tasks:
            unfinished.cancel()
