"""Rate limits of Slack: each channel, workspace and method has its own.

Source: Slack's developer documentation, "Rate limits". A post waits for its turn. Everything else that
finds no room is told to come again, so that one workspace holds up no other; so is all that meets a rest
which Slack has asked for.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from aiolimiter import AsyncLimiter

from adapters.slack.web_api import TooFast, called
from bot.chat import Clock
from bot.toolkit.limits import BoundedDict

T = TypeVar("T")

POST = "chat.postMessage"

CHANNEL_SECONDS = 1.05
"""Seconds between two posts to one channel."""

MOST_AT_ONCE, MOST_STEADILY = 45, 255
"""Posts to one workspace at once, and then a minute: together no more than 300 in any minute. Slack speaks
of several hundred and says no number."""

METHODS = {
    "chat.update": 50,
    "conversations.history": 50,
    "conversations.join": 50,
    "conversations.open": 50,
}
"""Calls a minute of tier 3. Of ``conversations.history`` an app that is distributed commercially outside
the Marketplace has one: Slack's own wait is kept there."""

MINUTE = 60.0
USUAL_REST = 30.0
"""Seconds to rest when Slack does not say how long."""

REMEMBERED = 20_000
"""Of channels, and of workspaces' methods: those used longest ago are forgotten, and have room again."""


class RateLimiter:
    """Rate limiter of posts and calls, by channel, workspace and method."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._channels = _LRU(lambda: AsyncLimiter(1, CHANNEL_SECONDS))
        self._teams = _LRU(lambda: AsyncLimiter(MOST_AT_ONCE, MOST_AT_ONCE * MINUTE / MOST_STEADILY))
        self._windows: _LRU[deque[dt.datetime]] = _LRU(deque)
        self._rests: dict[tuple[str, str], dt.datetime] = {}

    async def post(self, team: str, channel: str, request: Callable[[], Awaitable[T]]) -> T:
        """Send a post when it is the channel's turn. Raises a DeliveryError."""
        self._check_rest(team, POST)
        await self._channels.of(f"{team} {channel}").acquire()
        await self._teams.of(team).acquire()
        return await self._request(team, POST, request)

    async def call(self, team: str, method: str, request: Callable[[], Awaitable[T]]) -> T:
        """Make a call; raises TooFast at once where there is no room, or another DeliveryError."""
        self._count(team, method)
        return await self._request(team, method, request)

    async def _request(self, team: str, method: str, request: Callable[[], Awaitable[T]]) -> T:
        self._check_rest(team, method)
        try:
            return await called(request())
        except TooFast as error:
            rest = dt.timedelta(seconds=error.retry_after or USUAL_REST)
            self._rests[team, method] = self._clock.now() + rest
            raise

    def _check_rest(self, team: str, method: str) -> None:
        """Raises TooFast with what is left of a rest."""
        until = self._rests.get((team, method))
        if until is None:
            return
        left = (until - self._clock.now()).total_seconds()
        if left > 0:
            raise TooFast("Slack asks me to slow down.", left)
        del self._rests[team, method]

    def _count(self, team: str, method: str) -> None:
        """Raises TooFast with the seconds until there is room."""
        now, window = self._clock.now(), self._windows.of(f"{team} {method}")
        while window and (now - window[0]).total_seconds() >= MINUTE:
            window.popleft()
        if len(window) >= METHODS[method]:
            left = MINUTE - (now - window[0]).total_seconds()
            raise TooFast(f"{method} has been called often enough in this minute.", left)
        window.append(now)


class _LRU(Generic[T]):
    """Values by name, made on first use; the least recently used are dropped."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._kept: BoundedDict[str, T] = BoundedDict(REMEMBERED)

    def of(self, name: str) -> T:
        """Return the value of this name, made if there is none."""
        found = self._kept[name] if name in self._kept else self._make()
        self._kept[name] = found
        return found
