"""Requests signed as Slack signs them, whatever is in them."""

import hashlib
import hmac
import io

import aiohttp

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def signed(wired, body, at=None, secret=None, kind=JSON):
    """The headers that Slack would send with a body."""
    at = str(int(wired.clock.now().timestamp())) if at is None else at
    key = secret or wired.server.signing_secret
    digest = hmac.new(key.encode(), b"v0:%b:%b" % (at.encode(), body), hashlib.sha256).hexdigest()
    return kind | {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}


async def sends(wired, body, headers, method="POST", path="/slack/events", session=None):
    """One request: (status, text)."""
    if session is None:
        async with aiohttp.ClientSession() as once:
            return await sends(wired, body, headers, method, path, once)
    async with session.request(method, wired.base + path, data=io.BytesIO(body), headers=headers) as got:
        return got.status, await got.text()
