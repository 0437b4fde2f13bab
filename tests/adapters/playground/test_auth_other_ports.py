"""A browser sends the cookie to every port of a host: whoever gets it there can do nothing with it."""

from __future__ import annotations

import datetime as dt
import re

import aiohttp
import pytest

from adapters.playground.auth import ENTRIES
from tests.adapters.playground.conftest import TOKEN, key_for

pytestmark = pytest.mark.asyncio

READS = [
    "/events?as=ana",
    "/earlier?as=ana&channel=backend&before=9",
    "/suggest?as=ana&text=/q&channel=backend",
    "/complete?as=ana&channel=backend&command=quiz&option=topic&text=h",
    "/nowhere",
]
CHANGES = ["/say", "/press", "/form", "/dismiss", "/clock", "/enter"]


@pytest.fixture
def base(playground):
    return playground.address.partition("/?")[0]


def thief():
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())


async def stolen(playground):
    """The cookie, as another port is sent it."""
    async with thief() as session, session.get(playground.address, allow_redirects=False) as response:
        return response.headers["Set-Cookie"].partition(";")[0]


async def test_the_cookie_alone_opens_the_bare_page_and_nothing_else(playground, base, app):
    cookie = await stolen(playground)
    async with thief() as session:
        async with session.get(f"{base}/?as=ana", headers={"Cookie": cookie}) as response:
            html = await response.text()
        assert response.status == 200
        found = {"", TOKEN, cookie, cookie.partition("=")[2], *re.findall(r"[\w-]{16,}", html)}
        for key in found:
            headers = {"Cookie": cookie, "Origin": base, "X-Milepost-Key": key, "X-Milepost-CSRF": key}
            for path in READS:
                async with session.get(base + path, headers=headers) as response:
                    assert response.status == 403, path
            for path in CHANGES:
                body = {
                    "as": "ana",
                    "channel": "backend",
                    "text": "/quiz",
                    "event": "event-0001",
                    "code": key,
                }
                async with session.post(base + path, json=body, headers=headers) as response:
                    assert response.status == 403, path
    assert app.seen == []


async def test_a_code_for_the_key_works_once_soon_and_with_the_cookie(playground, base, clock, wall):
    async with thief() as session:

        async def opened():
            async with session.get(playground.address, allow_redirects=False) as response:
                code = response.headers["Location"].partition("#enter=")[2]
                return code, response.headers["Set-Cookie"].partition(";")[0]

        async def entered(code, visit="first-visit", **headers):
            told, body = {"Origin": base} | headers, {"code": code, "event": visit}
            async with session.post(f"{base}/enter", json=body, headers=told) as response:
                return response.status, await response.json()

        code, cookie = await opened()
        await clock.skip("day")
        assert (await entered(code))[0] == 403
        assert (await entered(code, Cookie=cookie, Origin="http://evil.example"))[0] == 403
        status, answer = await entered(code, Cookie=cookie)
        assert (status, set(answer)) == (200, {"key"})
        assert TOKEN not in answer["key"]
        assert (await entered(code, Cookie=cookie)) == (200, answer), "its answer was lost on the way"
        assert (await entered(code, "another-visit", Cookie=cookie))[0] == 403
        late, _ = await opened()
        wall.time += dt.timedelta(seconds=61)
        assert (await entered(late, Cookie=cookie))[0] == 403
        first, _ = await opened()
        for _ in range(ENTRIES):
            last, _ = await opened()
        assert (await entered(first, Cookie=cookie))[0] == 403
        assert (await entered(last, Cookie=cookie))[0] == 200
        assert (await entered("", Cookie=cookie))[0] == 403
        assert (await entered(last, "", Cookie=cookie))[0] == 400


async def test_a_code_given_to_a_program_leads_to_the_key_too(playground, base):
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        async with session.get(f"{playground.address_for_browser}&as=ana") as response:
            assert response.status == 200
            code = response.real_url.fragment.removeprefix("enter=")
        key = await key_for(session, base, code)
        async with session.get(f"{base}/suggest?as=ana&text=/q&channel=backend") as response:
            assert response.status == 403
        headers = {"X-Milepost-Key": key}
        url = f"{base}/suggest?as=ana&text=/q&channel=backend"
        async with session.get(url, headers=headers) as response:
            assert response.status == 200


async def test_only_so_many_windows_follow_at_once(opens, monkeypatch):
    monkeypatch.setattr("adapters.playground.event_stream.MOST_AS_ONE", 2)
    monkeypatch.setattr("adapters.playground.event_stream.MOST", 3)
    ana, ben = await opens("ana"), await opens("ben")

    async def refused(window):
        status, answer = await window.get("/events", since="")
        return status, answer["error"]

    async with ana.stream() as one, ana.stream() as two:
        await one()
        await two()
        assert await refused(ana) == (429, "Too many windows are open. Close some, then reload this page.")
        async with ben.stream() as third:
            await third()
            assert (await refused(ben))[0] == 429
        await ana.post("/say", text="hello")
        assert (await two())[1]["entries"][0]["line"] == "hello"


async def test_a_page_may_be_reloaded_as_often_as_one_likes(opens):
    ana = await opens("ana")
    for _ in range(60):
        async with ana.stream() as following:
            await following()
