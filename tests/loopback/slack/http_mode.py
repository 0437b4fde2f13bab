"""HTTP mode: signed POST requests to the bot, and badly signed ones on request."""

import asyncio
import hashlib
import hmac
import json
from urllib.parse import urlencode

import aiohttp

from tests.loopback.slack.ids import secret
from tests.loopback.slack.interactions import EVENTS, SLASH, Ack

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class Requests:
    """``url`` is where the bot takes requests; while it is empty, Socket Mode is used."""

    def __init__(self, server):
        self._server = server
        self._session = None
        self.url = ""

    def send_to(self, url):
        """From now on everything goes there."""
        self.url = url

    async def send(self, interaction, number, reason, within):
        """The Ack with the bot's status, or None if none came in time."""
        kind, body = _body(interaction)
        why = "http_timeout" if reason == "timeout" else reason
        again = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": why} if number else {}
        try:
            status, answer = await self.post(body, kind, within=within, headers=again)
        except (TimeoutError, aiohttp.ClientError):
            return None
        return Ack(status, _parsed(answer) if status == 200 else None, self._server.now())

    async def post(self, body, kind=JSON, *, within=3.0, headers=None, how="right"):
        """One request: (status, text). ``how`` it is signed: see ``_signed``."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        sent = {"Content-Type": kind, **self._signed(body, how), **(headers or {})}
        timeout = aiohttp.ClientTimeout(total=within)
        async with self._session.post(self.url, data=body.encode(), headers=sent, timeout=timeout) as got:
            return got.status, await got.text()

    async def forged(self, how):
        """A harmless event, signed badly (``wrong``, ``old``, ``letters``, ``none``): (status, text)."""
        body = json.dumps({"type": "url_verification", "challenge": "forged", "token": "x"})
        return await self.post(body, how=how)

    async def verifies(self):
        """Does the bot answer the challenge with which Slack checks an address?"""
        challenge = secret()
        told = {
            "type": "url_verification",
            "challenge": challenge,
            "token": self._server.verification_token,
        }
        status, answer = await self.post(json.dumps(told))
        return status == 200 and challenge in answer

    def _signed(self, body, how):
        """``right``; ``wrong`` key; ``old`` by ten minutes; ``letters`` for a time; ``none`` at all."""
        if how == "none":
            return {}
        now = int(self._server.clock())
        at = {"old": str(now - 600), "letters": "yesterday"}.get(how, str(now))
        key = "wrong" if how == "wrong" else self._server.signing_secret
        digest = hmac.new(key.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}

    async def close(self):
        """The end of the server."""
        if self._session is not None:
            await self._session.close()
            await asyncio.sleep(0)


def _body(interaction):
    if interaction.kind == SLASH:
        return FORM, urlencode(interaction.payload)
    told = json.dumps(interaction.payload)
    return (JSON, told) if interaction.kind == EVENTS else (FORM, urlencode({"payload": told}))


def _parsed(answer):
    if not answer.strip():
        return None
    try:
        return json.loads(answer)
    except json.JSONDecodeError:
        return {"text": answer}
