"""The adapters that run in this process, none of them waited for without end."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections.abc import Awaitable, Mapping
from typing import TypeVar

from bot.chat.action_ids import Signer
from bot.chat.adapter import Adapter, Transient
from bot.chat.fitting import fit
from bot.chat.messages import Message
from bot.domain.model import Group
from bot.services.delivery_faults import NotRunning, Silent

T = TypeVar("T")

FIRST_RETRY = 2.0
"""Seconds before the second try; doubled each time, with a random part."""

LONGEST_RETRY = 900.0


class Platforms:
    """Adapters by name. ``time_out`` is in seconds."""

    def __init__(self, adapters: Mapping[str, Adapter], time_out: float, signer: Signer) -> None:
        self._adapters = adapters
        self._time_out = time_out
        self._signer = signer

    def shown(self, message: Message, adapter: Adapter) -> Message:
        """The message as it leaves the core: its ids signed, fit for the adapter's platform."""
        return fit(self._signer.message(message), adapter.capabilities)

    @property
    def names(self) -> frozenset[str]:
        """Names of the platforms that run in this process."""
        return frozenset(self._adapters)

    def find(self, name: str) -> Adapter | None:
        """None when it does not run here."""
        return self._adapters.get(name)

    def named(self, name: str) -> Adapter:
        """Return the adapter of this name. Raises Transient if it is not running in this process."""
        adapter = self.find(name)
        if adapter is None:
            raise NotRunning(name)
        return adapter

    def of(self, group: Group) -> Adapter:
        """The group's. Raises Transient when it does not run here."""
        return self.named(group.channel.platform)

    async def in_time(self, work: Awaitable[T]) -> T:
        """Return the platform's answer. Raises Transient when that takes too long."""
        try:
            async with asyncio.timeout(self._time_out):
                return await work
        except TimeoutError:
            raise Silent("no answer in time") from None


def pause_before_retry(error: Transient, attempts: int) -> dt.timedelta:
    """Doubled each time, half of it random so that tries spread out, and no less than the platform asks.

    A platform in a storm asks for a second each time: taken at its word, all tries would be used up in it.
    """
    full: float = min(FIRST_RETRY * 2 ** (attempts - 1), LONGEST_RETRY)
    ours = full * (0.5 + random.random() / 2)  # noqa: S311 - guards nothing
    return dt.timedelta(seconds=max(ours, error.retry_after or 0))
