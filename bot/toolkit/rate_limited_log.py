"""Warnings that strangers can cause: at most one a minute of each kind, with a count of the others."""

from __future__ import annotations

import asyncio
import logging

EVERY = 60.0
"""Seconds between two lines of one kind."""


class RateLimitedLog:
    """A log that writes the first warning of a kind at once and counts those of the next minute.

    One line reports the count. A kind is a message before its arguments are put in, so that there are as
    many as there are calls in our code, whatever strangers send. To be used in a running event loop.
    """

    def __init__(self, log: logging.Logger, every: float = EVERY) -> None:
        self._log = log
        self._every = every
        self._counts: dict[str, int] = {}

    def warning(self, message: str, *args: object) -> None:
        """Log a warning, or count it where one of its kind was logged lately."""
        if message in self._counts:
            self._counts[message] += 1
            return
        self._counts[message] = 0
        self._log.warning(message, *args)
        asyncio.get_running_loop().call_later(self._every, self._report, message, args)

    def _report(self, message: str, args: tuple[object, ...]) -> None:
        """Log how many there were since the last line, and forget the kind after a quiet minute."""
        count = self._counts.pop(message)
        if not count:
            return
        self._counts[message] = 0
        self._log.warning(f"{message} (and %d more like it)", *args, count)
        asyncio.get_running_loop().call_later(self._every, self._report, message, args)
