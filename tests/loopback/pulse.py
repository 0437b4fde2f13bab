"""Waiting for what another part of the process will do, without sleeping."""

import asyncio


class Pulse:
    """``beat`` it when anything may have changed; whoever waits looks again at each beat, and only then."""

    def __init__(self):
        self._next = asyncio.Event()

    def beat(self):
        """Something may have changed."""
        self._next.set()
        self._next = asyncio.Event()

    async def until(self, condition, seconds=10.0):
        """Wait until ``condition()`` holds. Raises TimeoutError after ``seconds``."""
        async with asyncio.timeout(seconds):
            while not condition():
                await self._next.wait()

    async def within(self, seconds, condition):
        """Wait until ``condition()`` holds, ``seconds`` at most; whether it does."""
        try:
            await self.until(condition, seconds)
        except TimeoutError:
            return False
        return True
