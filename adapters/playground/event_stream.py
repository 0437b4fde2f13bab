"""EventStreams updates: one stream of Server-Sent Events to each open window.

An event holds all that changed since the window's last one; its id is ``<epoch>.<seq>``, which a
browser sends back when it reconnects. A number of another room's epoch means nothing here, and the
window starts afresh; so does one that missed more than a page.

A window that starts afresh gets the newest page of each channel, so that an old room opens as fast
as a new one. It asks for earlier pages itself.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from aiohttp import web

from adapters.playground.auth import Refused
from adapters.playground.chat_store import ChatStore
from adapters.playground.config import Person, PlaygroundConfig, direct_ref
from adapters.playground.outbound import by_ear, entry_html, is_private, line, name_of
from adapters.playground.transcript import Entry
from bot.chat import Clock
from bot.toolkit.text import isolated

HEARTBEAT = 15.0
"""Seconds of silence after which the stream tells the time, so that dead windows are found out."""

PAGE = 200
"""Messages of a channel that a window gets at once."""

MOST_AS_ONE, MOST = 20, 200
"""Windows that follow at once, as one person and in all: each costs work with every message."""

YIELD_EVERY = 8
"""After how many messages the rendering lets others have their turn."""

log = logging.getLogger(__name__)


class EventStreams:
    """The streams of all windows. Without ``demo_clock`` the windows are told no time."""

    def __init__(self, store: ChatStore, config: PlaygroundConfig, demo_clock: Clock | None) -> None:
        self._store = store
        self._config = config
        self._demo_clock = demo_clock
        self._streams: dict[asyncio.Task[Any], tuple[str, web.Request]] = {}

    async def serve(self, request: web.Request, person: Person) -> web.StreamResponse:
        """Stream to one window until it closes or the playground stops. Raises Refused for one too many."""
        self._end_closed()
        mine = sum(who == person.id for who, _ in self._streams.values())
        if mine >= MOST_AS_ONE or len(self._streams) >= MOST:
            raise Refused(429, "Too many windows are open. Close some, then reload this page.")
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        task = asyncio.current_task()
        assert task is not None  # aiohttp serves each request in a task
        self._streams[task] = person.id, request
        try:
            await self._stream(response, person, self._resumed_at(request))
        except ConnectionError:
            log.debug("a window of %s closed", person.id)
        finally:
            self._streams.pop(task, None)
        return response

    async def earlier(self, person: Person, channel: str, before: int) -> dict[str, Any]:
        """The page of a channel that ends before this number, and the number that it starts with.

        That is 0 when nothing comes before it.
        """
        entries, oldest = self._page(person, channel, before)
        return {"oldest": oldest, "entries": await self._payloads(entries, person)}

    def close(self) -> None:
        """End every stream at once; their windows come back when Milepost does."""
        for task in self._streams:
            task.cancel()

    def _end_closed(self) -> None:
        """End the streams of windows that are gone, which a stream notices only when it next writes."""
        for task, (_, request) in tuple(self._streams.items()):
            if request.transport is None or request.transport.is_closing():
                del self._streams[task]
                task.cancel()

    def _resumed_at(self, request: web.Request) -> int | None:
        last = request.headers.get("Last-Event-ID") or request.query.get("since", "")
        epoch, _, seq = last.partition(".")
        known = epoch == self._store.epoch and seq.isascii() and seq.isdigit() and len(seq) < 16
        return int(seq) if known and int(seq) <= self._store.seq else None

    async def _stream(self, response: web.StreamResponse, person: Person, resumed: int | None) -> None:
        fresh, seen = resumed is None, resumed or 0
        with self._store.window() as changed:
            while True:
                changed.clear()
                missed, seen = self._store.since(person.id, seen), self._store.seq
                fresh = fresh or len(missed) > PAGE
                await response.write(await self._event(person, missed, seen, fresh=fresh))
                fresh = False
                try:
                    async with asyncio.timeout(HEARTBEAT):
                        await changed.wait()
                except TimeoutError:
                    continue

    async def _event(self, person: Person, missed: list[Entry], seen: int, *, fresh: bool) -> bytes:
        entries, oldest = self._newest(person) if fresh else (missed, {})
        data = {
            "epoch": self._store.epoch,
            "fresh": fresh,
            "now": self._demo_clock.now().isoformat() if self._demo_clock else None,
            "oldest": oldest,
            "entries": await self._payloads(entries, person),
        }
        return f"id: {self._store.epoch}.{seen}\ndata: {json.dumps(data)}\n\n".encode()

    def _newest(self, person: Person) -> tuple[list[Entry], dict[str, int]]:
        """The newest page of each of the person's channels, the latest change last."""
        entries: list[Entry] = []
        oldest: dict[str, int] = {}
        for channel in (*(channel for channel, _ in self._config.channels), direct_ref(person.id).id):
            page, oldest[channel] = self._page(person, channel)
            entries += page
        return sorted(entries, key=lambda entry: entry.seq), oldest

    def _page(self, person: Person, channel: str, before: int | None = None) -> tuple[list[Entry], int]:
        """At most a page, and the number of its first message; 0 when no message comes before that."""
        found = self._store.latest(person.id, channel, PAGE + 1, before)
        page = found[:PAGE]
        return page, page[-1].number if len(found) > PAGE else 0

    async def _payloads(self, entries: list[Entry], person: Person) -> list[dict[str, Any]]:
        payloads = []
        for number, entry in enumerate(entries, start=1):
            payloads.append(self._payload(entry, person))
            if number % YIELD_EVERY == 0:
                await asyncio.sleep(0)
        return payloads

    def _payload(self, entry: Entry, person: Person) -> dict[str, Any]:
        if entry.gone:
            return {"id": entry.id, "seq": entry.seq, "channel": entry.channel, "gone": True}
        answered = self._store.visible(entry.reply_to, person.id)
        return {
            "id": entry.id,
            "seq": entry.seq,
            "channel": entry.channel,
            "at": entry.at.isoformat(),
            "author": entry.author,
            "name": isolated(name_of(entry.author, self._config)),
            "line": line(entry),
            "aloud": by_ear(entry),
            "private": is_private(entry),
            "edited": entry.edited,
            "html": entry_html(entry, self._config, answered),
        }
