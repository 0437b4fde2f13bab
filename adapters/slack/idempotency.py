"""Idempotency cache of posts: Slack itself takes no keys."""

from __future__ import annotations

import datetime as dt
from enum import Enum, auto

from bot.chat import Clock
from bot.toolkit.limits import BoundedDict

REMEMBERED = 10_000

RECENT = dt.timedelta(minutes=30)
"""After a start: what the process before may have sent and not noted is tried again by then."""


class Unsent(Enum):
    """Reasons why the message of a key is unknown."""

    ABSENT = auto()
    """The message is surely not in the channel."""
    MAYBE_SENT = auto()
    """The message was sent, and the outcome is unknown."""


class IdempotencyCache:
    """The newest keys, each with the ``ts`` of its message."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.now()
        self._known: BoundedDict[str, str | Unsent] = BoundedDict(REMEMBERED)

    @property
    def recently_started(self) -> bool:
        """Return True while the process before may have left a post unrecorded."""
        return self._clock.now() - self._began < RECENT

    def note(self, key: str, what: str | Unsent) -> None:
        """Record the outcome of a key."""
        self._known[key] = what

    def message(self, key: str) -> str | None:
        """Return the ``ts`` of the key's message, None if this process has posted none."""
        known = self._known.get(key)
        return None if isinstance(known, Unsent) else known

    def doubtful(self, key: str, *, tried: bool) -> bool:
        """Return True if the post must be looked for first; ``tried``: another process may have sent it."""
        known = self._known.get(key)
        return tried if known is None else known is Unsent.MAYBE_SENT
