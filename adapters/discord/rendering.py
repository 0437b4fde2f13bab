"""Render messages; pictures are drawn in turn, so that acknowledgements are never late."""

from __future__ import annotations

from adapters.discord.outbound import Shown, shown
from bot.chat import Message, Picture
from bot.toolkit.drawing import RenderQueue


def has_picture(message: Message) -> bool:
    """Return True if the message has a picture, and so takes time to render."""
    return any(isinstance(block, Picture) for block in message.blocks)


class Renderer:
    """Draws one picture at a time, in turn for each person."""

    def __init__(self) -> None:
        self._render_queue = RenderQueue()

    async def render(self, message: Message, who: int | None = None) -> Shown:
        """Return the message for Discord, at once where it holds no picture; ``who`` is whom it is for.

        A picture that cannot be had in time is said in words.
        """
        pngs = {}
        for block in message.blocks:
            if isinstance(block, Picture) and (png := await self._render_queue.png(block, who)) is not None:
                pngs[block] = png
        return shown(message, pngs)
