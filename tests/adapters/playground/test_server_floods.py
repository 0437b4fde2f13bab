"""One member's flood on the page, with the whole of Milepost behind it."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from adapters.playground import PlaygroundConfig, build
from bot.allowance import AT_ONCE
from milepost.bootstrap import build as compose
from milepost.settings import ProgramSettings
from tests.adapters.playground.conftest import TOKEN, enter
from tests.support.people import shipped_library
from tests.support.room import FakeClock, put_empty_database

pytestmark = pytest.mark.asyncio

SLOWLY = "Slowly, please. Try again in 5 seconds."


async def test_a_flood_is_told_to_slow_down_in_private_and_others_are_answered(tmp_path: Path) -> None:
    await put_empty_database(tmp_path / "milepost.db")
    settings = ProgramSettings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'milepost.db'}")
    playground = build(PlaygroundConfig(port=0, token=TOKEN), FakeClock(), None)
    async with (
        compose(settings, FakeClock(), [playground], shipped_library()),
        contextlib.AsyncExitStack() as stack,
    ):
        eve, ana = [await enter(stack, playground, name) for name in ("ben", "ana")]
        _, opened = await eve.post("/say", text="/preferences")
        assert "Your time zone" in opened["form"]
        flood = asyncio.gather(*(eve.post("/say", text="/help") for _ in range(60)))
        assert (await ana.post("/say", text="/help"))[0] == 200
        await flood
        shown = [entry["html"] for entry in await eve.sees() if entry["private"]]
        assert sum(SLOWLY in html for html in shown) == 60 - (AT_ONCE - 1)
        hers = [entry["html"] for entry in await ana.sees() if entry["private"]]
        assert len(hers) == 1
        assert SLOWLY not in hers[0]
        # A form that comes too fast is refused as it stands, so that the page leaves what was typed.
        action = opened["form"].partition('data-action="')[2].partition('"')[0].replace("&amp;", "&")
        values = {"zone": "Europe/Rome", "rest": "none", "reminder": "off"}
        assert await eve.post("/form", action=action, values=values) == (422, {"error": SLOWLY})


async def test_a_flood_of_mistyped_commands_is_told_to_slow_down(tmp_path: Path) -> None:
    await put_empty_database(tmp_path / "milepost.db")
    settings = ProgramSettings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'milepost.db'}")
    playground = build(PlaygroundConfig(port=0, token=TOKEN), FakeClock(), None)
    async with (
        compose(settings, FakeClock(), [playground], shipped_library()),
        contextlib.AsyncExitStack() as stack,
    ):
        eve = await enter(stack, playground, "ben")
        said = [await eve.post("/say", text="/hellp") for _ in range(AT_ONCE + 5)]
        assert all("There is no command /hellp" in body["error"] for _, body in said[:AT_ONCE])
        assert said[AT_ONCE:] == [(422, {"error": SLOWLY})] * 5


async def _too_many(eve, path: str) -> list[tuple[int, object]]:
    """Send one thing more often than anybody may, and return the answers."""
    match path:
        case "/say":
            return [await eve.post("/say", text=f"talk {number}") for number in range(AT_ONCE + 5)]
        case "/say to a message":
            (post,) = [entry for entry in await eve.sees() if "Milepost" in entry["html"]][:1]
            asked = [f"words {number}" for number in range(AT_ONCE + 5)]
            return [await eve.post("/say", text=words, message=post["id"]) for words in asked]
        case "/dismiss":
            return [await eve.post("/dismiss", message="none") for _ in range(AT_ONCE + 5)]
    return [await eve.get("/earlier", channel="backend", before="9") for _ in range(AT_ONCE + 5)]


@pytest.mark.parametrize("path", ["/say", "/say to a message", "/dismiss", "/earlier"])
async def test_what_never_reaches_the_core_is_counted_too_and_nothing_is_posted(
    tmp_path: Path, path: str
) -> None:
    await put_empty_database(tmp_path / "milepost.db")
    settings = ProgramSettings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'milepost.db'}")
    clock = FakeClock()
    playground = build(PlaygroundConfig(port=0, token=TOKEN), clock, None)
    async with (
        compose(settings, clock, [playground], shipped_library()),
        contextlib.AsyncExitStack() as stack,
    ):
        eve, ana = [await enter(stack, playground, name) for name in ("ben", "ana")]
        if path == "/say to a message":
            await eve.post("/say", text="/help")
            clock.advance(minutes=5)
        before = len(await eve.sees())
        answers = await _too_many(eve, path)
        assert all(status != 429 for status, _ in answers[:AT_ONCE])
        assert answers[AT_ONCE:] == [(429, {"error": SLOWLY})] * 5
        assert len(await eve.sees()) - before == (AT_ONCE if path.startswith("/say") else 0)
        assert (await ana.post("/say", text="hello"))[0] == 200
        clock.advance(seconds=5)
        assert (await eve.post("/say", text="hello"))[0] == 200
