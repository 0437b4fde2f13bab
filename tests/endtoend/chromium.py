"""A real Chromium, whose pages are watched: every request, every complaint."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATH = os.environ.get("MILEPOST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
PATIENCE = 20_000
"""Milliseconds that a page may take to show something, on a loaded machine."""


@dataclass
class Watch:
    """Requests and complaints of one test's pages."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def over(self, page: Any) -> None:
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("crash", lambda _: self.complaints.append("the page crashed"))
        page.on("console", self._hear)

    def _hear(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text} {message.location}")

    def strangers(self, base: str) -> list[str]:
        """The requests that left for another place than the demo's page."""
        local = ("data:", "blob:", "about:")
        return [u for u in self.requests if not u.startswith(local) and _place(u) != _place(base)]


def _place(url: str) -> tuple[str, str]:
    return urlsplit(url)[:2]


@contextmanager
def launched() -> Iterator[Any]:
    """The browser. Ask for it only where ``PATH`` and playwright are there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=PATH, args=ARGS)
        try:
            yield browser
        finally:
            browser.close()
