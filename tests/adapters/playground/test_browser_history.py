"""Old messages in a real browser: fetched when they are asked for."""

from __future__ import annotations

import pytest

from adapters.playground import channel_ref
from bot.chat import Message
from tests.adapters.playground.fakes import daily_post

pytestmark = pytest.mark.asyncio

BACKEND = channel_ref("backend")


async def test_earlier_messages_are_fetched_by_keyboard(page_of, playground, monkeypatch):
    monkeypatch.setattr("adapters.playground.event_stream.PAGE", 20)
    refs = [await playground.send(BACKEND, Message(f"Post {n}", ()), f"k{n}") for n in range(45)]
    page = await page_of("ana")
    await page.wait_for_selector(f"#{refs[-1].id}")
    assert await page.locator("#entries .entry").count() == 20
    # A change to a message that is not here yet neither shows nor counts as new.
    await playground.edit(refs[10], Message("Changed", ()))
    button = page.get_by_role("button", name="Earlier messages")
    await button.focus()
    await page.keyboard.press("Enter")
    await page.wait_for_selector(f"#{refs[5].id}")
    assert await page.locator("#entries .entry").count() == 40
    assert await page.locator(f"#{refs[10].id} .words >> text=Changed").count() == 1
    assert await page.evaluate("document.activeElement.id") == refs[24].id
    announced = page.locator("#announcer >> text=20 earlier messages are shown")
    await announced.wait_for(state="attached")
    await button.focus()
    await page.keyboard.press("Enter")
    await page.wait_for_selector(f"#{refs[0].id}")
    await button.wait_for(state="hidden")
    lines = await page.locator("#entries .words").all_inner_texts()
    assert lines == [f"Post {n}" if n != 10 else "Changed" for n in range(45)]


async def test_a_reply_leads_to_a_message_that_is_not_here_yet(page_of, playground, monkeypatch):
    monkeypatch.setattr("adapters.playground.event_stream.PAGE", 20)
    ana = await page_of("ana")
    first = await playground.send(BACKEND, daily_post(), "first")
    for number in range(50):
        await playground.send(BACKEND, Message(str(number), ()), f"k{number}")
    # A window that was away while so much was said starts afresh.
    await ana.wait_for_selector("#entries .words >> text=49")
    assert await ana.locator(f"#{first.id}").count() == 0
    send = "import('/static/api.js').then((api) => api.post('/say', said))"
    said = {"channel": "backend", "text": "Because", "message": first.id}
    await ana.evaluate(f"(said) => {send}", said)
    await ana.click(".private .context")
    await ana.wait_for_selector(f"#{first.id}.marked")


async def test_a_channel_that_fetches_in_vain_says_so(page_of, playground, monkeypatch):
    monkeypatch.setattr("adapters.playground.event_stream.PAGE", 5)
    for number in range(9):
        await playground.send(BACKEND, Message(str(number), ()), f"k{number}")
    page = await page_of("ana")
    await page.route("**/earlier?*", lambda route: route.fulfill(status=500, json={"error": "It broke."}))
    await page.get_by_role("button", name="Earlier messages").click()
    await page.wait_for_selector(".toast >> text=It broke.")
    assert await page.locator("#entries .entry").count() == 5
