"""Malformed requests and slow bodies sent to an HTTP server over real connections."""

import logging
import random

import pytest
from aiohttp import web

from bot.toolkit.connections import Connection
from bot.toolkit.http_server import room_for
from tests.support.served import ASKS, HALF, read_answer, serving

pytestmark = pytest.mark.asyncio


def errors(caplog):
    return [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info]


MALFORMED = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET\r\n\r\n",
    b"G\xc3\x89T / HTTP/1.1\r\n\r\n",
    b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /ok HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 20_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
    b"GET /ok HTTP/1.1\r\n" + b"A: b\r\n" * 50_000 + b"\r\n",
    b"GET /ok HTTP/1.1\r\nHost: x\r\nA\x00b: c\r\n\r\n",
    b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: -4\r\n\r\n",
    b"POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
    b"GET /ok HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
    b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
    b"GET /ok HTTP/1.1\r\nHost: x\r\nContent-Encoding: deflate\r\nContent-Length: 4\r\n\r\nabcd",
]


@pytest.mark.parametrize("says", MALFORMED, ids=range(len(MALFORMED)))
async def test_what_is_no_http_gets_an_answer_without_a_trace(says, caplog):
    async with serving() as served:
        answer = await served.asks(says)
        assert answer.split()[1] in {b"400", b"200"}, answer
        assert b"Server: Milepost\r\n" in answer
        assert b"aiohttp" not in answer
        assert b"200 OK" in await served.asks()
        assert errors(caplog) == []


async def test_mutated_requests_leave_no_trace_either(caplog):
    seed = random.randrange(1 << 32)
    rng = random.Random(seed)
    async with serving() as served:
        for _ in range(400):
            says = bytearray(rng.choice([*MALFORMED, ASKS, HALF + b"\r\n\r\n"]))[:3000]
            for _ in range(rng.randrange(1, 6)):
                says[rng.randrange(len(says))] = rng.randrange(256)
            reader, writer = await served.opens(says=bytes(says))
            writer.write_eof()
            if answer := await read_answer(reader):
                assert answer.split()[1] < b"500", (seed, says)
                assert b"Server: Milepost" in answer, (seed, says)
            writer.close()
        assert b"200 OK" in await served.asks()
        assert errors(caplog) == [], seed


async def test_many_malformed_requests_are_one_line(caplog):
    async with serving() as served:
        for _ in range(30):
            await served.asks(b"nonsense\r\n\r\n")
        assert len([r for r in caplog.records if "malformed" in r.getMessage()]) == 1


@pytest.mark.parametrize(
    ("says", "status"),
    [
        (ASKS, b"200"),
        (ASKS.replace(b"ok", b"none"), b"404"),
        (ASKS.replace(b"GET", b"PUT"), b"405"),
        (b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n" + b"a" * 1001, b"413"),
        (b"POST /body HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nContent-Length: 1\r\n\r\na", b"417"),
        (ASKS.replace(b"ok", b"broken"), b"500"),
    ],
)
async def test_every_answer_names_the_server_and_no_version(says, status, caplog):
    async with serving() as served:
        answer = await served.asks(says)
        assert answer.split()[1] == status
        assert answer.count(b"Server: Milepost\r\n") == 1
        assert b"aiohttp" not in answer
        assert b"Python" not in answer
        assert len(errors(caplog)) == (status == b"500")


async def test_a_body_that_drips_is_not_waited_for(monkeypatch):
    monkeypatch.setattr("bot.toolkit.http_server.READ_WITHIN", 0.05)
    async with serving() as served:
        for kind in (b"Content-Length: 9", b"Transfer-Encoding: chunked"):
            says = b"POST /body HTTP/1.1\r\nHost: x\r\n" + kind + b"\r\n\r\n4\r\n"
            answer = await served.asks(says)
            assert (answer.split()[1], answer.count(b"\n")) == (b"408", answer.count(b"\n"))
            assert b"too slowly" in answer


async def test_what_aiohttp_keeps_to_itself_is_still_there():
    assert {"_waiter", "_messages", "_request_count", "_max_msg_queue_size"} <= set(
        web.RequestHandler.__slots__
    )
    assert issubclass(Connection, web.RequestHandler)


@pytest.mark.parametrize(("files", "room"), [(20_000, 500), (1024, 500), (512, 256), (256, 64), (64, 16)])
async def test_files_are_left_for_others(files, room, monkeypatch, caplog):
    monkeypatch.setattr("bot.toolkit.open_files.limit", lambda: files)
    assert room_for(500) == room
    assert ("room for" in caplog.text) == (room < 500)
