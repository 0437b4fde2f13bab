"""Learners and what they set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NamedTuple

import sqlalchemy as sa

from bot.domain.model import Member, RestDaysChange, ZoneChange
from bot.domain.refs import UserRef
from storage.batch import Repository
from storage.columns import INT, TEXT
from storage.portable import KEY, KEYS
from storage.repositories.absences import note_absence
from storage.statements import (
    ID,
    Write,
    among,
    append,
    append_once,
    change,
    columns,
    given,
    keys,
    query,
)
from storage.tables import (
    IS_PRESENT,
    account,
    member,
    membership,
    note,
    rest_days_change,
    study_group,
    zone_change,
)

_ACCOUNT = query(sa.select(account.c.member_id).where(given(account, "platform", "workspace", "user_id")))
_FIRST_ACCOUNT = query(
    sa.select(account.c.platform, account.c.workspace, account.c.user_id)
    .where(given(account, "member_id"))
    .order_by(account.c.id)
)
_MEMBER = query(
    sa.select(*columns(member, "id joined_at zone rest_days profile_zone hidden")).where(
        given(member, "id")
    )
)
_ADD = append(member)
# The highest number that any member has or had: of forgotten ones a note keeps it.
_highest = sa.select(sa.func.coalesce(sa.func.max(member.c.id), 0)).scalar_subquery()
_of_forgotten = sa.func.coalesce(
    sa.select(sa.cast(note.c.value, INT))
    .where(note.c.name == sa.literal_column("'last-member'"))
    .scalar_subquery(),
    0,
)
_LAST_ID = query(sa.select(sa.case((_of_forgotten > _highest, _of_forgotten), else_=_highest)))
_ADD_ACCOUNT = append(account)
_ONE = sa.and_(
    membership.c.member_id == sa.bindparam("who"), membership.c.group_id == sa.bindparam("there")
)
_CALL = Write(sa.update(membership).where(_ONE), membership.name, key=("who", "there"))
_MOVE = (
    sa.update(membership)
    .where(_ONE)
    .values(
        left_at=sa.bindparam("at", type_=membership.c.left_at.type),
        left_by_choice=sa.bindparam("chosen", type_=membership.c.left_by_choice.type),
    )
)
_LOOK = (
    sa.update(membership)
    .where(
        sa.tuple_(membership.c.member_id, membership.c.group_id).in_(
            sa.select(membership.c.member_id, membership.c.group_id)
            .join_from(membership, study_group, study_group.c.id == membership.c.group_id)
            .where(
                sa.text(IS_PRESENT),
                membership.c.seen_at <= sa.bindparam("before", type_=membership.c.seen_at.type),
                membership.c.joined_at <= sa.bindparam("before", type_=membership.c.seen_at.type),
                study_group.c.platform.in_(sa.select(KEY).select_from(KEYS)),
                study_group.c.paused_at.is_(None),
            )
            .order_by(membership.c.seen_at)
            .limit(sa.bindparam("most"))
            .correlate(None)
        )
    )
    .values(seen_at=sa.bindparam("now", type_=membership.c.seen_at.type))
    .returning(membership.c.member_id, membership.c.group_id)
)
_CHANGE_ZONE = change(member)
_CHANGE_REST_DAYS = change(member)
_CHANGE_PROFILE = change(member)
_JOIN = append_once(membership)
_GROUPS_OF = query(
    sa.select(*columns(membership, "member_id group_id joined_at name left_at left_by_choice")).where(
        given(membership, "member_id")
    )
)
_JOINED_GROUPS = query(
    sa.select(membership.c.group_id, membership.c.joined_at)
    .where(membership.c.member_id == sa.bindparam("member_id"), sa.text(IS_PRESENT))
    .order_by(membership.c.joined_at, membership.c.group_id)
)
SHOWN_NAME = sa.case(
    (member.c.hidden == sa.literal_column("1"), sa.literal_column("''", TEXT)), else_=membership.c.name
).label("name")
"""The name that boards and recaps show: empty for a member who does not want to be named there."""

_NAMES_IN = query(
    sa.select(membership.c.member_id, SHOWN_NAME)
    .select_from(
        among(membership, membership.c.member_id).join(member, member.c.id == membership.c.member_id)
    )
    .where(given(membership, "group_id"), sa.text(IS_PRESENT))
)
_COUNT = query(
    sa.select(sa.func.count())
    .select_from(membership)
    .where(membership.c.group_id == sa.bindparam("group_id"), sa.text(IS_PRESENT))
)
_ADD_ZONE = append(zone_change)
_ADD_REST_DAYS = append(rest_days_change)
_ZONES = query(
    sa.select(zone_change.c.at, zone_change.c.zone)
    .where(zone_change.c.member_id == sa.bindparam("member_id"))
    .order_by(zone_change.c.at, zone_change.c.id)
)
_REST_DAYS = query(
    sa.select(rest_days_change.c.at, rest_days_change.c.days)
    .where(rest_days_change.c.member_id == sa.bindparam("member_id"))
    .order_by(rest_days_change.c.at, rest_days_change.c.id)
)


class _Membership(NamedTuple):
    group_id: int
    joined_at: dt.datetime
    name: str
    left_at: dt.datetime | None
    by_choice: bool


class MemberRepository(Repository):
    """Implements ``bot.ports.members.Members``."""

    async def find(self, user: UserRef) -> Member | None:
        """By account; None for a stranger."""
        member_id: int | None = self._session.recall(account, user)
        if member_id is None:
            row = await self._session.row(
                _ACCOUNT, {"platform": user.platform, "workspace": user.workspace, "user_id": user.id}
            )
            if row is None:
                return None
            member_id = row[0]
        return await self._member(member_id, user)

    async def get(self, member_id: int) -> Member:
        """By id, with the account that they were first met by. Raises KeyError."""
        row = await self._session.row(_FIRST_ACCOUNT, {"member_id": member_id})
        if row is None:
            raise KeyError(member_id)
        return await self._member(member_id, UserRef(*row))

    async def _member(self, member_id: int, user: UserRef) -> Member:
        known: Member | None = self._session.recall(member, member_id)
        if known is not None:
            return replace(known, user=user)
        ((_, *rest),) = await self._session.rows(_MEMBER, {"id": member_id})
        return Member(member_id, user, *rest)

    async def add(self, user: UserRef, joined_at: dt.datetime) -> Member:
        """A new learner with one account. Raises Conflict at the commit when it is taken."""
        member_id = await self._session.next_id(_LAST_ID)
        values = {
            "id": member_id,
            "joined_at": joined_at,
            "zone": None,
            "rest_days": None,
            "profile_zone": None,
            "hidden": False,
        }
        self._session.stage(_ADD, values)
        self._session.stage(
            _ADD_ACCOUNT,
            {
                "platform": user.platform,
                "workspace": user.workspace,
                "user_id": user.id,
                "member_id": member_id,
            },
        )
        self._session.remember(account, user, member_id)
        return self._session.remember(member, member_id, Member(member_id, user, joined_at))

    def note_profile(self, member: Member, zone: str) -> Member:
        """Their profile says this zone now."""
        self._session.stage(_CHANGE_PROFILE, {ID: member.id, "profile_zone": zone})
        return replace(member, profile_zone=zone)

    async def join(self, group_id: int, member_id: int, at: dt.datetime, name: str) -> None:
        """Make the member one of a group, called ``name`` there; a second time does nothing.

        Whoever has left it is back, with everything that they had.
        """
        left = (await self._memberships(member_id)).get(group_id)
        if left is not None:
            if left.left_at is None:
                return
            await self._take_back(group_id, member_id, left.left_at, at)
            if name:
                self.call(group_id, member_id, name)
            return
        values = {
            "member_id": member_id,
            "group_id": group_id,
            "joined_at": at,
            "name": name,
            "left_at": None,
            "left_by_choice": False,
        }
        self._session.stage(_JOIN, values)

    async def leave(self, group_id: int, member_id: int, at: dt.datetime, *, by_choice: bool) -> None:
        """Take the member off a group, which keeps all that they did; a second time does nothing."""
        if group_id in await self.groups_of(member_id):
            await self._move(group_id, member_id, at, by_choice=by_choice)

    async def come_back(self, group_id: int, member_id: int, at: dt.datetime) -> None:
        """They are there again: of the group, unless it was their choice to leave it."""
        left = (await self._memberships(member_id)).get(group_id)
        if left is not None and left.left_at is not None and not left.by_choice:
            await self._take_back(group_id, member_id, left.left_at, at)

    async def _take_back(
        self, group_id: int, member_id: int, left_at: dt.datetime, at: dt.datetime
    ) -> None:
        await self._move(group_id, member_id, None, by_choice=False)
        await note_absence(self._session, group_id, member_id, left_at, at)

    async def _move(
        self, group_id: int, member_id: int, left_at: dt.datetime | None, *, by_choice: bool
    ) -> None:
        """Write it at once: they may have joined in this very transaction."""
        values = {"who": member_id, "there": group_id, "at": left_at, "chosen": by_choice}
        await self._session.now(_MOVE, membership, values)

    async def look_for(
        self, now: dt.datetime, before: dt.datetime, limit: int, platforms: Collection[str]
    ) -> tuple[tuple[Member, int], ...]:
        """Members of groups on these platforms whom nobody has looked for since ``before``, oldest first.

        They count as looked for now, so that no other process looks for them too.
        """
        values = {"now": now, "before": before, "most": limit, **keys(platforms)}
        rows = await self._session.now(_LOOK, membership, values)
        return tuple([(await self.get(member_id), group_id) for member_id, group_id in rows])

    async def name_in(self, group_id: int, member_id: int) -> str | None:
        """Return what a member is called in a group; None when they are not of it."""
        found = (await self._memberships(member_id)).get(group_id)
        return None if found is None or found.left_at else found.name

    async def names_in(self, group_id: int, member_ids: Collection[int]) -> Mapping[int, str]:
        """Return what each of these members is called in a group; those who are not of it are absent."""
        rows = await self._session.rows(_NAMES_IN, {"group_id": group_id, **keys(member_ids)})
        return dict(tuple(row) for row in rows)

    def call(self, group_id: int, member_id: int, name: str) -> None:
        """Change what a member is called in a group."""
        self._session.stage(_CALL, {"who": member_id, "there": group_id, "name": name})

    async def groups_of(self, member_id: int) -> tuple[int, ...]:
        """Ids of the groups that they are of, oldest membership first; empty when of none."""
        found = [each for each in (await self._memberships(member_id)).values() if each.left_at is None]
        found.sort(key=lambda each: (each.joined_at, each.group_id))
        return tuple([each.group_id for each in found])

    async def _memberships(self, member_id: int) -> Mapping[int, _Membership]:
        """Return what is known of a member by group, also in groups that they have left."""
        rows = await self._session.rows(_GROUPS_OF, {"member_id": member_id})
        return {row[1]: _Membership(*row[1:]) for row in rows}

    async def joined_groups(self, member_id: int) -> tuple[tuple[int, dt.datetime], ...]:
        """Return the groups of the member, each with the instant of joining it."""
        rows = await self._session.rows(_JOINED_GROUPS, {"member_id": member_id})
        return tuple((group_id, joined_at) for group_id, joined_at in rows)

    async def count(self, group_id: int) -> int:
        """Count the members of a group."""
        ((count,),) = await self._session.rows(_COUNT, {"group_id": group_id})
        return int(count)

    def set_zone(self, row: ZoneChange) -> None:
        """Append a change of zone; the member's ``zone`` becomes it."""
        self._session.stage(_ADD_ZONE, {"member_id": row.member_id, "at": row.at, "zone": row.zone})
        known: Member | None = self._session.recall(member, row.member_id)
        self._session.stage(_CHANGE_ZONE, {ID: row.member_id, "zone": row.zone})
        if known is not None:
            self._session.remember(member, row.member_id, replace(known, zone=row.zone))

    def set_rest_days(self, row: RestDaysChange) -> None:
        """Append a change of rest days; the member's ``rest_days`` become them."""
        self._session.stage(_ADD_REST_DAYS, {"member_id": row.member_id, "at": row.at, "days": row.days})
        self._session.stage(_CHANGE_REST_DAYS, {ID: row.member_id, "rest_days": row.days})

    async def zones(self, member_id: int) -> tuple[ZoneChange, ...]:
        """Every change of zone, oldest first."""
        rows = await self._session.rows(_ZONES, {"member_id": member_id})
        return tuple(ZoneChange(member_id, at, zone) for at, zone in rows)

    async def rest_days(self, member_id: int) -> tuple[RestDaysChange, ...]:
        """Every change of rest days, oldest first."""
        rows = await self._session.rows(_REST_DAYS, {"member_id": member_id})
        return tuple(RestDaysChange(member_id, at, days) for at, days in rows)
