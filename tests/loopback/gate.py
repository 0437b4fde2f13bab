"""Steps of every request of a bot: the record, scripted failures, and the server's own crashes."""

from contextvars import ContextVar

from aiohttp import web

from tests.loopback.faults import reset

current = ContextVar("current", default=None)
"""The record of the request that is being served, None outside of any."""

RESET = 0
"""The status of a request whose connection was reset instead of an answer."""


class Gate:
    """Goes around every address that a bot calls. A server's own gate has

    - ``entry(request, name)``: a new line of the record
    - ``read(request, entry)``, awaited: what the handler gets
    - ``serve(entry, asked, handler)``, awaited: status, headers and body, refusals too
    - ``response(entry, headers, body)``: the same for aiohttp
    """

    def __init__(self, server):
        self._server = server

    async def passed(self, request, handler, name=""):
        """Answer with ``handler(asked)``; ``name`` is what the record calls an address without a name.

        Errors of our own are kept in ``server.crashes``.
        """
        try:
            return await self._pass(request, handler, name)
        except ConnectionError:
            raise
        except Exception as error:
            self._server.crashes.append(error)
            raise
        finally:
            self._server.pulse.beat()

    async def _pass(self, request, handler, name):
        server, entry = self._server, self.entry(request, name)
        server.record.append(entry)
        current.set(entry)
        asked = await self.read(request, entry)
        entry.fault = server.faults.strike(entry, asked)
        try:
            status, headers, body = await self._answer(entry, asked, handler)
        finally:
            entry.seconds = server.now() - entry.at
        if status == RESET:
            reset(request.transport)
            return web.Response(status=500)
        entry.status = status
        return self.response(entry, headers, body)

    async def _answer(self, entry, asked, handler):
        """Status, headers and body, after what a fault does."""
        fault = entry.fault
        if fault is None:
            return await self.serve(entry, asked, handler)
        self._server.pulse.beat()
        await fault.let_go()
        served = None
        if fault.acted or not fault.answers:
            served = await self.serve(entry, asked, handler)
        if fault.reset:
            return RESET, {}, None
        return fault.answer() if fault.answers else served
