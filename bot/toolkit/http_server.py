"""The HTTP server of every adapter that has one: aiohttp, with limits to what strangers may hold of it."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any

from aiohttp import web

from bot.toolkit import open_files
from bot.toolkit.connections import RESERVED, Connection, Connections, Limits

log = logging.getLogger(__name__)

SERVER = {"Server": "Milepost"}
"""Server header of every answer: no versions, which tell an attacker what to try."""

BACKLOG = 64
"""Connections that the system accepts before we do; more at once are refused."""

READ_WITHIN = 5.0
"""Seconds for a body to arrive."""


class HttpServer:
    """An HTTP server of an application until ``close``; requests in progress then get ``grace`` seconds."""

    def __init__(
        self, application: web.Application, limits: Limits | None = None, grace: float = 10.0
    ) -> None:
        self._limits = limits or Limits()
        application.on_response_prepare.append(_name)
        # No access log: addresses may hold codes.
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=grace)
        self._server: asyncio.Server | None = None
        self._next_look: asyncio.TimerHandle | None = None
        self._connections = Connections(self._limits, room_for(self._limits.connections), SERVER)

    async def open(
        self, *, host: str | None = None, port: int = 0, sock: socket.socket | None = None
    ) -> None:
        """Listen at an address, or on a socket that is bound already. Raises OSError."""
        loop = asyncio.get_running_loop()
        await self._runner.setup()
        where: dict[str, Any] = {"sock": sock} if sock else {"host": host, "port": port}
        self._server = await loop.create_server(self._connected, backlog=BACKLOG, **where)
        self._look()

    @property
    def addresses(self) -> list[tuple[Any, ...]]:
        """Addresses on which it listens, as the system writes them; empty while it does not."""
        return [each.getsockname() for each in self._server.sockets] if self._server else []

    @property
    def connected(self) -> int:
        """Return how many connections are open."""
        return len(self._connections)

    async def close(self) -> None:
        """Take nothing more, and answer what has come in."""
        if self._next_look:
            self._next_look.cancel()
        if self._server:
            self._server.close()
        await self._runner.cleanup()

    def _connected(self) -> Connection:
        assert self._runner.server is not None
        return Connection(self._runner.server, self._connections, self._limits)

    def _look(self) -> None:
        """Close what is overdue, now and regularly."""
        loop = asyncio.get_running_loop()
        self._connections.close_overdue(loop.time())
        self._next_look = loop.call_later(min(1.0, self._limits.header / 4), self._look)


def room_for(connections: int) -> int:
    """Return how many of these connections this process has room for beside its other files."""
    files = open_files.limit()
    room = min(connections, max(files // 4, files - RESERVED))
    if room < connections:
        log.warning(
            "room for %d connections instead of %d: this process may open %d files",
            room,
            connections,
            files,
        )
    return room


async def body_of(request: web.Request) -> bytes:
    """Return the whole body.

    Raises an HTTPException with a sentence if it is malformed or takes too long.
    """
    try:
        async with asyncio.timeout(READ_WITHIN):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="The request arrived too slowly.\n") from None
    except web.RequestPayloadError:
        raise web.HTTPBadRequest(text="The request can't be read.\n") from None


async def _name(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(SERVER)
