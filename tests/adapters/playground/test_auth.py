"""Requests that the playground lets in or turns away, over a real connection."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import uuid
from types import SimpleNamespace

import aiohttp
import pytest

from adapters.playground import PlaygroundConfig
from adapters.playground.auth import Auth
from bot.chat import Transient
from tests.adapters.playground.conftest import TOKEN
from tests.adapters.playground.fakes import FakeClock

PATHS = [
    "/",
    "/events?as=ana",
    "/suggest?as=ana",
    "/earlier?as=ana&channel=backend&before=9",
    "/static/main.js",
    "/nowhere",
    "/say",
]


@pytest.fixture
def base(playground):
    return playground.address.partition("/?")[0]


async def fetch(url, **options):
    method = options.pop("method", "GET")
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, allow_redirects=False, **options) as response,
    ):
        return response, await response.text()


@pytest.mark.asyncio
@pytest.mark.parametrize("path", PATHS)
async def test_nothing_is_served_without_the_cookie(base, path):
    response, text = await fetch(base + path)
    assert response.status == 403
    assert "Open the address that Milepost printed" in text


@pytest.mark.asyncio
@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x", TOKEN[:-1], "ü\u2028"])
async def test_a_wrong_token_gives_no_cookie(base, token):
    response, _ = await fetch(f"{base}/", params={"token": token})
    assert response.status == 403
    assert "Set-Cookie" not in response.headers


@pytest.mark.asyncio
async def test_the_token_is_exchanged_for_a_cookie_and_leaves_the_address(playground, base):
    response, _ = await fetch(f"{playground.address}&as=ana")
    assert (response.status, response.headers["Location"].partition("#enter=")[0]) == (303, "/?as=ana")
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in cookie
    follow, text = await fetch(f"{base}/?as=ana", headers={"Cookie": cookie.partition(";")[0]})
    assert follow.status == 200
    assert TOKEN not in text


@pytest.mark.asyncio
async def test_the_browsers_address_works_once_and_does_not_hold_the_key(playground, base):
    address = playground.address_for_browser
    assert TOKEN not in address
    response, _ = await fetch(f"{address}&as=ana")
    assert (response.status, response.headers["Location"].partition("#enter=")[0]) == (303, "/?as=ana")
    cookie = response.headers["Set-Cookie"].partition(";")[0]
    follow, text = await fetch(f"{base}/?as=ana", headers={"Cookie": cookie})
    assert follow.status == 200
    assert address.partition("once=")[2] not in text
    again, text = await fetch(address)
    assert again.status == 403
    assert "Set-Cookie" not in again.headers
    assert "Open the address that Milepost printed" in text


@pytest.mark.asyncio
@pytest.mark.parametrize(("seconds", "status"), [(60, 303), (61, 403)])
async def test_the_browsers_address_works_for_a_minute(playground, clock, wall, seconds, status):
    address = playground.address_for_browser
    wall.time += dt.timedelta(seconds=seconds)
    await clock.skip("week")
    assert (await fetch(address))[0].status == status
    assert (await fetch(address))[0].status == 403


@pytest.mark.asyncio
async def test_a_new_address_for_the_browser_voids_the_one_before(playground):
    first, second = playground.address_for_browser, playground.address_for_browser
    assert first != second
    assert (await fetch(first))[0].status == 403
    assert (await fetch(second))[0].status == 303


@pytest.mark.asyncio
@pytest.mark.parametrize("code", ["", "wrong", TOKEN, "é"])
async def test_a_wrong_code_opens_nothing_and_spends_nothing(playground, base, code):
    assert (await fetch(f"{base}/", params={"once": code}))[0].status == 403
    address = playground.address_for_browser
    assert (await fetch(f"{base}/", params={"once": code}))[0].status == 403
    assert (await fetch(address.replace("/?", "/say?")))[0].status == 403
    assert (await fetch(address, method="HEAD"))[0].status == 403
    assert (await fetch(address))[0].status == 303


@pytest.mark.asyncio
async def test_codes_are_compared_in_constant_time(playground, base, monkeypatch):
    compared = []

    def compare(one, other):
        compared.append((one, other))
        return one == other

    code = playground.address_for_browser.partition("once=")[2]
    monkeypatch.setattr("adapters.playground.auth.hmac.compare_digest", compare)
    await fetch(f"{base}/", params={"once": code[:-1]})
    assert (code[:-1].encode(), code.encode()) in compared


@pytest.mark.asyncio
async def test_a_stopped_playground_has_no_address_for_a_browser(playground):
    await playground.stop()
    with pytest.raises(Transient):
        _ = playground.address_for_browser


@pytest.mark.asyncio
@pytest.mark.parametrize("cookie", ["wrong", TOKEN, "", "é"])
async def test_a_wrong_cookie_is_none(base, cookie):
    port = base.rpartition(":")[2]
    response, _ = await fetch(f"{base}/", headers={"Cookie": f"milepost_{port}={cookie}"})
    assert response.status == 403


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil:{port}", ""]
)
async def test_another_host_name_is_refused_even_with_the_token(playground, base, host):
    port = base.rpartition(":")[2]
    response, text = await fetch(playground.address, headers={"Host": host.format(port=port)})
    assert response.status in {400, 403}
    assert "Set-Cookie" not in response.headers
    assert TOKEN not in text


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "[::1]:8765", "LOCALHOST:8765"])
def test_the_local_names_are_served(host):
    Auth("t", "127.0.0.1", 8765, FakeClock()).check_host(SimpleNamespace(headers={"Host": host}))


CHANGES = ["/say", "/press", "/form", "/dismiss", "/clock"]


@pytest.mark.asyncio
@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": None}, 403),
        ({"Origin": "https://127.0.0.1"}, 403),
        ({"X-Milepost-Key": "wrong"}, 403),
        ({"X-Milepost-Key": ""}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
async def test_a_change_must_come_from_our_own_page(opens, app, path, change, status):
    ana = await opens("ana")
    headers = {"Origin": ana.base, "X-Milepost-Key": ana.key, "Content-Type": "application/json"} | change
    headers = {name: value for name, value in headers.items() if value is not None}
    body = json.dumps({"as": "ana", "channel": "backend", "text": "/quiz", "event": str(uuid.uuid4())})
    async with ana.session.post(ana.base + path, data=body, headers=headers) as response:
        assert response.status == status
        assert (await response.json())["error"].endswith(".")
    assert app.seen == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b"[" * 50_000, 400),
        (b" " * 300_000, 413),
    ],
)
async def test_a_malformed_or_oversized_body_gets_one_sentence(opens, body, status, caplog):
    ana = await opens("ana")
    headers = {"Origin": ana.base, "X-Milepost-Key": ana.key, "Content-Type": "application/json"}
    async with ana.session.post(ana.base + "/say", data=body, headers=headers) as response:
        answer = await response.json()
    assert response.status == status
    assert "Traceback" not in answer["error"]
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.asyncio
async def test_every_answer_carries_the_strict_headers(opens, base):
    ana = await opens("ana")
    async with ana.session.get(f"{base}/?as=ana") as page:
        policy = page.headers["Content-Security-Policy"]
    for url in (f"{base}/static/main.js", f"{base}/nowhere", f"{base}/events?as=ana"):
        async with ana.session.get(url) as response:
            assert response.headers["Content-Security-Policy"] == policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Referrer-Policy"] == "no-referrer"
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.asyncio
async def test_the_page_has_no_inline_code_and_names_no_other_host(opens, base):
    ana = await opens("ana")
    async with ana.session.get(f"{base}/?as=ana") as page:
        html = await page.text()
    assert "style=" not in html
    assert " on" not in "".join(part.partition(">")[0] for part in html.split("<script")[1:])
    assert "http://" not in html.replace(base, "")
    assert "https://" not in html


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path", ["/static/../server.py", "/static/%2e%2e/server.py", "/static/..%2fserver.py"]
)
async def test_static_files_are_all_that_can_be_read(opens, base, path):
    ana = await opens("ana")
    _, port = base.removeprefix("http://").split(":")
    cookie = "; ".join(f"{c.key}={c.value}" for c in ana.session.cookie_jar)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n".encode()
        + f"Cookie: {cookie}\r\nConnection: close\r\n\r\n".encode()
    )
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith((b"HTTP/1.1 403", b"HTTP/1.1 404"))
    assert b"import" not in answer


def test_the_secret_is_not_printed_with_the_config():
    assert "hush" not in repr(PlaygroundConfig(token="hush"))


def test_a_token_is_made_when_none_is_given():
    first, second = PlaygroundConfig(), PlaygroundConfig()
    assert len(first.token) >= 32
    assert first.token != second.token
