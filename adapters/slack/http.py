"""HTTP mode: the address to which Slack sends what people do. TLS ends at a proxy in front of it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import Clock as SlackClock
from slack_sdk.signature import SignatureVerifier

from adapters.slack.wellformed import UNREADABLE, require_wellformed
from bot.chat import Clock
from bot.toolkit.connections import Limits
from bot.toolkit.http_server import HttpServer, body_of
from bot.toolkit.limits import RateLimitedLog

log = logging.getLogger(__name__)

EVENTS_PATH = "/slack/events"
HEALTH_PATH = "/healthz"

MOST_BYTES = 1 << 19
"""Slack's own requests stay far below; nobody else is to fill the memory."""

OLDEST = 300
"""Seconds that a request may be old, or ahead of our clock: one that was overheard is of no use later."""

_NUMBER = re.compile(r"[0-9]{1,12}")


class Site:
    """A web server with these routes and a health check. ``port`` 0 takes a free one.

    At the end, requests that are being answered get ``grace`` seconds.
    """

    def __init__(
        self, host: str, port: int, routes: Iterable[web.RouteDef], limits: Limits, grace: float
    ) -> None:
        self._host, self._port = host, port
        site = web.Application(client_max_size=MOST_BYTES)
        site.add_routes([web.get(HEALTH_PATH, _healthy), *routes])
        self._server = HttpServer(site, limits, grace)

    async def open(self) -> None:
        """Listen. Raises OSError, such as for a port that is in use."""
        await self._server.open(host=self._host, port=self._port)

    @property
    def address(self) -> str:
        """Return the address that the site listens on."""
        host, port = self._server.addresses[0][:2] if self._server.addresses else (self._host, self._port)
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    async def close(self) -> None:
        """Take nothing more, and answer what has come in."""
        await self._server.close()


class _Now(SlackClock):
    """The instant for slack_sdk, which would else look at the machine's clock."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def now(self) -> float:
        """Seconds since 1970."""
        return self._seconds


class Events:
    """The route for Slack's requests, passed to Bolt if they have a fresh signature."""

    def __init__(self, bolt: AsyncApp, secret: str, clock: Clock) -> None:
        self._bolt = bolt
        self._secret = secret
        self._clock = clock
        self._quiet = RateLimitedLog(log)

    def routes(self) -> tuple[web.RouteDef, ...]:
        """For a ``Site``."""
        return (web.post(EVENTS_PATH, self._serve),)

    async def _serve(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        try:
            wrong = forgery(self._secret, body, request.headers, self._clock.now().timestamp())
        except UnicodeDecodeError:
            return _refused(400, "The request isn't text in an encoding that I know.")
        if wrong:
            self._quiet.warning("refused a request to %s: %s", EVENTS_PATH, wrong)
            return _refused(401, wrong)
        try:
            asked = await to_bolt_request(request)
            require_wellformed(asked)
        except UNREADABLE as error:
            self._quiet.warning("refused a request that is signed but not Slack's: %r", error)
            return _refused(400, "The request isn't one that Slack sends.")
        return await to_aiohttp_response(await self._bolt.async_dispatch(asked))


def forgery(secret: str, body: bytes, headers: Mapping[str, str], now: float) -> str:
    """Why a request cannot be Slack's, in a sentence; empty when Slack has signed it.

    ``now`` is seconds since 1970. Raises UnicodeDecodeError when the body is no text.
    """
    at = headers.get("X-Slack-Request-Timestamp", "")
    if not _NUMBER.fullmatch(at):
        return "The request doesn't say when it was sent."
    if abs(now - int(at)) > OLDEST:
        return "The request is too old, or one of our clocks is wrong."
    given = headers.get("X-Slack-Signature", "")
    # Letters outside ASCII cannot be compared in constant time.
    if not (given.isascii() and SignatureVerifier(secret, _Now(now)).is_valid(body, at, given)):
        return "The request isn't signed with my signing secret."
    return ""


async def _healthy(_: web.Request) -> web.Response:
    return web.Response(text="ok\n")


def _refused(status: int, sentence: str) -> web.Response:
    return web.Response(status=status, text=f"{sentence}\n")
