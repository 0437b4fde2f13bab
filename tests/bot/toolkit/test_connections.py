"""Connections that strangers may hold to an HTTP server, by number and seconds, over real sockets."""

import asyncio

import pytest

from bot.toolkit.networks import read_networks
from tests.support.served import ASKS, HALF, closed, read_answer, serving, until

pytestmark = pytest.mark.asyncio


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
                await asyncio.sleep(0.01)  # the pace of the drip, which is the attack

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
        await asyncio.sleep(0.4)  # longer than the header may take: nothing may happen meanwhile
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
        await asyncio.sleep(0.3)  # longer than a header may take: nothing may happen meanwhile
        writer.write(ASKS)
        assert b"200 OK" in await read_answer(reader)


async def test_a_request_that_takes_long_to_serve_is_not_hurried():
    async with serving(header=0.1, unread=0.1) as served:
        reader, _ = await served.opens(says=ASKS.replace(b"ok", b"slow"))
        await until(lambda: served.serving)
        await asyncio.sleep(0.4)  # longer than the header may take: nothing may happen meanwhile
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
