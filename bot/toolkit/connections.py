"""Limits on the connections of one HTTP server: their number, and the time that each may take.

aiohttp limits bodies and the time between two requests, and nothing else. What is missing is added to its
own protocol class, whose private attributes are read for it; tests fail where a newer version renames them.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from aiohttp import StreamReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.toolkit.limits import RateLimitedLog
from bot.toolkit.networks import LOOPBACK, Network, counted

log = logging.getLogger(__name__)

RESERVED = 256
"""Open files left to the database, to outgoing calls and to what is accepted before it is closed."""

LINGER = 5.0
"""Seconds in which the rest of an unwanted body is taken, so that the answer arrives."""

CLIENTS_FAULT = (web.RequestPayloadError, HttpProcessingError, ConnectionError)
"""Errors that a client causes by itself: a malformed request, or one that it gives up."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on what clients may hold of a server: connections, and seconds."""

    connections: int = 500
    per_address: int = 50
    proxies: Sequence[Network] = LOOPBACK
    """Addresses with many clients behind them, for which ``per_address`` does not hold."""
    header: float = 10.0
    """Seconds for a request line and its headers to arrive, from the first byte or the connection's
    start.
    """
    idle: float = 75.0
    """Seconds between two requests: longer than most proxies keep a connection, as it is theirs to
    close it.
    """
    unread: float = 30.0
    """Seconds for a client to take what is sent to it."""


class Connection(web.RequestHandler):
    """One connection, which takes its place among the others when it is made."""

    def __init__(self, server: web.Server, others: Connections, limits: Limits) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=limits.idle,
            lingering_time=LINGER,
            access_log=None,  # type: ignore[arg-type]  # addresses may hold codes
        )
        self._others = others
        self._limits = limits
        self._wire: asyncio.Transport | None = None
        self._body: StreamReader | None = None
        self._last_byte = b""
        self.peer = self.counted_as = ""
        self.since = self._header_since = self._loop.time()
        self._unread_since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a place, or close at once where there is none."""
        self._wire = cast("asyncio.Transport", transport)
        self.peer, self.counted_as = counted(transport.get_extra_info("peername"), self._limits.proxies)
        if self._others.admit(self):
            super().connection_made(transport)
        else:
            self._wire.abort()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Give the place up."""
        self._others.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes, and note when a header begins and when it is complete.

        The parser does not tell whether it is inside of a header. So the last byte is fed to it alone: if
        that completes no request, and no body, it belongs to a header that has begun.
        """
        data, self._last_byte = self._last_byte + data, b""
        completed = self._feed(data[:-1])
        if not data or len(self._messages) >= self._max_msg_queue_size:
            # The parser has put the rest aside, and goes on with it when the next request has been served.
            self._last_byte = data[-1:]
            if completed:
                self._header_since = 0.0 if data else self._loop.time()
            return
        if self._feed(data[-1:]) or self._in_body:
            self._header_since = 0.0
        elif completed or not self._header_since:
            self._header_since = self._loop.time()

    def _feed(self, data: bytes) -> bool:
        """Let the parser have bytes. Returns whether they complete a request's header or its body."""
        before, in_body = self._request_count, self._in_body
        try:
            super().data_received(data)
        except Exception as error:  # noqa: BLE001 - the parser's, for bytes that it did not expect
            self._others.quiet.warning("closed a connection of %s: %r", self.peer, error)
            self.abort()
        if self._request_count > before:
            self.since = self._loop.time()
            self._body = self._messages[-1][1] if self._messages else None
            return True
        return in_body and not self._in_body

    @property
    def _in_body(self) -> bool:
        """Tell whether the body of the newest request is not complete."""
        return self._body is not None and not self._body.is_eof()

    @property
    def waits_for_client(self) -> bool:
        """Tell whether the client is to act: to ask, to finish its body, or to take its answer."""
        return self._is_waiting or self._in_body or bool(self._unread_since)

    @property
    def is_new(self) -> bool:
        """Tell whether no request of it was answered yet."""
        return self._request_count == (0 if self._is_waiting else 1)

    @property
    def _is_waiting(self) -> bool:
        """Tell whether there is no request, neither one that is being served nor one that waits for it."""
        return not self._messages and (self._waiter is not None or not self._request_count)

    def is_overdue(self, now: float) -> bool:
        """Tell whether the client has taken too long over a header, or over what was sent to it."""
        if self._wire is None:
            return False
        if not self._wire.get_write_buffer_size():
            self._unread_since = 0.0
        elif not self._unread_since:
            self._unread_since = now
        late = self._is_waiting and self._header_since and now - self._header_since >= self._limits.header
        return bool(late or (self._unread_since and now - self._unread_since >= self._limits.unread))

    def abort(self) -> None:
        """Close the connection without another word."""
        self._others.discard(self)
        if self._wire is not None:
            self._wire.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - it quotes what was sent
    ) -> web.StreamResponse:
        """Answer a request that could not be read, or that our code failed at, in one sentence."""
        self.log_exception("a request failed: %s %s", request.method, request.path, exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun already")
        if isinstance(exc, CLIENTS_FAULT):
            status, sentence = 400, "The request isn't valid HTTP."
        else:
            sentence = "Something went wrong on my side. Please try again."
        answer = web.Response(status=status, text=f"{sentence}\n", headers=self._others.headers)
        answer.force_close()
        return answer

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Log a fault of ours with its trace, and what a client caused once a minute without one."""
        if isinstance(kw.get("exc_info"), CLIENTS_FAULT):
            self._others.quiet.warning("refused a malformed request from %s", self.peer)
        else:
            log.error(*args, **kw)


@dataclass
class Connections:
    """The open connections of a server. A new one takes the place of the one that has been idle longest.

    Only where every other one is being served is there no place, and the new one is closed. So neither
    half-sent requests nor idle connections keep anybody out, not even where all come through one proxy.
    """

    limits: Limits
    most: int
    headers: dict[str, str]
    """Headers of the answers that are made here and not by the application."""
    quiet: RateLimitedLog = field(default_factory=lambda: RateLimitedLog(log))
    _open: dict[Connection, None] = field(default_factory=dict)
    _of: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, new: Connection) -> bool:
        """Find a place for a connection. Returns False where there is none."""
        most = self.limits.per_address
        if new.counted_as and self._of[new.counted_as] >= most:
            self.quiet.warning("connections from %s have reached their limit of %d", new.peer, most)
            if not self._close_idlest(new.counted_as):
                return False
        if len(self._open) >= self.most:
            self.quiet.warning("connections have reached their limit of %d", self.most)
            if not self._close_idlest():
                return False
        self._open[new] = None
        self._of[new.counted_as] += 1
        return True

    def discard(self, gone: Connection) -> None:
        """Free the place of a connection; a second time does nothing."""
        if gone in self._open:
            del self._open[gone]
            self._of[gone.counted_as] -= 1
            if not self._of[gone.counted_as]:
                del self._of[gone.counted_as]

    def close_overdue(self, now: float) -> None:
        """Close the connections whose clients take too long."""
        for each in [each for each in self._open if each.is_overdue(now)]:
            each.abort()

    def _close_idlest(self, counted_as: str = "") -> bool:
        """Close the connection that has kept us waiting longest, of those that are new or of the others.

        Each kind may hold one half. So a flood of new ones breaks off none that a proxy keeps, and whoever
        keeps many leaves the new ones the time to ask.
        """
        among = [each for each in self._open if not counted_as or each.counted_as == counted_as]
        idle = [each for each in among if each.waits_for_client]
        new = [each for each in idle if each.is_new]
        kept = [each for each in idle if not each.is_new]
        crowd = (new or kept) if 2 * len(new) >= len(among) else (kept or new)
        if not crowd:
            return False
        min(crowd, key=lambda each: each.since).abort()
        return True
