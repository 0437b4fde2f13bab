"""Study groups and their schedules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.model import (
    Group,
    PostKind,
    Schedule,
)
from bot.domain.reasons import PauseReason
from bot.domain.refs import ChannelRef, UserRef
from bot.errors import Conflict
from storage.batch import Repository, Session
from storage.statements import ID, Values, change, columns, given, query
from storage.tables import HAS_LEFT, HAS_MESSAGE, IS_DUE, IS_ENDING, membership, study_group
from storage.tables import post as posts
from storage.tables import schedule as schedule_rows

GROUP_COLUMNS = columns(
    study_group,
    "id platform workspace channel direct pack zone created_at organiser_platform "
    "organiser_workspace organiser_id paused_at pause_reason pause_detail "
    "mention_role mention_name mention_by mention_denied reward_role reward_name reward_by reward_denied "
    "reward_days resume_on resume_at skipped",
)
_SCHEDULE_COLUMNS = columns(
    schedule_rows, "id group_id kind wall_time days zone next_due_at next_date failures enabled put_offs"
)
_PLACE = (study_group.c.platform, study_group.c.workspace, study_group.c.channel)
_BY_CHANNEL = query(sa.select(*GROUP_COLUMNS).where(given(study_group, "platform", "workspace", "channel")))
_BY_ID = query(sa.select(*GROUP_COLUMNS).where(given(study_group, "id")))
_ALL = query(sa.select(*GROUP_COLUMNS).order_by(study_group.c.id))
_PAUSED_FOR = query(
    sa.select(*GROUP_COLUMNS)
    .where(given(study_group, "platform", "pause_reason"), study_group.c.paused_at.is_not(None))
    .order_by(study_group.c.id)
)
_WORKSPACES = query(
    sa.select(study_group.c.workspace)
    .distinct()
    .where(given(study_group, "platform"), study_group.c.paused_at.is_(None))
)
_OF_WORKSPACE = query(
    sa.select(*GROUP_COLUMNS).where(given(study_group, "platform", "workspace")).order_by(study_group.c.id)
)
_ADD = insert(study_group).on_conflict_do_nothing(index_elements=list(_PLACE)).returning(study_group.c.id)
_SAVE = change(study_group)
_MOVED = ("workspace", "channel", "direct", "organiser_platform", "organiser_workspace", "organiser_id")
_MOVE = (
    sa.update(study_group)
    .where(study_group.c.id == sa.bindparam("group_id"))
    .values(
        {
            name: sa.bindparam(f"new_{name}", type_=study_group.c[name].type)
            for name in _MOVED
        }
    )
    .returning(study_group.c.id)
)  # fmt: skip
# Those that stand in an older channel already keep it.
_STAY = (
    sa.update(posts)
    .where(posts.c.group_id == sa.bindparam("of"), sa.text(HAS_MESSAGE), posts.c.channel.is_(None))
    .values(channel=sa.bindparam("old"))
)
_ORGANISED_BY = query(
    sa.select(*GROUP_COLUMNS)
    .where(given(study_group, "organiser_platform", "organiser_workspace", "organiser_id"))
    .order_by(study_group.c.id)
)
_LEFT_BY = query(
    sa.select(*GROUP_COLUMNS)
    .join_from(membership, study_group, study_group.c.id == membership.c.group_id)
    .where(given(membership, "member_id"), sa.text(HAS_LEFT))
    .order_by(membership.c.left_at.desc(), study_group.c.id)
)
_SCHEDULES = query(sa.select(*_SCHEDULE_COLUMNS).where(given(schedule_rows, "group_id")))
_SCHEDULE = query(sa.select(*_SCHEDULE_COLUMNS).where(schedule_rows.c.id == sa.bindparam("schedule_id")))
_ADD_SCHEDULE = (
    insert(schedule_rows)
    .on_conflict_do_nothing(index_elements=[schedule_rows.c.group_id, schedule_rows.c.kind])
    .returning(schedule_rows.c.id)
)
_CHANGE_SCHEDULE = change(schedule_rows, "group_id")
_DUE = query(
    sa.select(*_SCHEDULE_COLUMNS)
    .where(sa.text(IS_DUE), schedule_rows.c.next_due_at <= sa.bindparam("now"))
    .order_by(schedule_rows.c.next_due_at)
    .limit(sa.bindparam("most"))
)
_NEXT_DUE = query(
    sa.select(schedule_rows.c.next_due_at)
    .where(sa.text(IS_DUE))
    .order_by(schedule_rows.c.next_due_at)
    .limit(1)
)
_AFTER = query(
    sa.select(*_SCHEDULE_COLUMNS)
    .where(sa.text(IS_DUE), schedule_rows.c.id > sa.bindparam("after"))
    .order_by(schedule_rows.c.id)
    .limit(sa.bindparam("most"))
)
_ENDING = query(
    sa.select(*GROUP_COLUMNS)
    .where(sa.text(IS_ENDING), study_group.c.resume_at <= sa.bindparam("now"))
    .order_by(study_group.c.resume_at)
    .limit(sa.bindparam("most"))
)
_NEXT_END = query(
    sa.select(study_group.c.resume_at).where(sa.text(IS_ENDING)).order_by(study_group.c.resume_at).limit(1)
)
_ORDER = {kind: rank for rank, kind in enumerate(PostKind)}


def group_of(row: Sequence[Any]) -> Group:
    """The group of GROUP_COLUMNS."""
    (
        group_id, platform, workspace, channel, direct, pack, zone, created_at,
        organiser_platform, organiser_workspace, organiser_id, *settings,
    ) = row  # fmt: skip
    place = ChannelRef(platform, workspace, channel, direct)
    organiser = UserRef(organiser_platform, organiser_workspace, organiser_id)
    return Group(group_id, place, pack, zone, created_at, organiser, *settings)


_group_of_known = lru_cache(maxsize=1024)(group_of)
"""A group is read over and over, with each of its posts."""


def noted_group(session: Session, row: Sequence[Any]) -> Group:
    """Return the group of GROUP_COLUMNS, which the unit finds again without asking."""
    group = _group_of_known(tuple(row))
    place = group.channel
    session.remember(study_group, (place.platform, place.workspace, place.id), group)
    return session.remember(study_group, group.id, group)


def _changing(group: Group) -> Values:
    """Return what ``save`` writes; the columns are named as the fields are."""
    return {
        "pack": group.pack,
        "zone": group.zone,
        "paused_at": group.paused_at,
        "pause_reason": group.pause_reason,
        "pause_detail": group.pause_detail,
        "mention_role": group.mention_role,
        "mention_name": group.mention_name,
        "mention_by": group.mention_by,
        "mention_denied": group.mention_denied,
        "reward_role": group.reward_role,
        "reward_name": group.reward_name,
        "reward_by": group.reward_by,
        "reward_denied": group.reward_denied,
        "reward_days": group.reward_days,
        "resume_on": group.resume_on,
        "resume_at": group.resume_at,
        "skipped": group.skipped,
    }


def _schedule(row: Sequence[Any]) -> Schedule:
    schedule_id, group_id, kind, *rest = row
    return Schedule(schedule_id, group_id, PostKind(kind), *rest)


class GroupRepository(Repository):
    """Implements ``bot.ports.groups.Groups``."""

    async def find(self, channel: ChannelRef) -> Group | None:
        """By channel; None when it has no group. ``direct`` makes no difference."""
        values: Values = {
            "platform": channel.platform,
            "workspace": channel.workspace,
            "channel": channel.id,
        }
        known: Group | None = self._session.recall(study_group, tuple(values.values()))
        if known is not None:
            return known
        row = await self._session.row(_BY_CHANNEL, values)
        return None if row is None else noted_group(self._session, row)

    async def get(self, group_id: int) -> Group:
        """By id. Raises KeyError."""
        known: Group | None = self._session.recall(study_group, group_id)
        if known is not None:
            return known
        row = await self._session.row(_BY_ID, {"id": group_id})
        if row is None:
            raise KeyError(group_id)
        return noted_group(self._session, row)

    async def add(self, group: Group) -> Group:
        """A new group with the id that it got; raises Conflict when the channel has one."""
        channel = group.channel
        values: Values = {
            "platform": channel.platform,
            "workspace": channel.workspace,
            "channel": channel.id,
            "direct": channel.direct,
            "created_at": group.created_at,
            "organiser_platform": group.organiser.platform,
            "organiser_workspace": group.organiser.workspace,
            "organiser_id": group.organiser.id,
            **_changing(group),
        }
        added = await self._session.now(_ADD, study_group, values)
        if not added:
            raise Conflict(f"The channel {channel.id} has a study group.")
        return replace(group, id=added[0][0])

    async def save(self, group: Group) -> None:
        """Write all but channel, organiser and creation. A group that does not exist is left so."""
        self._session.stage(_SAVE, {ID: group.id, **_changing(group)})

    async def move(self, group: Group) -> None:
        """Write the channel and the organiser. Raises Conflict when the channel has another group."""
        old = await self.get(group.id)
        other = await self.find(group.channel)
        if other is not None and other.id != group.id:
            raise Conflict(f"The channel {group.channel.id} has a study group.")
        channel, organiser = group.channel, group.organiser
        if channel != old.channel:
            await self._session.now(_STAY, posts, {"of": group.id, "old": old.channel.id})
        values: Values = {
            "group_id": group.id,
            "new_workspace": channel.workspace,
            "new_channel": channel.id,
            "new_direct": channel.direct,
            "new_organiser_platform": organiser.platform,
            "new_organiser_workspace": organiser.workspace,
            "new_organiser_id": organiser.id,
        }
        await self._session.now(_MOVE, study_group, values)

    async def organised_by(self, user: UserRef) -> tuple[Group, ...]:
        """The groups that this person set up or took over, oldest first."""
        values: Values = {
            "organiser_platform": user.platform,
            "organiser_workspace": user.workspace,
            "organiser_id": user.id,
        }
        return tuple(group_of(row) for row in await self._session.rows(_ORGANISED_BY, values))

    async def left_by(self, member_id: int) -> tuple[Group, ...]:
        """The groups that a member was of and has left, the one left last first."""
        rows = await self._session.rows(_LEFT_BY, {"member_id": member_id})
        return tuple(group_of(row) for row in rows)

    async def schedules(self, group_id: int) -> tuple[Schedule, ...]:
        """In the order of PostKind; empty when it has none."""
        known: tuple[Schedule, ...] | None = self._session.recall(schedule_rows, group_id)
        if known is not None:
            return known
        found = map(_schedule, await self._session.rows(_SCHEDULES, {"group_id": group_id}))
        ordered = tuple(sorted(found, key=lambda one: _ORDER[one.kind]))
        return self._session.remember(schedule_rows, group_id, ordered)

    async def put_schedule(self, schedule: Schedule) -> Schedule:
        """Insert (id 0) or overwrite. Raises Conflict when the group has one of this kind already."""
        values: Values = {
            "group_id": schedule.group_id,
            "kind": schedule.kind.value,
            "wall_time": schedule.at,
            "days": schedule.days,
            "zone": schedule.zone,
            "next_due_at": schedule.next_due_at,
            "next_date": schedule.next_date,
            "failures": schedule.failures,
            "put_offs": schedule.put_offs,
            "enabled": schedule.enabled,
        }
        if schedule.id:
            known: Sequence[Schedule] = self._session.recall(schedule_rows, schedule.group_id) or ()
            self._session.stage(_CHANGE_SCHEDULE, {ID: schedule.id, **values})
            if any(one.id == schedule.id for one in known):
                changed = tuple(schedule if one.id == schedule.id else one for one in known)
                self._session.remember(schedule_rows, schedule.group_id, changed)
            return schedule
        added = await self._session.now(_ADD_SCHEDULE, schedule_rows, values)
        if not added:
            raise Conflict(f"The group {schedule.group_id} has a schedule for {schedule.kind}.")
        return replace(schedule, id=added[0][0])

    async def get_schedule(self, schedule_id: int) -> Schedule:
        """By id. Raises KeyError."""
        row = await self._session.row(_SCHEDULE, {"schedule_id": schedule_id})
        if row is None:
            raise KeyError(schedule_id)
        return _schedule(row)

    async def due_schedules(self, now: dt.datetime, limit: int) -> tuple[Schedule, ...]:
        """Return schedules whose ``next_due_at`` is not after now, most overdue first."""
        rows = await self._session.rows(_DUE, {"now": now, "most": limit})
        return tuple(map(_schedule, rows))

    async def scheduled_after(self, schedule_id: int, limit: int) -> tuple[Schedule, ...]:
        """Return schedules that are due some day and have a higher id, in the order of their ids."""
        rows = await self._session.rows(_AFTER, {"after": schedule_id, "most": limit})
        return tuple(map(_schedule, rows))

    async def ending_pauses(self, now: dt.datetime, limit: int) -> tuple[Group, ...]:
        """Groups whose pause ends by now, longest overdue first. One probe when idle."""
        rows = await self._session.rows(_ENDING, {"now": now, "most": limit})
        return tuple(group_of(row) for row in rows)

    async def next_due_at(self) -> dt.datetime | None:
        """The earliest instant at which any schedule is due or a pause ends; None when none ever is."""
        rows = (await self._session.row(_NEXT_DUE), await self._session.row(_NEXT_END))
        return min((row[0] for row in rows if row is not None), default=None)

    async def all(self) -> tuple[Group, ...]:
        """Every group, oldest first."""
        return tuple(group_of(row) for row in await self._session.rows(_ALL))

    async def workspaces(self, platform: str) -> frozenset[str]:
        """Every server, team or site on a platform with a group that is not paused."""
        rows = await self._session.rows(_WORKSPACES, {"platform": platform})
        return frozenset(workspace for (workspace,) in rows)

    async def paused_for(self, platform: str, reason: PauseReason) -> tuple[Group, ...]:
        """Every group on a platform that is paused for just this reason, oldest first."""
        values: Values = {"platform": platform, "pause_reason": reason}
        return tuple(group_of(row) for row in await self._session.rows(_PAUSED_FOR, values))

    async def of_workspace(self, platform: str, workspace: str) -> tuple[Group, ...]:
        """Every group in a server, team or site, oldest first; empty where there is none."""
        values: Values = {"platform": platform, "workspace": workspace}
        return tuple(group_of(row) for row in await self._session.rows(_OF_WORKSPACE, values))
