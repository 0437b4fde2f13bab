"""Repository of the state that platforms keep (see ``bot.chat.PlatformState``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Space(NamedTuple):
    """Where records belong: a platform, and a namespace that it has chosen."""

    platform: str
    namespace: str


class Record(NamedTuple):
    """A text under its key, with the revision of its last write."""

    key: str
    value: str
    revision: str


class PlatformRecords(Protocol):
    """Texts that platforms keep. A record that has expired by ``now`` counts as absent."""

    async def get(self, space: Space, key: str, now: dt.datetime) -> Record | None:
        """Return a record, None if it is absent."""

    async def list(self, space: Space, prefix: str, now: dt.datetime) -> Sequence[Record]:
        """Return the records whose key begins with ``prefix``, sorted by key."""

    async def put(self, space: Space, record: Record, expires_at: dt.datetime | None) -> None:
        """Write a record, whatever is there."""

    async def insert(
        self, space: Space, record: Record, expires_at: dt.datetime | None, now: dt.datetime
    ) -> bool:
        """Write a record that is absent. Returns False, and changes nothing, if there is one."""

    async def replace(
        self,
        space: Space,
        record: Record,
        expires_at: dt.datetime | None,
        expected: str,
        now: dt.datetime,
    ) -> bool:
        """Write a record that is at the revision ``expected``. Returns False if it isn't."""

    async def delete(self, space: Space, key: str, expected: str | None, now: dt.datetime) -> bool:
        """Delete a record, at whatever revision if ``expected`` is None. Returns False if there is none."""

    async def drop_expired(self, now: dt.datetime) -> int:
        """Delete every record that has expired. Returns how many."""
