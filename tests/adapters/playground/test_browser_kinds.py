"""Every kind of question in a real browser, with the whole of Milepost behind the page."""

from __future__ import annotations

import pytest
import pytest_asyncio

from adapters.playground import PlaygroundConfig
from adapters.playground import build as build_playground
from milepost.bootstrap import build
from milepost.settings import ProgramSettings
from tests.adapters.playground.conftest import TOKEN
from tests.support.kinds import ALL, KINDS, library_asking, question_of, widest
from tests.support.room import MONDAY, FakeClock, put_empty_database

pytestmark = pytest.mark.asyncio


@pytest.fixture
def asks():
    return question_of


@pytest_asyncio.fixture
async def playground(tmp_path, kind, asks):
    """A playground with Milepost, whose pack has one question of this kind, made by ``asks``."""
    clock = FakeClock(MONDAY)
    room = build_playground(PlaygroundConfig(port=0, token=TOKEN), clock)
    await put_empty_database(tmp_path / "milepost.db")
    settings = ProgramSettings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'milepost.db'}")
    async with build(settings, clock, [room], library_asking(asks(kind))):
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


OUTSIDE = """[...document.querySelectorAll('#entries *, dialog *')]
    .filter(e => !e.closest('pre') || e.matches('pre')).filter(e => e.checkVisibility())
    .filter(e => e.getBoundingClientRect().right > 361).map(e => e.outerHTML)"""
STARTS = "e => getComputedStyle(e).direction + ' ' + getComputedStyle(e).unicodeBidi"


@pytest.mark.parametrize("asks", [widest])
@pytest.mark.parametrize("kind", ALL)
async def test_the_longest_texts_from_the_right_fit_on_a_phone(page_of, kind):
    page = await page_of("ana", viewport={"width": 360, "height": 800}, color_scheme="dark")
    await page.locator("#composer-text").fill("/quiz")
    await page.locator("#composer-text").press("Enter")
    asked = page.locator(".entry.private").last
    await asked.locator(".footnote").wait_for()
    assert "plaintext" in await asked.locator(".text p").first.evaluate(STARTS)
    if await asked.get_by_role("button", name="Answer").count():
        await asked.get_by_role("button", name="Answer").click()
        dialog = page.get_by_role("dialog", name="Your answer")
        await dialog.wait_for()
        if await dialog.locator("#field-1").get_attribute("dir") == "auto":
            await dialog.locator("#field-1").fill("\u05d0\u05d1 ab")
            assert (await dialog.locator("#field-1").evaluate(STARTS)).startswith("rtl")
    assert await page.evaluate(OUTSIDE) == []
