"""One person's page, over HTTP and without a browser."""

from __future__ import annotations

import asyncio
import contextlib
import html
import json
import re
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp

PATIENCE = 60.0
_BUTTON = re.compile(r'<button[^>]*data-action="([^"]+)"[^>]*?(disabled)?>([^<]*)</button>')
_ANSWERED = re.compile(r'data-jump="(\w+)"')

Entry = dict[str, Any]


class Changed(Exception):
    """The button is no longer on its message: somebody else was quicker, or time was."""


@dataclass
class Window:
    """One person's window: what it shows is in ``entries``, by message id."""

    session: aiohttp.ClientSession
    base: str
    person: str
    key: str
    entries: dict[str, Entry] = field(default_factory=dict)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def post(self, path: str, **parts: Any) -> dict[str, Any]:
        """Send what the page would send. Raises Changed, or aiohttp.ClientError when Milepost is gone."""
        body = {"as": self.person, "channel": "backend", "event": str(uuid.uuid4())} | parts
        headers = {"Origin": self.base, "X-Milepost-Key": self.key}
        async with self.session.post(f"{self.base}{path}", json=body, headers=headers) as response:
            answer = await response.json()
            if response.status == 409:
                raise Changed(answer["error"])
            assert response.status == 200, f"{response.status}: {answer}"
            return answer

    async def sees(self, wanted: Callable[[], Any]) -> Any:
        """Wait until ``wanted()`` is true of what the window shows."""
        async with asyncio.timeout(PATIENCE), self._changed:
            return await self._changed.wait_for(wanted)

    async def look_back(self, channel: str = "backend") -> None:
        """Ask for earlier pages of a channel until all of it is there."""
        known = (int(entry["id"][1:]) for entry in self.entries.values() if entry["channel"] == channel)
        before = min(known, default=0)
        while before:
            query = {"as": self.person, "channel": channel, "before": before}
            async with self.session.get(f"{self.base}/earlier", params=query) as response:
                assert response.status == 200
                page = await response.json()
            for entry in page["entries"]:
                self.entries.setdefault(entry["id"], entry)
            before = page["oldest"]

    def saying(self, words: str) -> list[Entry]:
        """The messages whose plain line has the words, oldest first."""
        return [entry for entry in self._in_order() if words in entry["line"]]

    def _in_order(self) -> list[Entry]:
        return sorted(self.entries.values(), key=lambda entry: int(entry["id"][1:]))

    async def _follow(self, opened: asyncio.Event) -> None:
        params = {"as": self.person}
        with contextlib.suppress(aiohttp.ClientError):
            async with self.session.get(f"{self.base}/events", params=params) as response:
                read = b""
                async for part in response.content.iter_any():
                    *events, read = (read + part).split(b"\n\n")
                    for event in events:
                        await self._receive(json.loads(event.partition(b"\ndata: ")[2]))
                        opened.set()

    async def _receive(self, change: dict[str, Any]) -> None:
        async with self._changed:
            for entry in change["entries"]:
                self._take(entry)
            self._changed.notify_all()

    def _take(self, entry: Entry) -> None:
        if entry.get("gone"):
            self.entries.pop(entry["id"], None)
        else:
            self.entries[entry["id"]] = entry


def buttons(entry: Entry) -> Iterator[tuple[str, str]]:
    """The label and the action id of each button that can be pressed."""
    for action, disabled, label in _BUTTON.findall(entry["html"]):
        if not disabled:
            yield label, html.unescape(action)


def answered_by(entry: Entry) -> str:
    """The id of the message that this one is a reply to, empty if it is none."""
    found = _ANSWERED.search(entry["html"])
    return found[1] if found else ""


@contextlib.asynccontextmanager
async def opened(address: str, person: str) -> AsyncIterator[Window]:
    """A window opened by the printed address, showing all that is there."""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=PATIENCE)
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, timeout=timeout) as session:
        base = address.partition("/?")[0]
        async with session.get(f"{address}&as={person}") as response:
            code = response.real_url.fragment.removeprefix("enter=")
        async with session.post(
            f"{base}/enter", json={"code": code, "event": "entering"}, headers={"Origin": base}
        ) as response:
            assert response.status == 200, await response.text()
            key = (await response.json())["key"]
        session.headers["X-Milepost-Key"] = key
        window = Window(session, base, person, key)
        shown = asyncio.Event()
        following = asyncio.create_task(window._follow(shown))
        try:
            async with asyncio.timeout(PATIENCE):
                await shown.wait()
            yield window
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
