"""The contract's place on the playground: windows of its people over HTTP, without a browser."""

import asyncio
import contextlib
import datetime as dt
from contextlib import asynccontextmanager
from html.parser import HTMLParser

from adapters.playground import Person as Somebody
from adapters.playground import PlaygroundConfig, build, channel_ref, user_ref
from tests.adapters.playground.conftest import enter
from tests.support.room import FakeClock

NAMES = ("olga", "ana", "ben", "chidi", "dora")
PEOPLE = tuple(Somebody(name, name.title(), organiser=name == "olga") for name in NAMES)


class Place:
    def __init__(self, adapter, clock, stack):
        self.adapter = adapter
        self.channel = channel_ref("backend")
        self.unknown = channel_ref("nowhere")
        self.now = clock.now
        self._clock = clock
        self._stack = stack

    def person(self, name, *, organiser=False):
        assert organiser is (name.lower() == "olga"), "Olga is the organiser here"
        return Person(name.lower(), self.adapter, self._stack)

    async def passes(self, seconds):
        self._clock.advance(seconds=seconds)

    def refuse(self, _kind):
        return False


class Person:
    """Somebody with a window; it is read again before each look."""

    def __init__(self, name, adapter, stack):
        self.name = name
        self.user = user_ref(name)
        self._adapter = adapter
        self._stack = stack
        self._window = None
        self._form = Html()
        self._entries = []

    async def uses(self, typed, **options):
        given = " ".join(f'{key}:"{getattr(value, "name", value)}"' for key, value in options.items())
        await self._posts("/say", text=f"{typed} {given}".strip())

    async def presses(self, label):
        entry, html = await self._newest(lambda html: label in html.buttons, label)
        await self._posts("/press", message=entry, action=html.buttons[label])

    async def chooses(self, label):
        entry, html = await self._newest(lambda html: label in html.options, label)
        action, value = html.options[label]
        await self._posts("/press", message=entry, action=action, choice=[value])

    async def sends(self, **values):
        filled = {
            name: value if isinstance(value, str) else ", ".join(value) for name, value in values.items()
        }
        await self._posts("/form", action=self._form.action, values={**self._form.values, **filled})

    async def types(self, command, option, typed):
        window = await self._opened()
        text = f"/{command} {option}:{typed}"
        _, offer = await window.get("/suggest", text=text, channel="backend")
        offered = (each["insert"].partition(f"{option}:")[2].strip() for each in offer["suggestions"])
        return [value.strip('"') for value in offered]

    async def look(self):
        """Read the window anew."""
        self._entries = [(e["id"], e["channel"], Html(e["html"])) for e in await self._sees()]

    def sees(self):
        return [html.words for _, channel, html in self._entries if channel == "backend"]

    def inbox(self):
        return [html.words for _, channel, html in self._entries if channel == f"@{self.name}"]

    def form(self):
        return self._form.words

    def can_press(self, label):
        return any(label in html.buttons for _, _, html in self._entries)

    async def _opened(self):
        if self._window is None:
            self._window = await enter(self._stack, self._adapter, self.name)
        return self._window

    async def _sees(self):
        return await (await self._opened()).sees()

    async def _posts(self, path, **parts):
        window = await self._opened()
        status, answer = await window.post(path, **parts)
        assert status == 200, answer
        self._form = Html(answer.get("form") or "")

    async def _newest(self, wanted, label):
        await self.look()
        for entry, _, html in reversed(self._entries):
            if wanted(html):
                return entry, html
        raise AssertionError(f"{self.name} sees no {label!r}")


class Html(HTMLParser):
    """The words of a piece of the page, and what can be pressed, chosen or filled in."""

    def __init__(self, html=""):
        super().__init__()
        self.buttons, self.options, self.values = {}, {}, {}
        self.action = ""
        self._texts, self._button, self._menu, self._option, self._area = [], None, None, None, None
        self.feed(html)
        self.words = " ".join("".join(self._texts).split())

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        match tag:
            case "button":
                self._button = given.get("data-action") if "disabled" not in given else None
            case "select":
                self._menu = given.get("data-pick", given.get("name"))
            case "option":
                self._option = given["value"]
                if "selected" in given:
                    self.values[self._menu] = given["value"]
            case "form":
                self.action = given["data-action"]
            case "input" if given.get("type") == "checkbox":
                chosen = [self.values.get(given["name"]), given["value"] if "checked" in given else None]
                self.values[given["name"]] = ", ".join(filter(None, chosen))
            case "input" | "textarea":
                self._area = given["name"] if tag == "textarea" else None
                self.values[given["name"]] = given.get("value", "")
                self._texts.append(given.get("value") or "")
            case "img":
                self._texts.append(given.get("alt") or "")

    def handle_endtag(self, tag):
        if tag == "button":
            self._button = None
        elif tag == "option":
            self._option = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, text):
        self._texts.append(text)
        if self._area:
            self.values[self._area] = text.removeprefix("\n")
        if self._button and text.strip():
            self.buttons.setdefault(text.strip(), self._button)
        if self._option:
            self.options[text.strip()] = (self._menu, self._option)


@asynccontextmanager
async def place_at(_folder, app):
    clock = FakeClock(dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC))
    adapter = build(PlaygroundConfig(port=0, people=PEOPLE), clock, None)
    async with contextlib.AsyncExitStack() as stack:
        await adapter.start(app)
        stack.push_async_callback(adapter.stop)
        yield Place(adapter, clock, stack)
        await asyncio.sleep(0)
