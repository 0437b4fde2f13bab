"""What this process knows of posts by their keys, since Slack itself takes none."""

from __future__ import annotations

import datetime as dt
from enum import Enum, auto

from bot.chat import Clock
from bot.toolkit.lru import BoundedDict

REMEMBERED = 10_000

RECENT = dt.timedelta(minutes=30)
"""After a start: what the process before may have sent and not noted is tried again by then."""


class Unsent(Enum):
    """Why there is no message of a key."""

    ABSENT = auto()
    """It surely does not stand in the channel."""
    MAYBE_SENT = auto()
    """It was sent, and nobody knows what became of it."""


class IdempotencyCache:
    """The newest keys, each with the ``ts`` of its message."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.now()
        self._known: BoundedDict[str, str | Unsent] = BoundedDict(REMEMBERED)

    @property
    def recently_started(self) -> bool:
        """Whether the process before may have left something half done."""
        return self._clock.now() - self._began < RECENT

    def note(self, key: str, what: str | Unsent) -> None:
        """Remember what became of it."""
        self._known[key] = what

    def message(self, key: str) -> str | None:
        """The ``ts`` of its message, None where this process has posted none."""
        known = self._known.get(key)
        return None if isinstance(known, Unsent) else known

    def doubtful(self, key: str, *, tried: bool) -> bool:
        """Whether to look for it first; ``tried`` says that somebody else may have sent it."""
        known = self._known.get(key)
        return tried if known is None else known is Unsent.MAYBE_SENT
