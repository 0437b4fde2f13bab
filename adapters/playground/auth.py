"""Authentication: a token in the printed address, then a cookie and a key; and the page's headers.

An address that is handed to a program is readable by every user of the machine, in the list of
processes. Such an address holds a code instead, which lets one browser in, once and soon.

The page binds to this machine, yet any web page open in the same browser can send requests here. So
each request must name a local host (against DNS rebinding), carry the cookie, and, if it changes
something, come from our own page.

A browser sends a cookie to every port of a host, so another program of this machine may get ours. It opens
the bare page alone. Everything else needs the key too, which the browser keeps for this port alone and only
our page sends. The page gets the key for a code that stands behind the ``#`` of the address that it is sent
to: no server is told that part, and the code works once. A page that lost the answer on its way asks again
with the id of its visit, and gets the key again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Mapping

from aiohttp import web

from bot.chat import Clock
from bot.toolkit.limits import BoundedDict

CODE_LIVES = dt.timedelta(seconds=60)

KEY_HEADER = "X-Milepost-Key"

ENTRIES = 20
"""Pages that may be on their way to their key at once; with more, the first begin again."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


_STRANGER = "Open the address that Milepost printed when it started. It contains the key."


class Refused(Exception):
    """A request that is not served. Its text is one sentence for the person."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Auth:
    """The checks of one running playground, made from its secret token and its real port."""

    def __init__(self, token: str, host: str, port: int, clock: Clock) -> None:
        self._token = token
        self._clock = clock
        self._code: tuple[str, dt.datetime] | None = None
        self._session = self._derived("session")
        self._key = self._derived("key")
        self._entries: BoundedDict[str, tuple[dt.datetime, str | None]] = BoundedDict(ENTRIES)
        # All ports of a host share their cookies, so that the name must tell them apart.
        self.cookie = f"milepost_{port}"
        names = {"127.0.0.1", "localhost", "[::1]", f"[{host}]" if ":" in host else host}
        self._hosts = {f"{name}:{port}" for name in names} | (names if port == 80 else set())

    def check_host(self, request: web.BaseRequest) -> None:
        """Refuse a request that was meant for another host."""
        if request.headers.get("Host", "").lower() not in self._hosts:
            raise Refused(403, "This page only works at the address that Milepost printed.")

    def has_token(self, request: web.BaseRequest) -> bool:
        """Return True if the address carries the token."""
        return _same(request.query.get("token", ""), self._token)

    def new_code(self) -> str:
        """A code that lets one browser in within CODE_LIVES. The one before it is void from now on."""
        code = secrets.token_urlsafe(24)
        self._code = (code, self._clock.now())
        return code

    def take_code(self, request: web.BaseRequest) -> bool:
        """Return True if the address carries the newest code, still valid; it works once."""
        if self._code is None:
            return False
        code, made = self._code
        if self._clock.now() - made > CODE_LIVES:
            self._code = None
            return False
        if not _same(request.query.get("once", ""), code):
            return False
        self._code = None
        return True

    def check_cookie(self, request: web.BaseRequest) -> None:
        """Refuse whoever has not opened the printed address before."""
        if not _same(request.cookies.get(self.cookie, ""), self._session):
            raise Refused(403, _STRANGER)

    def check_key(self, request: web.BaseRequest) -> None:
        """Refuse whoever has nothing but the cookie."""
        if not _same(request.headers.get(KEY_HEADER, ""), self._key):
            raise Refused(403, _STRANGER)

    def key_for(self, code: str, visit: str) -> str:
        """Return the key for the code that a page was opened with, to one visit alone. Raises Refused."""
        made, visited = self._entries.get(code, (None, None))
        if made is None or self._clock.now() - made > CODE_LIVES or visited not in {None, visit}:
            raise Refused(403, _STRANGER)
        self._entries[code] = made, visit
        return self._key

    def check_change(self, request: web.BaseRequest) -> None:
        """Refuse a change that is not asked for by our own page."""
        origin = request.headers.get("Origin", "")
        if origin.removeprefix("http://") not in self._hosts or not origin.startswith("http://"):
            raise Refused(403, "That request came from another page, so it was refused.")
        if request.content_type != "application/json":
            raise Refused(415, "That request wasn't JSON. Please reload the page.")

    def admit(self, where: str) -> web.Response:
        """Send a browser on with the cookie, and with a code for the key in the address.

        Scripts cannot read the cookie, and other sites cannot send it.
        """
        code = secrets.token_urlsafe(24)
        self._entries[code] = self._clock.now(), None
        response = web.Response(status=303, headers={"Location": f"{where}#enter={code}"})
        response.set_cookie(self.cookie, self._session, httponly=True, samesite="Strict", path="/")
        return response

    def _derived(self, purpose: str) -> str:
        return hmac.new(self._token.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def _same(given: str, expected: str) -> bool:
    """Compare in a time that tells nothing of where they differ."""
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())
