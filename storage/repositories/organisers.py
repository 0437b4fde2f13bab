"""People whom the admins of a place have named as organisers of its groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from storage.batch import Repository
from storage.statements import Write, given, query
from storage.tables import organiser

_KEY = ("platform", "workspace", "user_id")
_NAMED = query(
    sa.select(organiser.c.user_id, organiser.c.name)
    .where(given(organiser, "platform", "workspace"))
    .order_by(organiser.c.user_id)
)
_WORKSPACES = query(sa.select(organiser.c.workspace).where(given(organiser, "platform", "user_id")))
_insert = insert(organiser)
_NAME = Write(
    _insert.on_conflict_do_update(
        index_elements=list(organiser.primary_key), set_={"name": _insert.excluded.name}
    ),
    organiser.name,
    key=_KEY,
)
_DISMISS = sa.delete(organiser).where(given(organiser, *_KEY))
_SEEN_AT = organiser.c.seen_at.type
_old = organiser.alias()
_LOOK = (
    sa.update(organiser)
    .where(
        sa.tuple_(organiser.c.platform, organiser.c.workspace, organiser.c.user_id).in_(
            sa.select(_old.c.platform, _old.c.workspace, _old.c.user_id)
            .where(
                _old.c.platform == sa.bindparam("of"),
                _old.c.seen_at <= sa.bindparam("before", type_=_SEEN_AT),
            )
            .order_by(_old.c.seen_at)
            .limit(sa.bindparam("most"))
        )
    )
    .values(seen_at=sa.bindparam("now", type_=_SEEN_AT))
    .returning(organiser.c.workspace, organiser.c.user_id)
)


class OrganiserRepository(Repository):
    """Implements ``bot.ports.organisers.Organisers``."""

    async def named(self, platform: str, workspace: str) -> tuple[str, ...]:
        """Their user ids in order."""
        return tuple(await self.names(platform, workspace))

    async def names(self, platform: str, workspace: str) -> Mapping[str, str]:
        """Return what they are called by their user ids, in order; empty for a name that nobody told."""
        rows = await self._session.rows(_NAMED, {"platform": platform, "workspace": workspace})
        return dict(tuple(row) for row in rows)

    async def workspaces(self, platform: str, user_id: str) -> frozenset[str]:
        """Where this person has been named."""
        rows = await self._session.rows(_WORKSPACES, {"platform": platform, "user_id": user_id})
        return frozenset(workspace for (workspace,) in rows)

    def name(self, platform: str, workspace: str, user_id: str, called: str = "") -> None:
        """Name somebody, or note what they are called."""
        values = {"platform": platform, "workspace": workspace, "user_id": user_id, "name": called}
        self._session.stage(_NAME, values)

    async def dismiss(self, platform: str, workspace: str, user_id: str) -> None:
        """Take it back; where they were not named that does nothing."""
        values = {"platform": platform, "workspace": workspace, "user_id": user_id}
        await self._session.now(_DISMISS, organiser, values)

    async def look_for(
        self, now: dt.datetime, before: dt.datetime, limit: int, platform: str
    ) -> tuple[tuple[str, str], ...]:
        """Return (workspace, user id) of those whom nobody has looked for since ``before``.

        They count as looked for now, so that no other process looks for them too.
        """
        values = {"now": now, "before": before, "most": limit, "of": platform}
        rows = await self._session.now(_LOOK, organiser, values)
        return tuple((workspace, user_id) for workspace, user_id in rows)
