"""In a real browser: what another port of this machine gets of the playground, and what windows share."""

from __future__ import annotations

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from adapters.playground import PlaygroundConfig, build
from tests.adapters.playground.conftest import TOKEN

pytestmark = pytest.mark.asyncio

SHOWN = "[aria-current=page]"


@pytest_asyncio.fixture
async def neighbour():
    """Another server on 127.0.0.1, which notes the headers that it is sent: (address, the headers)."""
    seen = []

    async def look(request):
        seen.append(dict(request.headers))
        return web.Response(text="<p>Hello</p>", content_type="text/html")

    application = web.Application()
    application.router.add_route("*", "/{any:.*}", look)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{site.port}", seen
    await runner.cleanup()


async def test_another_port_gets_the_cookie_and_can_do_nothing_with_it(page_of, playground, neighbour, app):
    page = await page_of("ana")
    await page.wait_for_selector(SHOWN)
    address, seen = neighbour
    base = playground.address.partition("/?")[0]
    other = await page.context.new_page()
    await other.goto(address)
    cookie = seen[0]["Cookie"]
    assert cookie.startswith("milepost_")
    assert await other.evaluate("JSON.stringify({...localStorage, ...sessionStorage})") == "{}"
    assert await other.evaluate("document.cookie") == ""
    # A page of the other port cannot do it from inside the browser either.
    tries = "(url) => fetch(url, {credentials: 'include'}).then((r) => r.status, () => 'refused')"
    assert await other.evaluate(tries, f"{base}/events?as=ana") == "refused"
    headers = {"Cookie": cookie, "Origin": base}
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as thief:
        for path in ("/events?as=ana", "/earlier?as=ana&channel=backend&before=9"):
            async with thief.get(base + path, headers=headers) as response:
                assert response.status == 403
        body = {"as": "ana", "channel": "backend", "text": "/announce mine", "event": "event-0001"}
        async with thief.post(f"{base}/say", json=body, headers=headers) as response:
            assert response.status == 403
    assert app.seen == []
    for told in seen:
        assert TOKEN not in str(told)
        assert "enter=" not in str(told)


async def test_neither_token_nor_code_stays_in_the_address_or_the_history(page_of, playground):
    page = await page_of("ana")
    await page.wait_for_selector(SHOWN)
    assert page.url.endswith("/?as=ana")
    await page.goto("about:blank")
    await page.go_back()
    await page.wait_for_selector(SHOWN)
    assert page.url.endswith("/?as=ana")


async def test_reloading_and_further_windows_need_no_address(page_of, playground):
    page = await page_of("ana")
    await page.reload()
    await page.wait_for_selector(SHOWN)
    base = playground.address.partition("/?")[0]
    second = await page.context.new_page()
    await second.goto(f"{base}/?as=ana#lounge")
    await second.wait_for_selector("#title >> text=lounge")
    async with page.context.expect_page() as opening:
        await page.click(".people summary")
        await page.get_by_role("link", name="Open as Ben in a new window").click()
    third = await opening.value
    await third.wait_for_selector(SHOWN)
    await third.locator("#composer-text").fill("/announce from Ben")
    await third.locator("#composer-text").press("Enter")
    await page.wait_for_selector(".entry >> text=from Ben")


async def test_a_browser_with_the_cookie_and_no_key_is_told_what_to_open(page_of, playground):
    page = await page_of("ana")
    await page.wait_for_selector(SHOWN)
    await page.evaluate("localStorage.removeItem('milepost-key')")
    await page.reload()
    await page.wait_for_selector(".toast >> text=Open the address that Milepost printed")
    await page.goto(f"{playground.address}&as=ana")
    await page.wait_for_selector(SHOWN)


async def test_a_page_follows_a_restart_with_another_token_once_the_new_address_is_open(
    browser, app, clock
):
    first = build(PlaygroundConfig(port=0, token="first-token-of-the-page"), clock)
    await first.start(app)
    context = await browser.new_context()
    old = await context.new_page()
    await old.goto(f"{first.address}&as=ana")
    await old.wait_for_selector(SHOWN)
    await first.stop()
    port = int(first.address.split(":")[2].partition("/")[0])
    second = build(PlaygroundConfig(port=port, token="second-token-of-the-page"), clock)
    await second.start(app)
    await old.wait_for_selector(".toast >> text=Milepost has restarted. Open the new address")
    new = await context.new_page()
    await new.goto(f"{second.address_for_browser}&as=ben")
    await new.wait_for_selector(SHOWN)
    await old.wait_for_selector(".toast", state="detached")
    await context.close()
    await second.stop()
