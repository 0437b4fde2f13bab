"""Ports for the people who may organise, and for the audit log of what was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Protocol

from bot.domain.audit import AuditEntry, UnreadableEntry


class Organisers(Protocol):
    """People whom the admins of a server, team or site have named as organisers of its groups."""

    async def named(self, platform: str, workspace: str) -> tuple[str, ...]:
        """Return the user ids of the organisers named in a workspace, in order."""

    async def names(self, platform: str, workspace: str) -> Mapping[str, str]:
        """Return the names of organisers by their user ids, in order; empty for an unknown name."""

    async def workspaces(self, platform: str, user_id: str) -> frozenset[str]:
        """Return the workspaces in which this person has been named."""

    def name(self, platform: str, workspace: str, user_id: str, called: str = "") -> None:
        """Name an organiser, or record their display name."""

    async def dismiss(self, platform: str, workspace: str, user_id: str) -> None:
        """Withdraw the naming of an organiser; without one it does nothing."""

    async def look_for(
        self, now: dt.datetime, before: dt.datetime, limit: int, platform: str
    ) -> tuple[tuple[str, str], ...]:
        """Return (workspace, user id) of organisers who were not checked since ``before``.

        They count as checked now, so that no other process checks them too.
        """


class Audit(Protocol):
    """The audit log: actions of organisers, and of Milepost in their place. No entry is ever changed."""

    def append(self, entry: AuditEntry) -> None:
        """Add an entry; its id is given by the database."""

    async def latest(
        self, platform: str, workspace: str, group_id: int, limit: int, below: int | None = None
    ) -> tuple[AuditEntry | UnreadableEntry, ...]:
        """Return what was done to a group, and to all groups of its place, newest first.

        With ``below`` only entries with a smaller id.
        """

    async def since(
        self, at: dt.datetime, above: int, limit: int, group_id: int | None = None
    ) -> tuple[AuditEntry | UnreadableEntry, ...]:
        """Return entries with an id ``above``, of all places or of one group, oldest first."""

    async def name_of(self, platform: str, workspace: str, user_id: str) -> str:
        """Return the last name under which a person did anything in a place; empty for none."""
