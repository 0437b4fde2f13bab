"""What strangers may hold of an HTTP server, over real connections: places, seconds, lines of the log."""

import asyncio
import logging
import random
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.toolkit.connections import Connection, Limits
from bot.toolkit.http_server import HttpServer, body_of, room_for
from bot.toolkit.networks import counted, read_networks

pytestmark = pytest.mark.asyncio

ASKS = b"GET /ok HTTP/1.1\r\nHost: x\r\n\r\n"
HALF = b"GET /ok HTTP/1.1\r\nHost: x\r\nX-A: "
PATIENCE = 20.0
NEVER = 3600.0
CALM = {"header": NEVER, "idle": NEVER, "unread": NEVER}


class Served:
    """A small application that runs; ``held`` keeps ``/slow`` from answering."""

    def __init__(self, **limits):
        self.held = asyncio.Event()
        self.serving = 0
        application = web.Application(client_max_size=1000)
        application.add_routes(
            [
                web.get("/ok", self._ok),
                web.get("/slow", self._slow),
                web.get("/large", self._large),
                web.get("/broken", self._broken),
                web.post("/body", self._body),
            ]
        )
        self.server = HttpServer(application, Limits(**(CALM | limits)), 0.1)

    async def _ok(self, _):
        return web.Response(text="ok")

    async def _slow(self, _):
        self.serving += 1
        await self.held.wait()
        return web.Response(text="late")

    async def _large(self, _):
        return web.Response(body=bytes(50_000_000))

    async def _broken(self, _):
        raise RuntimeError("a fault of ours")

    async def _body(self, request):
        return web.Response(text=str(len(await body_of(request))))

    async def opens(self, *, source="127.0.0.1", says=b""):
        """A new connection from an address."""
        host, port = self.server.addresses[0][:2]
        reader, writer = await asyncio.open_connection(host, port, local_addr=(source, 0))
        writer.write(says)
        self.writers.append(writer)
        return reader, writer

    async def asks(self, says=ASKS, **where):
        """Everything that comes back until the server closes, or a first answer with its body."""
        reader, writer = await self.opens(says=says, **where)
        answer = await read_answer(reader)
        writer.close()
        return answer


async def read_answer(reader):
    """One whole answer: head and body. Empty where the server has closed."""
    async with asyncio.timeout(PATIENCE):
        head = b""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0] or 0)
            return head + await reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            return head


async def closed(reader):
    """Wait until the server closes the connection."""
    async with asyncio.timeout(PATIENCE):
        try:
            while await reader.read(1 << 16):
                pass
        except ConnectionError:
            pass


async def until(true):
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.005)


@asynccontextmanager
async def serving(**limits):
    served = Served(**limits)
    served.writers = []
    await served.server.open(host="127.0.0.1")
    try:
        yield served
    finally:
        served.held.set()
        for writer in served.writers:
            writer.close()
        await served.server.close()


def errors(caplog):
    return [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info]


async def test_a_connection_whose_header_does_not_come_is_closed():
    async with serving(header=0.2) as served:
        for says in (b"", b"G", HALF, b"\r\n"):
            reader, _ = await served.opens(says=says)
            await closed(reader)
        assert served.server.connected == 0


async def test_a_header_that_drips_is_no_better():
    async with serving(header=0.3) as served:
        reader, writer = await served.opens(says=HALF)

        async def drips():
            while True:
                writer.write(b"a")
                await asyncio.sleep(0.01)

        dripping = asyncio.create_task(drips())
        await closed(reader)
        dripping.cancel()


async def test_the_next_header_is_timed_as_the_first():
    async with serving(header=0.2) as served:
        reader, writer = await served.opens(says=ASKS)
        assert b"200 OK" in await read_answer(reader)
        writer.write(HALF)
        await closed(reader)


POST = b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody"
CHUNKED = b"POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"


def in_pieces(says, size):
    return [says[start : start + size] for start in range(0, len(says), size)]


@pytest.mark.parametrize("rest", [b"G", HALF], ids=["a byte", "half a header"])
@pytest.mark.parametrize("whole", [ASKS, ASKS * 3, ASKS * 100, POST, CHUNKED, POST + CHUNKED + ASKS])
@pytest.mark.parametrize("size", [1 << 16, 7])
async def test_a_header_that_begins_right_behind_a_request_is_timed_as_any(whole, rest, size):
    async with serving(header=0.2) as served:
        reader, writer = await served.opens()
        for piece in in_pieces(whole + rest, size):
            writer.write(piece)
            await asyncio.sleep(0)
        for _ in range(whole.count(b"HTTP")):
            assert b"200 OK" in await read_answer(reader)
        await closed(reader)


async def test_a_header_that_begins_while_a_request_is_served_is_timed_too():
    async with serving(header=0.2) as served:
        reader, writer = await served.opens(says=ASKS.replace(b"ok", b"slow"))
        await until(lambda: served.serving)
        writer.write(HALF)
        await asyncio.sleep(0.4)
        served.held.set()
        assert b"late" in await read_answer(reader)
        await closed(reader)


@pytest.mark.parametrize("whole", [ASKS, ASKS * 100, POST, CHUNKED, POST * 3 + CHUNKED * 50])
@pytest.mark.parametrize("size", [1 << 16, 7])
async def test_whole_requests_leave_the_connection_idle_and_not_in_a_header(whole, size):
    async with serving(header=0.1) as served:
        reader, writer = await served.opens()
        for piece in in_pieces(whole, size):
            writer.write(piece)
            await asyncio.sleep(0)
        for _ in range(whole.count(b"HTTP")):
            assert b"200 OK" in await read_answer(reader)
        await asyncio.sleep(0.3)
        writer.write(ASKS)
        assert b"200 OK" in await read_answer(reader)


async def test_a_request_that_takes_long_to_serve_is_not_hurried():
    async with serving(header=0.1, unread=0.1) as served:
        reader, _ = await served.opens(says=ASKS.replace(b"ok", b"slow"))
        await until(lambda: served.serving)
        await asyncio.sleep(0.4)
        served.held.set()
        assert b"late" in await read_answer(reader)


async def test_an_idle_connection_is_closed_after_a_while_and_not_before():
    async with serving(idle=0.6, header=0.1) as served:
        reader, writer = await served.opens(says=ASKS)
        assert b"200 OK" in await read_answer(reader)
        await asyncio.sleep(0.2)
        writer.write(ASKS)
        assert b"200 OK" in await read_answer(reader)
        await closed(reader)


async def test_a_client_that_never_reads_is_given_up():
    async with serving(unread=0.2, header=1.0) as served:
        _, writer = await served.opens(says=ASKS.replace(b"ok", b"large"))
        writer.transport.pause_reading()
        await until(lambda: served.server.connected == 1)
        await until(lambda: served.server.connected == 0)


@pytest.mark.parametrize("holding", ["nothing", "half a header", "an answered request", "half a body"])
async def test_who_lets_us_wait_gives_way_to_who_asks(holding):
    says = {
        "nothing": b"",
        "half a header": HALF,
        "an answered request": ASKS,
        "half a body": b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf",
    }[holding]
    async with serving(connections=5) as served:
        first, _ = await served.opens(says=says)
        for _ in range(20):
            await served.opens(says=says)
        await until(lambda: served.server.connected == 5)
        await closed(first)
        assert b"200 OK" in await served.asks()


async def test_new_connections_break_off_none_that_was_served_and_those_leave_new_ones_time():
    async with serving(connections=10) as served:
        kept = [await served.opens(says=ASKS) for _ in range(3)]
        for reader, _ in kept:
            await read_answer(reader)
        for _ in range(30):
            await served.opens(says=HALF)
        await until(lambda: served.server.connected == 10)
        for reader, writer in kept:
            writer.write(ASKS)
            assert b"200 OK" in await read_answer(reader)
        for _ in range(9):
            reader, _ = await served.opens(says=ASKS)
            await read_answer(reader)
        new, writer = await served.opens(says=HALF)
        for _ in range(9):
            reader, _ = await served.opens(says=ASKS)
            await read_answer(reader)
        writer.write(b"\r\n\r\n")
        assert b"200 OK" in await read_answer(new)


async def test_who_is_being_served_gives_way_to_nobody(caplog):
    async with serving(connections=3) as served:
        slow = [await served.opens(says=ASKS.replace(b"ok", b"slow")) for _ in range(3)]
        await until(lambda: served.serving == 3)
        reader, _ = await served.opens(says=ASKS)
        await closed(reader)
        served.held.set()
        assert [b"late" in await read_answer(reader) for reader, _ in slow] == [True] * 3
        assert "connections have reached their limit of 3" in caplog.text


async def test_one_address_may_hold_only_so_many():
    async with serving(connections=20, per_address=4) as served:
        for _ in range(10):
            await served.opens(source="127.0.0.2", says=HALF)
        await until(lambda: served.server.connected == 4)
        others = [await served.opens(source="127.0.0.3", says=HALF) for _ in range(2)]
        assert b"200 OK" in await served.asks(source="127.0.0.2")
        await asyncio.sleep(0)
        assert not any(reader.at_eof() for reader, _ in others)


async def test_a_proxy_may_hold_all():
    proxies = read_networks("127.0.0.2, 10.0.0.0/8")
    async with serving(connections=20, per_address=4, proxies=proxies) as served:
        for _ in range(12):
            await served.opens(source="127.0.0.2", says=HALF)
        await until(lambda: served.server.connected == 12)


async def test_requests_in_one_breath_are_answered_in_turn():
    async with serving() as served:
        reader, writer = await served.opens(says=ASKS * 100 + HALF)
        for _ in range(100):
            assert b"200 OK" in await read_answer(reader)
        writer.write(b"\r\n\r\n")
        assert b"200 OK" in await read_answer(reader)


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


@pytest.mark.parametrize(
    ("peer", "told"),
    [
        (("203.0.113.9", 1), ("203.0.113.9", "203.0.113.9")),
        (("::ffff:203.0.113.9", 1, 0, 0), ("203.0.113.9", "203.0.113.9")),
        (("2001:db8:1:2:3::4", 1, 0, 0), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64")),
        (("fe80::1%eth0", 1, 0, 2), ("fe80::1", "fe80::/64")),
        (("10.1.2.3", 1), ("10.1.2.3", "")),
        (("::ffff:10.1.2.3", 1, 0, 0), ("10.1.2.3", "")),
        ("", ("", "")),
    ],
)
async def test_addresses_are_counted_as_their_owners(peer, told):
    assert counted(peer, read_networks("10.0.0.0/8")) == told
