"""What every call passes: the record, faults, the token, scopes and limits; and the answer as JSON."""

import asyncio
import base64
import json
from contextvars import ContextVar

from aiohttp import web

from tests.loopback_slack.faults import reset
from tests.loopback_slack.record import Asked, Call
from tests.loopback_slack.refusals import Refused, TooMany

AS_JSON = {"blocks", "attachments", "view", "metadata", "files", "unfurls"}
current = ContextVar("current", default="")
"""The method that is being served."""


class Gate:
    """Goes around every address that the bot calls."""

    def __init__(self, server):
        self._server = server

    async def api(self, request):
        """``/api/<method>``."""
        return await self.passed(request, request.match_info["method"], self._call_method)

    async def passed(self, request, name, serve):
        """``serve(asked)`` behind record and faults. Errors of our own are kept in ``server.crashes``."""
        try:
            return await self._pass(request, name, serve)
        except ConnectionError:
            raise
        except Exception as error:
            self._server.crashes.append(error)
            raise

    async def _pass(self, request, name, serve):
        server = self._server
        args, data = await _read(request)
        call = Call(server.now(), name, args if server.rules.keep_bodies else {})
        server.calls.append(call)
        current.set(name)
        grant = server.grants.get(_token(request, args))
        asked = Asked(name, args, grant and grant.team, grant, call, _login(request, args), data)
        call.team = grant and grant.team.id
        call.fault = server.faults.strike(name, args)
        try:
            status, headers, body = await self._answer(asked, serve)
        finally:
            call.seconds = server.now() - call.at
        if status == 0:
            reset(request.transport)
            return web.Response(status=500)
        call.status = status
        if isinstance(body, dict):
            call.error = body.get("error")
        return _response(status, headers, body)

    async def _answer(self, asked, serve):
        """Status (0 for a reset connection), headers and body, after what a fault does."""
        fault = asked.call.fault
        if fault is None:
            return await self._serve(asked, serve)
        await asyncio.sleep(fault.delay)
        answer = await self._serve(asked, serve) if fault.acted or not fault.answers else None
        if fault.reset:
            return 0, {}, None
        if fault.status == 429:
            return _too_many(fault.retry_after)
        if fault.status:
            return fault.status, {}, "<html><body>scripted</body></html>"
        return (200, {}, {"ok": False, "error": fault.error}) if fault.error else answer

    async def _serve(self, asked, serve):
        try:
            return 200, {}, await serve(asked)
        except TooMany as refusal:
            self._server.too_many += 1
            return _too_many(refusal.retry_after)
        except Refused as refusal:
            if refusal.problems:
                self._server.refuse(refusal.error, refusal.problems)
            return refusal.status, {}, refusal.body

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


def _too_many(seconds):
    return 429, {"Retry-After": str(seconds)}, {"ok": False, "error": "ratelimited"}


def _response(status, headers, body):
    if isinstance(body, str):
        kind = "text/plain" if status == 200 else "text/html"
        return web.Response(status=status, text=body, headers=headers, content_type=kind)
    return web.Response(
        status=status, body=json.dumps(body).encode(), headers=headers, content_type="application/json"
    )


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
