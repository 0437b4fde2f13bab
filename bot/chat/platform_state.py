"""State that a platform keeps across restarts, such as its installations or a sync token.

A record is a text under a key. Only the platform knows what the text means: it encodes it, and encrypts
what is secret. All processes of a Milepost share the records, so each carries a revision: a write that
expects another one is refused, and two processes never overwrite each other unseen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

ABSENT = ""
"""The revision to expect of a record that isn't there."""


@dataclass(frozen=True, slots=True)
class StateRecord:
    """A text under its key, as of one revision. No two writes have the same revision."""

    key: str
    value: str
    revision: str


class StaleRevision(Exception):
    """The record is at another revision than expected, and was not changed. Read it, then decide anew."""


class PlatformState(Protocol):
    """The records of one platform in one namespace. Every method raises what the database raises.

    A write is durable when its method returns. Records beyond their expiry count as absent.
    """

    async def get(self, key: str) -> StateRecord | None:
        """Return a record, None if it is absent."""

    async def records(self, prefix: str = "") -> tuple[StateRecord, ...]:
        """Return the records whose key begins with ``prefix``, sorted by key."""

    async def put(
        self, key: str, value: str, *, expected: str | None = None, expires_at: dt.datetime | None = None
    ) -> StateRecord:
        """Write a record and return it, with its new revision.

        ``expected`` is the revision that it must have, or ``ABSENT``; None overwrites anything. Raises
        StaleRevision where it has another one.
        """

    async def delete(self, key: str, *, expected: str | None = None) -> bool:
        """Delete a record. Returns False, and changes nothing, if it is absent or not at ``expected``."""


OpenState = Callable[[str, str], PlatformState]
"""Opens the records of a platform, by its name, in a namespace of its own choice."""
