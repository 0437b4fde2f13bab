"""Pictures drawn one at a time, with room left between them for acknowledgements."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Easel:
    """Draws one picture at a time, in a thread.

    The library keeps the interpreter to itself for as long as it draws, some 40 ms. So between two pictures
    it rests as long as the last one took: else nobody would be acknowledged while many ask for theirs.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._rested_at = 0.0

    async def drawn(self, draw: Callable[[], T]) -> T:
        """What ``draw`` brings, when it is its turn."""
        loop = asyncio.get_running_loop()
        async with self._turn:
            await asyncio.sleep(self._rested_at - loop.time())
            began = loop.time()
            try:
                return await asyncio.to_thread(draw)
            finally:
                self._rested_at = 2 * loop.time() - began
