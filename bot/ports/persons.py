"""Ports for exporting and forgetting what is kept of a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from bot.domain.personal import Kept
from bot.domain.refs import UserRef


class Persons(Protocol):
    """Every row about a person, whatever table it is in (``storage.personal``)."""

    async def kept_of(self, user: UserRef, limit: int) -> Sequence[Kept]:
        """Return what each table holds, at most ``limit`` rows of each; empty for a stranger."""

    async def forget(self, user: UserRef, at: dt.datetime) -> bool:
        """Delete or anonymise every row about a person; False if there was none.

        Taking their roles back and deleting their files is then in the outbox. A fingerprint
        of the account is kept, so that a backup from before ``at`` does not bring them back.
        """

    def hide(self, member_id: int, *, hidden: bool) -> None:
        """Leave a member's name off boards and recaps, or name them again."""

    async def idle_since(self, before: dt.datetime, limit: int) -> Sequence[UserRef]:
        """Return members who joined before an instant and have done nothing that counts since then.

        Organisers are left out: they are there without taking part.
        """

    async def drop_texts(self, before: dt.datetime, limit: int) -> int:
        """Delete what was shared before an instant, the oldest first; returns how many rows."""

    async def drop_fingerprints(self, before: dt.datetime) -> int:
        """Delete the fingerprints of people forgotten before an instant; returns how many."""

    async def forgotten_since(self, user: UserRef, since: dt.datetime) -> bool:
        """Tell if this account was forgotten at ``since`` or later, by the fingerprints that are kept."""

    async def only_in(self, group_id: int, limit: int) -> Sequence[UserRef]:
        """Return members of a group, also those who left it, who were never of any other group.

        Those who set another group up are left out.
        """

    async def vacate(self, group_id: int) -> None:
        """Drop the memberships, names and organisers of a group that no longer exists for Milepost."""
