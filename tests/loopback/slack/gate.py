"""Checks of every call: the token, scopes and limits; and the answer as JSON."""

import asyncio
import base64
import json

from aiohttp import web

from tests.loopback import gate
from tests.loopback.slack.record import Asked, Call
from tests.loopback.slack.refusals import Refused, TooMany, too_many

AS_JSON = {"blocks", "attachments", "view", "metadata", "files", "unfurls"}


class Gate(gate.Gate):
    """Around every address that the bot calls."""

    async def api(self, request):
        """``/api/<method>``."""
        return await self.passed(request, self._call_method, request.match_info["method"])

    def entry(self, request, name):
        """A new line of the record."""
        return Call(self._server.now(), name)

    async def read(self, request, entry):
        """The arguments and what they are worth, for the method and for the record."""
        args, data = await _read(request)
        if self._server.rules.keep_bodies:
            entry.args = args
        grant = self._server.grants.get(_token(request, args))
        team = grant and grant.team
        entry.team = grant and team.id
        return Asked(entry.method, args, team, grant, entry, _login(request, args), data)

    async def serve(self, entry, asked, handler):
        """Status, headers and body; what is refused is noted."""
        scopes = {"X-OAuth-Scopes": ",".join(sorted(asked.team.scopes))} if asked.team else {}
        try:
            return 200, scopes, await handler(asked)
        except TooMany as refusal:
            self._server.too_many += 1
            return too_many(refusal.retry_after)
        except Refused as refusal:
            if refusal.problems:
                self._server.refuse(refusal.error, refusal.problems)
            return refusal.status, {}, refusal.body

    def response(self, entry, headers, body):
        """As JSON, whose error is put on record, or as the text that it is."""
        if isinstance(body, str):
            kind = "text/plain" if entry.status == 200 else "text/html"
            return web.Response(status=entry.status, text=body, headers=headers, content_type=kind)
        entry.error = body.get("error")
        data = json.dumps(body).encode()
        return web.Response(
            status=entry.status, body=data, headers=headers, content_type="application/json"
        )

    async def _call_method(self, asked):
        method = self._server.methods.get(asked.method)
        if method is None:
            raise Refused("unknown_method", req_method=asked.method)
        if not method.public:
            self._admit(asked, method)
        team = asked.team.id if asked.team else ""
        self._server.limits.take_method(team, asked.method, method.tier)
        body = method.serve(asked)
        body = await body if asyncio.iscoroutine(body) else body
        return {"ok": True, **(body or {})}

    def _admit(self, asked, method):
        """The token and its scopes."""
        grant, team = asked.grant, asked.team
        if grant is None:
            raise Refused("not_authed" if not asked.args.get("token") else "invalid_auth")
        if not team.installed:
            raise Refused("account_inactive")
        if grant.revoked:
            raise Refused("token_revoked")
        if grant.expires is not None and self._server.now() >= grant.expires:
            raise Refused("token_expired")
        if method.scope and method.scope not in team.scopes:
            provided = ",".join(sorted(team.scopes))
            raise Refused("missing_scope", needed=method.scope, provided=provided)


def _token(request, args):
    """From the header or the arguments; kept in the arguments, where ``not_authed`` looks for it."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        args["token"] = header.removeprefix("Bearer ")
    return args.get("token")


def _login(request, args):
    """The app's id and secret, from basic authorisation or the arguments."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Basic "):
        login, _, password = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
        return login, password
    return args.get("client_id", ""), args.get("client_secret", "")


async def _read(request):
    """The arguments of query, form and JSON body together, and a body that is none of them."""
    args = dict(request.query)
    data = b""
    if request.content_type == "application/json":
        args |= json.loads(await request.read() or b"{}")
    elif request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        args |= dict(await request.post())
    else:
        data = await request.read()
    return {key: _decoded(key, value) for key, value in args.items()}, data


def _decoded(key, value):
    """Objects come as JSON text in forms. What is no JSON stays text, and is refused where it is used."""
    if key in AS_JSON and isinstance(value, str):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    return value
