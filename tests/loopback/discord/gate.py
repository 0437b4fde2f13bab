"""Checks of every REST request: the token and the global limit; and JSON both ways."""

import json
import re

from aiohttp import web

from tests.loopback import gate
from tests.loopback.discord.ratelimits import too_many
from tests.loopback.discord.record import Answer, Asked, File, Refusal, Request
from tests.loopback.discord.refusals import UNAUTHORIZED, Refused
from tests.loopback.discord.sessions import encode

API = "/api/v10"
EXEMPT = ("/interactions/", "/webhooks/")
FILE_FIELD = re.compile(r"files\[(\d+)\]")


class Gate(gate.Gate):
    """Around every route of the REST interface."""

    def around(self, handler):
        """``handler(asked)`` as aiohttp wants it."""

        async def passed(request):
            return await self.passed(request, handler)

        return passed

    def entry(self, request, name):
        """A new line of the record."""
        return Request(
            self._server.now(), request.method, request.path.removeprefix(API), dict(request.query)
        )

    async def read(self, request, entry):
        """The JSON body and the files, for the handler and for the record."""
        body, files = {}, []
        if request.content_type == "multipart/form-data":
            body, files = await _read_form(request)
        elif request.can_read_body:
            body = json.loads(await request.read() or b"{}")
        if self._server.rules.keep_bodies:
            entry.body, entry.files = body, files
            entry.reason = request.headers.get("X-Audit-Log-Reason")
        return Asked(request.match_info, request.query, request.headers, body, files)

    async def serve(self, entry, asked, handler):
        """Status, headers and body; what is refused is noted."""
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

    def response(self, entry, headers, body):
        """As compact JSON, or with no body."""
        if body is None:
            return web.Response(status=entry.status, headers=headers)
        data = encode(body).encode()
        return web.Response(
            status=entry.status, headers=headers, body=data, content_type="application/json"
        )

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


async def _read_form(request):
    form, files = await request.post(), []
    for key, value in form.items():
        named = FILE_FIELD.fullmatch(key)
        if named:
            files.append(File(named[1], value.filename, value.content_type, value.file.read()))
            value.file.close()
    return json.loads(form["payload_json"]), files


async def unknown(asked):
    """Refuse an address that is no route."""
    raise Refused(404, 0, "404: Not Found")


def refusal(at, errors):
    """A refusal of the request that is being served."""
    entry = gate.current.get()
    return Refusal(at, entry.method, entry.path, errors)
