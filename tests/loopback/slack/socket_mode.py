"""Socket Mode: tickets, connections, envelopes and their acknowledgements; and its troubles."""

import asyncio
import json

from aiohttp import WSMsgType, web

from tests.loopback.cannot import Cannot
from tests.loopback.faults import reset
from tests.loopback.slack.ids import secret
from tests.loopback.slack.interactions import EVENTS, Ack


class Sockets:
    """The connections of the app, in the order in which they came. Envelopes go to them by turns.

    ``hellos`` counts connections since the start, ``pings`` the pings that came, ``unknown`` holds
    acknowledgements of nothing.
    """

    def __init__(self, server):
        self._server = server
        self._tickets = set()
        self._waiting = {}
        self._transports = {}
        self._turn = 0
        self.open = []
        self.hellos = self.pings = 0
        self.unknown = []

    def ticket(self):
        """An address that connects once."""
        made = secret()
        self._tickets.add(made)
        return (
            f"{self._server.url.replace('http', 'ws', 1)}/link/?ticket={made}&app_id={self._server.app_id}"
        )

    async def serve(self, request):
        """One connection, until it ends."""
        ticket = request.query.get("ticket")
        if ticket not in self._tickets:
            return web.Response(status=404)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if len(self.open) >= self._server.rules.sockets:
            await _tell(socket, {"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.open.append(socket)
        self._transports[socket] = request.transport
        try:
            await _tell(socket, self._hello())
            await self._listen(socket)
        finally:
            self._gone(socket)
        return socket

    def _hello(self):
        self.hellos += 1
        self._server.pulse.beat()
        return {
            "type": "hello", "num_connections": len(self.open),
            "debug_info": {"host": "loopback", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._server.app_id},
        }  # fmt: skip

    async def _listen(self, socket):
        async for frame in socket:
            if frame.type == WSMsgType.PING:
                self.pings += 1
                await socket.pong(frame.data)
            elif frame.type == WSMsgType.TEXT:
                self._acknowledged(json.loads(frame.data))
            self._server.pulse.beat()

    def _acknowledged(self, told):
        waiting = self._waiting.get(told.get("envelope_id"))
        if waiting is None:
            self.unknown.append(told)
        elif not waiting.done():
            waiting.set_result(Ack(200, told.get("payload"), self._server.now()))

    def _gone(self, socket):
        if socket in self.open:
            self.open.remove(socket)
        self._transports.pop(socket, None)
        self._server.pulse.beat()

    async def send(self, interaction, number, reason, within):
        """Send an envelope and wait; the Ack, or None if none came in time. A later one is still noted."""
        socket = await self._next(interaction.kind)
        if socket is None:
            return None
        envelope = secret()
        event = interaction.kind == EVENTS
        told = {"envelope_id": envelope, "type": interaction.kind, "payload": interaction.payload,
                "accepts_response_payload": not event}  # fmt: skip
        if event or number:
            told |= {"retry_attempt": number, "retry_reason": reason}
        waiting = self._waiting[envelope] = asyncio.get_running_loop().create_future()
        waiting.add_done_callback(lambda done: self._note(interaction, envelope, done))
        try:
            await _tell(socket, told)
            return await asyncio.wait_for(asyncio.shield(waiting), within)
        except (TimeoutError, ConnectionError):
            return None

    def _note(self, interaction, envelope, done):
        del self._waiting[envelope]
        if not done.cancelled() and interaction.ack is None:
            interaction.ack = done.result()
            self._server.pulse.beat()

    async def _next(self, kind):
        """The connection whose turn it is; while there is none a person's client waits a little.

        None for an event when no bot listens: people may write all the same.
        """
        patience = self._server.rules.acknowledge_within if self.hellos else 0
        if not await self._server.pulse.within(patience, lambda: self.open):
            if kind == EVENTS:
                return None
            raise Cannot("No bot is connected.")
        self._turn += 1
        return self.open[self._turn % len(self.open)]

    async def connected(self, count=1, seconds=10):
        """Wait until ``count`` connections came since the start; whether they did."""
        return await self._server.pulse.within(seconds, lambda: self.hellos >= count)

    async def disconnect(self, reason="refresh_requested"):
        """Ask every connection to come anew (``warning`` tells of it some seconds before)."""
        for socket in list(self.open):
            await _tell(
                socket, {"type": "disconnect", "reason": reason, "debug_info": {"host": "loopback"}}
            )
            if reason != "warning":
                self._gone(socket)

    async def drop(self, *, rudely=False):
        """End every connection: with a close frame, or ``rudely`` with a TCP reset."""
        for socket in list(self.open):
            transport = self._transports[socket]
            self._gone(socket)
            if rudely:
                reset(transport)
            else:
                await socket.close(code=1001)

    async def close(self):
        """The end of the server."""
        for waiting in list(self._waiting.values()):
            waiting.cancel()
        await asyncio.gather(*(socket.close(code=1001) for socket in list(self.open)))


async def _tell(socket, told):
    await socket.send_str(json.dumps(told))
