"""Messages made ready to be sent, with room left for acknowledgements while pictures are drawn."""

from __future__ import annotations

from adapters.discord.outbound import Shown, shown
from bot import Easel, Message, Picture


def draws(message: Message) -> bool:
    """Whether the message holds a picture, and so takes time to be made ready."""
    return any(isinstance(block, Picture) for block in message.blocks)


class Drawing:
    """Draws one picture at a time."""

    def __init__(self) -> None:
        self._easel = Easel()

    async def of(self, message: Message) -> Shown:
        """The message for Discord; at once where it holds no picture."""
        if not draws(message):
            return shown(message)
        return await self._easel.drawn(lambda: shown(message))
