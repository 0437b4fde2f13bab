"""A tracker of running handler tasks, so that an adapter can let them finish when it stops."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any


class TaskTracker:
    """A set of tasks that serve what people did."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        """Return how many tasks run now."""
        return len(self._tasks)

    def add(self, task: asyncio.Task[Any]) -> None:
        """Track a task until it is done."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, grace: float) -> None:
        """Wait for all tasks, newcomers too; cancel those that still run after ``grace`` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        for unfinished in self._tasks:
            unfinished.cancel()
