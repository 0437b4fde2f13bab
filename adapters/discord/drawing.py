"""Messages made ready to be sent, with room left for acknowledgements while pictures are drawn."""

from __future__ import annotations

import asyncio

from adapters.discord.outbound import Shown, shown
from bot import Message, Picture


def draws(message: Message) -> bool:
    """Whether the message holds a picture, and so takes time to be made ready."""
    return any(isinstance(block, Picture) for block in message.blocks)


class Drawing:
    """Draws one picture at a time.

    The library keeps the interpreter to itself for as long as it draws, some 40 ms. So between two pictures
    it rests as long as the last one took: else nobody would be acknowledged while many ask for theirs.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._rested_at = 0.0

    async def of(self, message: Message) -> Shown:
        """The message for Discord; at once where it holds no picture."""
        if not draws(message):
            return shown(message)
        loop = asyncio.get_running_loop()
        async with self._turn:
            await asyncio.sleep(self._rested_at - loop.time())
            began = loop.time()
            try:
                return await asyncio.to_thread(shown, message)
            finally:
                self._rested_at = 2 * loop.time() - began
