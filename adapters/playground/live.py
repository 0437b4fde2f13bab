"""Live updates: one stream of Server-Sent Events to each open window.

An event holds all that changed since the window's last one; its id is ``<epoch>.<seq>``, which a
browser sends back when it reconnects. A number of another room's epoch means nothing here, and the
window starts afresh.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from aiohttp import web

from adapters.playground.config import Person, PlaygroundConfig
from adapters.playground.outbound import entry_html, is_private, line, name_of
from adapters.playground.room import Room
from adapters.playground.transcript import Entry
from bot import Clock

HEARTBEAT = 15.0
"""Seconds of silence after which the stream tells the time, so that dead windows are found out."""

_log = logging.getLogger(__name__)


class Live:
    """The streams of all windows. Without ``demo_clock`` the windows are told no time."""

    def __init__(self, room: Room, config: PlaygroundConfig, demo_clock: Clock | None) -> None:
        self._room = room
        self._config = config
        self._demo_clock = demo_clock
        self._streams: set[asyncio.Task[Any]] = set()

    async def serve(self, request: web.Request, person: Person) -> web.StreamResponse:
        """Stream to one window until it closes or the playground stops."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        task = asyncio.current_task()
        assert task is not None  # aiohttp serves each request in a task
        self._streams.add(task)
        try:
            await self._stream(response, person, self._resumed_at(request))
        except ConnectionError:
            _log.debug("a window of %s closed", person.name)
        finally:
            self._streams.discard(task)
        return response

    def close(self) -> None:
        """End every stream at once; their windows come back when Milepost does."""
        for task in self._streams:
            task.cancel()

    def _resumed_at(self, request: web.Request) -> int | None:
        last = request.headers.get("Last-Event-ID") or request.query.get("since", "")
        epoch, _, seq = last.partition(".")
        known = epoch == self._room.epoch and seq.isascii() and seq.isdigit() and len(seq) < 16
        return int(seq) if known and int(seq) <= self._room.seq else None

    async def _stream(self, response: web.StreamResponse, person: Person, resumed: int | None) -> None:
        fresh, seen = resumed is None, resumed or 0
        with self._room.window() as changed:
            while True:
                changed.clear()
                entries, seen = self._room.since(person.id, seen), self._room.seq
                await response.write(self._event(person, entries, seen, fresh=fresh))
                fresh = False
                try:
                    async with asyncio.timeout(HEARTBEAT):
                        await changed.wait()
                except TimeoutError:
                    continue

    def _event(self, person: Person, entries: list[Entry], seen: int, *, fresh: bool) -> bytes:
        data = {
            "epoch": self._room.epoch,
            "fresh": fresh,
            "now": self._demo_clock.now().isoformat() if self._demo_clock else None,
            "entries": [self._payload(entry, person) for entry in entries if not (fresh and entry.gone)],
        }
        return f"id: {self._room.epoch}.{seen}\ndata: {json.dumps(data)}\n\n".encode()

    def _payload(self, entry: Entry, person: Person) -> dict[str, Any]:
        if entry.gone:
            return {"id": entry.id, "seq": entry.seq, "channel": entry.channel, "gone": True}
        answered = self._room.visible(entry.reply_to, person.id)
        return {
            "id": entry.id,
            "seq": entry.seq,
            "channel": entry.channel,
            "at": entry.at.isoformat(),
            "author": entry.author,
            "name": name_of(entry.author, self._config),
            "line": line(entry),
            "private": is_private(entry),
            "edited": entry.edited,
            "html": entry_html(entry, self._config, answered),
        }
