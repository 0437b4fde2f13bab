"""A queue that renders pictures one at a time, caches them, and serves each person in turn."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Protocol

import font_lato
import resvg_py

from bot.toolkit.limits import ByteCache

KEPT_BYTES = 8 * 1024 * 1024
"""Bytes of pictures that are kept: some two hundred members' progress."""

MOST_WAITING = 500
"""Pictures that wait at most: everybody of a large group at once. With the rests between them they take
40 seconds, and a platform may take an answer for no longer than 15 minutes."""

WITHIN = 120.0
"""Seconds after which nobody waits for a picture any more, however slow the machine is."""


@dataclass(slots=True)
class _Drawing:
    wanted: int = 0
    begun: bool = False
    task: asyncio.Task[bytes] | None = None


class RenderQueue:
    """Draws one picture at a time, in a thread.

    The library keeps the interpreter to itself for as long as it draws, some 40 ms. So between two pictures
    it rests as long as the last one took: else nobody would be acknowledged while many ask for theirs.

    They are drawn in the order of asking. As nobody has more than one waiting, that is in turn for each
    person: whoever asks for a hundred keeps others waiting for one of them.
    """

    def __init__(self, draw: Callable[[Drawable], bytes] | None = None, within: float = WITHIN) -> None:
        self._draw = draw
        self._within = within
        self._rendering = asyncio.Lock()
        self._rested_at = 0.0
        self._kept: ByteCache[bytes] = ByteCache(KEPT_BYTES)
        self._drawings: dict[bytes, _Drawing] = {}
        self._waiting: dict[Hashable, bytes] = {}

    async def png(self, picture: Drawable, who: Hashable = None) -> bytes | None:
        """Return the picture as PNG, or None where its words have to do.

        Words have to do for a person who waits for another picture already, when too many wait, and when it
        takes too long. ``who`` is the person whom it is for; None for a post, which waits like a person of
        its own. Raises what rendering raises.
        """
        key = hashlib.sha256(picture.svg.encode()).digest()
        if (kept := self._kept.get(key)) is not None:
            return kept
        if who is not None and self._waiting.get(who, key) != key:
            return None
        if key not in self._drawings and len(self._drawings) >= MOST_WAITING:
            return None
        return await self._wait(key, self._drawings.get(key) or self._begin(key, picture), who)

    def _begin(self, key: bytes, picture: Drawable) -> _Drawing:
        drawing = self._drawings[key] = _Drawing()
        drawing.task = asyncio.create_task(self._drawn(key, drawing, picture))
        drawing.task.add_done_callback(lambda _: self._drawings.pop(key, None))
        return drawing

    async def _wait(self, key: bytes, drawing: _Drawing, who: Hashable) -> bytes | None:
        assert drawing.task is not None, "begun in the same breath"
        drawing.wanted += 1
        if who is not None:
            self._waiting[who] = key
        try:
            async with asyncio.timeout(self._within):
                return await asyncio.shield(drawing.task)
        except TimeoutError:
            return None
        finally:
            self._waiting.pop(who, None)
            drawing.wanted -= 1
            if not drawing.wanted and not drawing.begun:
                drawing.task.cancel()

    async def _drawn(self, key: bytes, drawing: _Drawing, picture: Drawable) -> bytes:
        loop = asyncio.get_running_loop()
        async with self._rendering:
            drawing.begun = True
            await asyncio.sleep(self._rested_at - loop.time())
            began = loop.time()
            try:
                png = await asyncio.to_thread(self._draw or png_of, picture)
            finally:
                self._rested_at = 2 * loop.time() - began
        self._kept[key] = png
        return png


FONT = "Lato"
"""The family that templates name first; its files come with a dependency."""

SCALE = 1.2
"""Pixels for each SVG unit, so that chats on sharp screens show sharp text."""


class Drawable(Protocol):
    """A picture as SVG."""

    @property
    def svg(self) -> str:
        """Return the whole document."""


def png_of(picture: Drawable) -> bytes:
    """The picture as PNG; the same on every machine, since system fonts are left out."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=picture.svg,
            zoom=SCALE,
            skip_system_fonts=True,
            font_files=[font_lato.font_files["Lato"], font_lato.font_files["LatoBold"]],
            font_family=FONT,
            sans_serif_family=FONT,
        )
    )
