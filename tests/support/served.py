"""A small application behind our HTTP server, and bytes of a client of it."""

import asyncio
from contextlib import asynccontextmanager

from aiohttp import web

from bot.toolkit.connections import Limits
from bot.toolkit.http_server import HttpServer, body_of

ASKS = b"GET /ok HTTP/1.1\r\nHost: x\r\n\r\n"
HALF = b"GET /ok HTTP/1.1\r\nHost: x\r\nX-A: "
PATIENCE = 20.0
NEVER = 3600.0
CALM = {"header": NEVER, "idle": NEVER, "unread": NEVER}


class PostedContent:
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
    served = PostedContent(**limits)
    served.writers = []
    await served.server.open(host="127.0.0.1")
    try:
        yield served
    finally:
        served.held.set()
        for writer in served.writers:
            writer.close()
        await served.server.close()
