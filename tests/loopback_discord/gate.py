"""What every REST request passes: the record, faults, the token, the global limit; and JSON both ways."""

import asyncio
import json
import re
from contextvars import ContextVar

from aiohttp import web

from tests.loopback_discord.faults import reset
from tests.loopback_discord.ratelimits import too_many
from tests.loopback_discord.record import Answer, Asked, File, Refusal, Request
from tests.loopback_discord.refusals import UNAUTHORIZED, Refused
from tests.loopback_discord.sessions import encode

API = "/api/v10"
EXEMPT = ("/interactions/", "/webhooks/")
FILE_FIELD = re.compile(r"files\[(\d+)\]")
current = ContextVar("current")
"""The record of the request that is being served."""


class Gate:
    """Goes around every route."""

    def __init__(self, server):
        self._server = server

    def around(self, handler):
        """``handler(asked)`` as aiohttp wants it. Errors of our own are kept in ``server.crashes``."""

        async def passed(request):
            try:
                return await self._pass(request, handler)
            except ConnectionError:
                raise
            except Exception as error:
                self._server.crashes.append(error)
                raise

        return passed

    async def _pass(self, request, handler):
        server = self._server
        entry = Request(server.now(), request.method, request.path.removeprefix(API), dict(request.query))
        server.requests.append(entry)
        current.set(entry)
        asked = await _read(request, entry, keep=server.rules.keep_bodies)
        entry.fault = server.faults.strike(entry.method, entry.path)
        try:
            status, headers, body = await self._answer(asked, handler, entry)
        finally:
            entry.seconds = server.now() - entry.at
        if status == 0:
            reset(request.transport)
            return web.Response(status=500)
        entry.status = status
        return _response(status, headers, body)

    async def _answer(self, asked, handler, entry):
        """Status (0 for a reset connection), headers and body, after what a fault does."""
        fault = entry.fault
        if fault is None:
            return await self._serve(asked, handler, entry)
        await asyncio.sleep(fault.delay)
        answer = await self._serve(asked, handler, entry) if fault.acted or not fault.answers else None
        if fault.reset:
            return 0, {}, None
        return fault.answer() if fault.status else answer

    async def _serve(self, asked, handler, entry):
        try:
            self._admit(asked, entry)
            body = await handler(asked)
        except Refused as refusal:
            if refusal.body.get("code") == 50035:
                self._server.refuse(refusal.body["errors"])
            return refusal.status, refusal.headers, refusal.body
        if isinstance(body, Answer):
            return 200, body.headers, body.body
        return (204, {}, None) if body is None else (200, {}, body)

    def _admit(self, asked, entry):
        """The token, then the global limit; interaction answers need neither."""
        if entry.path.startswith(EXEMPT):
            return
        if asked.headers.get("Authorization") != f"Bot {self._server.rules.token}":
            raise Refused(*UNAUTHORIZED)
        wait = self._server.global_limit.wait()
        if wait:
            self._server.too_many += 1
            headers, body = too_many(wait, scope="global")
            raise Refused(429, 0, "").replaced(body, headers)


def _response(status, headers, body):
    if body is None:
        return web.Response(status=status, headers=headers)
    return web.Response(
        status=status, headers=headers, body=encode(body).encode(), content_type="application/json"
    )


async def _read(request, entry, *, keep):
    """The JSON body and the files, for the handler and for the record."""
    body, files = {}, []
    if request.content_type == "multipart/form-data":
        body, files = await _read_form(request)
    elif request.can_read_body:
        body = json.loads(await request.read() or b"{}")
    if keep:
        entry.body, entry.files = body, files
        entry.reason = request.headers.get("X-Audit-Log-Reason")
    return Asked(request.match_info, request.query, request.headers, body, files)


async def _read_form(request):
    form, files = await request.post(), []
    for key, value in form.items():
        named = FILE_FIELD.fullmatch(key)
        if named:
            files.append(File(named[1], value.filename, value.content_type, value.file.read()))
            value.file.close()
    return json.loads(form["payload_json"]), files


async def unknown(asked):
    """What is at an address that is no route."""
    raise Refused(404, 0, "404: Not Found")


def refusal(at, errors):
    """A refusal of the request that is being served."""
    entry = current.get()
    return Refusal(at, entry.method, entry.path, errors)
