"""A playground that runs on a free port, and windows that act as its people."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from adapters.playground import Playground, PlaygroundConfig, build
from tests.adapters.playground.fakes import FakeApp, FakeClock

TOKEN = "the-token"
CHROMIUM = os.environ.get("MILEPOST_CHROMIUM") or shutil.which("chromium")
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def wall() -> FakeClock:
    """A clock that no demo moves on."""
    return FakeClock()


@pytest_asyncio.fixture
async def playground(app: FakeApp, clock: FakeClock, wall: FakeClock) -> AsyncIterator[Playground]:
    """A room without a transcript, with the demo's clock."""
    running = build(PlaygroundConfig(port=0, token=TOKEN), clock, clock, wall)
    await running.start(app)
    yield running
    await running.stop()


@dataclass
class Window:
    """One person's page, without a browser."""

    session: aiohttp.ClientSession
    base: str
    person: str
    key: str

    async def post(self, path: str, **parts: Any) -> tuple[int, dict[str, Any]]:
        """Send what the page would send; the status and the answer."""
        body = {"as": self.person, "channel": "backend", "event": str(uuid.uuid4())} | parts
        headers = {"Origin": self.base, "X-Milepost-Key": self.key}
        async with self.session.post(f"{self.base}{path}", json=body, headers=headers) as response:
            return response.status, await response.json()

    async def get(self, path: str, **query: str) -> tuple[int, dict[str, Any]]:
        query = {"as": self.person} | query
        async with self.session.get(f"{self.base}{path}", params=query) as response:
            return response.status, await response.json()

    @contextlib.asynccontextmanager
    async def stream(self, since: str = "") -> AsyncIterator[Callable[[], Any]]:
        """The live stream; calling what it yields waits for the next event, as (id, data)."""
        params = {"as": self.person, "since": since}
        async with self.session.get(f"{self.base}/events", params=params) as response:
            assert response.content_type == "text/event-stream"

            async def following() -> tuple[str, dict[str, Any]]:
                lines = []
                while line := (await response.content.readline()).decode().rstrip("\n"):
                    lines.append(line)
                if not lines:
                    raise EOFError
                return lines[0].removeprefix("id: "), json.loads(lines[1].removeprefix("data: "))

            yield following

    async def sees(self) -> list[dict[str, Any]]:
        """All entries that a window opened now would show."""
        async with self.stream() as following:
            _, data = await following()
        return data["entries"]


Opens = Callable[[str], Any]


@pytest_asyncio.fixture
async def opens(playground: Playground) -> AsyncIterator[Opens]:
    """Open a window as a person, by the printed address."""
    async with contextlib.AsyncExitStack() as stack:

        async def open_window(person: str) -> Window:
            return await enter(stack, playground, person)

        yield open_window


async def enter(stack: contextlib.AsyncExitStack, playground: Playground, person: str) -> Window:
    """A window on any playground, closed with the stack."""
    jar = aiohttp.CookieJar(unsafe=True)
    session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
    base = playground.address.partition("/?")[0]
    async with session.get(f"{playground.address}&as={person}") as response:
        code = response.real_url.fragment.removeprefix("enter=")
    key = await key_for(session, base, code)
    session.headers["X-Milepost-Key"] = key
    return Window(session, base, person, key)


async def key_for(session: aiohttp.ClientSession, base: str, code: str) -> str:
    """Exchange the code in the page's address for its key."""
    async with session.post(
        f"{base}/enter", json={"code": code, "event": "entering"}, headers={"Origin": base}
    ) as response:
        assert response.status == 200, await response.text()
        return str((await response.json())["key"])


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[object]:
    if CHROMIUM is None:
        pytest.skip("no Chromium: install one or set MILEPOST_CHROMIUM")
    playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    async with playwright.async_playwright() as driver:
        chromium = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture
async def page_of(browser, playground):
    """Open a page as a person; a fault on any page fails the test."""
    faults = []

    async def open_page(person, **options):
        context = await browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{person}: {error}"))
        page.on("console", lambda m: faults.append(m.text) if "Content Security Policy" in m.text else None)
        await page.goto(f"{playground.address}&as={person}")
        await page.wait_for_selector("[aria-current=page]", state="attached")
        return page

    yield open_page
    assert faults == []
