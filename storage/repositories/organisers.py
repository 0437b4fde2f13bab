"""People whom the admins of a place have named as organisers of its groups."""

from __future__ import annotations

import sqlalchemy as sa

from storage.session import Session
from storage.statements import append_once, given, query
from storage.tables import organiser

_NAMED = query(
    sa.select(organiser.c.user_id)
    .where(given(organiser, "platform", "workspace"))
    .order_by(organiser.c.user_id)
)
_WORKSPACES = query(sa.select(organiser.c.workspace).where(given(organiser, "platform", "user_id")))
_NAME = append_once(organiser)
_DISMISS = sa.delete(organiser).where(given(organiser, "platform", "workspace", "user_id"))


class OrganiserRepository:
    """Implements ``bot.ports.Organisers``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def named(self, platform: str, workspace: str) -> tuple[str, ...]:
        """Their user ids in order."""
        rows = await self._session.rows(_NAMED, {"platform": platform, "workspace": workspace})
        return tuple(user_id for (user_id,) in rows)

    async def workspaces(self, platform: str, user_id: str) -> frozenset[str]:
        """Where this person has been named."""
        rows = await self._session.rows(_WORKSPACES, {"platform": platform, "user_id": user_id})
        return frozenset(workspace for (workspace,) in rows)

    def name(self, platform: str, workspace: str, user_id: str) -> None:
        """Name somebody; a second time does nothing."""
        self._session.stage(_NAME, {"platform": platform, "workspace": workspace, "user_id": user_id})

    async def dismiss(self, platform: str, workspace: str, user_id: str) -> None:
        """Take it back; where they were not named that does nothing."""
        values = {"platform": platform, "workspace": workspace, "user_id": user_id}
        await self._session.now(_DISMISS, organiser, values)
