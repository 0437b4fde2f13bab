"""Every kind of question in a real browser, with the whole of Milepost behind the page."""

from __future__ import annotations

import pytest
import pytest_asyncio

from adapters.playground import PlaygroundConfig
from adapters.playground import build as build_playground
from milepost.bootstrap import build
from milepost.settings import ProgramSettings
from tests.kinds import KINDS, library_asking, question_of
from tests.platform_playground.conftest import TOKEN
from tests.room import MONDAY, FakeClock, put_empty_database

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def playground(tmp_path, kind):
    """A playground with Milepost, whose pack has one question of this kind."""
    clock = FakeClock(MONDAY)
    room = build_playground(PlaygroundConfig(port=0, token=TOKEN), clock)
    await put_empty_database(tmp_path / "milepost.db")
    settings = ProgramSettings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'milepost.db'}")
    async with build(settings, clock, [room], library_asking(question_of(kind))):
        yield room


async def fill(dialog, question):
    """Fill the form of the question in rightly, as somebody does who sees labels."""
    match question.type:
        case "multi":
            for option in question.keys:
                await dialog.get_by_role("checkbox", name=option.text).check()
        case "order":
            for place, item in enumerate(question.items[:-1], 1):
                await choose(dialog.get_by_label(f"Number {place}"), item.text)
        case "match":
            for place, pair in enumerate(question.pairs, 1):
                await choose(dialog.get_by_label(f"{place}. {pair.left.strip('`')}"), pair.right)
        case _:
            typed = {"output": "a\nb", "number": "42"}.get(question.type, "mutable")
            await dialog.get_by_label("Your answer", exact=True).last.fill(typed)


async def choose(menu, text):
    label = await menu.locator("option", has_text=text).inner_text()
    await menu.select_option(label=label)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_question_of_each_kind_is_answered_on_the_page(page_of, kind):
    page = await page_of("ana")
    await page.locator("#composer-text").fill("/quiz")
    await page.locator("#composer-text").press("Enter")
    asked = page.locator(".entry.private", has_text="Something is asked here")
    if kind == "line":
        await choose(asked.locator("select"), "Line 3")
        await asked.locator(".pick button").click()
    else:
        await asked.get_by_role("button", name="Answer").click()
        dialog = page.get_by_role("dialog", name="Your answer")
        if kind == "multi":
            await dialog.get_by_role("button", name="Answer").click()
            await dialog.locator("#field-1-error >> text=Choose at least one option.").wait_for()
        await fill(dialog, question_of(kind))
        await dialog.get_by_role("button", name="Answer").click()
    await page.wait_for_selector(".entry.private >> text=✓ Correct")
