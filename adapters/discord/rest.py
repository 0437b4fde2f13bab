"""REST client: every request of our own to Discord goes through it.

It stays under the global rate limit, retries what discord.py does not, and raises what remains as one of
the four errors that the core knows. Interaction responses don't count towards the limit and bypass it.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord
from aiolimiter import AsyncLimiter
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from adapters.discord.error_codes import FORBIDDEN, GONE, LACKING, PASSING
from adapters.discord.limits import CANNOT_POST
from bot.chat import DeliveryError, Forbidden, Gone, Rejected, Transient
from bot.toolkit.text import sentence

log = logging.getLogger(__name__)

T = TypeVar("T")

TRIES = 4
LONGEST_PAUSE = 8.0
"""Seconds between two tries at most; half a minute is what the core waits for a send."""

SLACK = 1.25
"""Requests that may go at once after a pause. With one, each timer that fires late would cost speed; the
more, the shorter the delay on the way that brings 51 into one second: 36 ms with this and 48 a second."""

LOOK_UPS = 0.25
"""The share of requests that may be look-ups for what people do. The rest is left for posts and edits."""

MOST_WAITING = 24
"""Look-ups that wait for their turn: two seconds at the usual rate. One more fails at once."""

_REPORT = "Please report this to Milepost's operator."
_BROKEN = (aiohttp.ClientError, ConnectionError, TimeoutError)
_UNAVAILABLE = 503


class RestClient:
    """Sends requests. ``per_second`` is how many at most, evenly spread.

    A post waits behind a few look-ups at most, however many people want to know something.
    """

    def __init__(
        self, per_second: float, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._limiter = AsyncLimiter(SLACK, SLACK / per_second)
        share = per_second * LOOK_UPS
        self._look_ups = AsyncLimiter(max(1.0, share), max(1.0, share) / share)
        self._waiting = 0
        self._sleep = sleep

    async def request(self, make: Callable[[], Awaitable[T]], lacking: str = CANNOT_POST) -> T:
        """Make a request and return its result. It may be repeated, so it must be idempotent.

        Raises a DeliveryError; ``lacking`` is what it says when a permission is missing.
        """
        try:
            async for attempt in retrying(self._sleep):
                with attempt:
                    async with self._limiter:
                        return await make()
        except (discord.DiscordException, *_BROKEN) as error:
            raise classified(error, lacking) from error
        raise AssertionError("a try returns or raises")

    async def look_up(self, request: Callable[[], Awaitable[T]]) -> T:
        """Make a request that a person has caused, and return its result.

        Raises a DeliveryError, Transient at once where too many wait already.
        """
        if self._waiting >= MOST_WAITING:
            raise Transient("Discord is asked too much at the moment.")
        self._waiting += 1
        try:
            await self._look_ups.acquire()
        finally:
            self._waiting -= 1
        return await self.request(request)


def retrying(sleep: Callable[[float], Awaitable[None]]) -> AsyncRetrying:
    """Return a retry loop for an idempotent request: a few tries, with random exponential pauses."""
    return AsyncRetrying(
        retry=retry_if_exception(is_transient),
        stop=stop_after_attempt(TRIES),
        wait=wait_random_exponential(multiplier=0.5, max=LONGEST_PAUSE),
        sleep=sleep,
        reraise=True,
    )


def is_transient(error: BaseException) -> bool:
    """Return True for an error that often passes within a moment."""
    if isinstance(error, discord.DiscordServerError):
        return error.status == _UNAVAILABLE
    return isinstance(error, _BROKEN)


def classified(error: Exception, lacking: str = CANNOT_POST) -> DeliveryError:
    """Convert an error to one of the core's four kinds."""
    match error:
        case discord.RateLimited():
            return Transient("Discord asks me to slow down.", error.retry_after)
        case discord.DiscordServerError():
            return Transient(f"Discord is having problems ({error.status}).")
        case discord.HTTPException(code=code) if code in FORBIDDEN:
            return Forbidden(FORBIDDEN[code])
        case discord.Forbidden(code=code) if code == LACKING:
            return Forbidden(lacking)
        case discord.Forbidden():
            return Forbidden(f"Discord doesn't allow it: {_full_stop(error)}")
        case discord.HTTPException():
            return _refusal(error)
        case discord.DiscordException():
            return Rejected(sentence(f"discord.py can't send it: {error}"))
        case _:
            return Transient(
                sentence(f"The connection to Discord was lost: {error or type(error).__name__}")
            )


def _refusal(error: discord.HTTPException) -> DeliveryError:
    if error.status == 429:
        return Transient("Discord asks me to slow down.", _wait(error))
    if error.status == 401:
        log.error("Discord does not accept the token (any more): set a valid DISCORD_TOKEN and start again")
        return Transient("Discord doesn't accept my token.")
    if error.code in GONE:
        return Gone(GONE[error.code])
    if error.code in PASSING:
        return Transient("Discord asks me to slow down.", _wait(error))
    if error.status == 404:
        return Transient(f"Discord couldn't find it ({error.code}).")
    return Rejected(f"Discord doesn't take the message: {_full_stop(error)} {_REPORT}")


def _full_stop(error: discord.HTTPException) -> str:
    """Discord's own words with its code, as the end of a sentence; without what it repeats of ours."""
    said = re.sub(r'"[^"]*"', '"…"', error.text)
    return f"{said.rstrip('.')} ({error.code})."


def _wait(error: discord.HTTPException) -> float | None:
    """Seconds that a 429 asks for, None when it does not say."""
    try:
        return float(error.response.headers["Retry-After"])
    except (KeyError, ValueError):
        return None
