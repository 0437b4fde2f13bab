"""Telling what is kept of a person, and forgetting them, as the register says (``storage.personal``)."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.domain.deliveries import Delivery, DeliveryKind
from bot.domain.personal import Kept
from bot.domain.refs import UserRef
from storage.batch import Repository
from storage.columns import TEXT
from storage.outbox_tables import reward
from storage.personal import PERSONAL, Personal
from storage.privacy_tables import forgotten
from storage.repositories.outbox import OutboxRepository
from storage.statements import ID, Query, Values, append, change, given, overwrite, query
from storage.tables import (
    absence,
    account,
    activity,
    member,
    membership,
    note,
    organiser,
    study_group,
    submission,
)

LAST_MEMBER = "last-member"
"""The note with the highest number that a forgotten member had: no number is given twice."""

_OF_ACCOUNT = query(
    sa.select(account.c.member_id).where(given(account, "platform", "workspace", "user_id"))
)
_ACCOUNTS = query(
    sa.select(account.c.platform, account.c.workspace, account.c.user_id)
    .where(given(account, "member_id"))
    .order_by(account.c.id)
)
_HIDE = change(member)
_ADD_FINGERPRINT = append(forgotten)
_DROP_FINGERPRINTS = (
    sa.delete(forgotten)
    .where(forgotten.c.at < sa.bindparam("before", type_=forgotten.c.at.type))
    .returning(forgotten.c.fingerprint)
)
_FORGOTTEN = query(
    sa.select(forgotten.c.fingerprint, forgotten.c.salt).where(
        forgotten.c.at >= sa.bindparam("since", type_=forgotten.c.at.type)
    )
)
_GIVEN_ROLES = query(
    sa.select(
        study_group.c.platform,
        study_group.c.workspace,
        study_group.c.channel,
        reward.c.role,
        account.c.workspace,
        account.c.user_id,
    )
    .join_from(reward, study_group, study_group.c.id == reward.c.group_id)
    .join(
        account,
        sa.and_(account.c.member_id == reward.c.member_id, account.c.platform == study_group.c.platform),
    )
    .where(given(reward, "member_id"), reward.c.granted != sa.literal_column("0"))
)
_ORGANISES = sa.or_(
    sa.exists().where(
        study_group.c.organiser_platform == account.c.platform,
        study_group.c.organiser_id == account.c.user_id,
    ),
    sa.exists().where(organiser.c.platform == account.c.platform, organiser.c.user_id == account.c.user_id),
)
_IDLE = query(
    sa.select(account.c.platform, account.c.workspace, account.c.user_id)
    .join_from(member, account, account.c.member_id == member.c.id)
    .where(
        member.c.joined_at < sa.bindparam("before", type_=member.c.joined_at.type),
        ~sa.exists().where(
            activity.c.member_id == member.c.id,
            activity.c.happened_at >= sa.bindparam("before", type_=member.c.joined_at.type),
        ),
        ~_ORGANISES,
    )
    .order_by(member.c.id)
    .limit(sa.bindparam("most"))
)
_OLD_TEXTS = (
    sa.delete(submission)
    .where(
        submission.c.id.in_(
            sa.select(submission.c.id)
            .where(submission.c.happened_at < sa.bindparam("before", type_=submission.c.happened_at.type))
            .order_by(submission.c.id)
            .limit(sa.bindparam("most"))
            .scalar_subquery()
        )
    )
    .returning(submission.c.id)
)
_elsewhere = membership.alias("elsewhere")
_ONLY_IN = query(
    sa.select(account.c.platform, account.c.workspace, account.c.user_id)
    .join_from(membership, account, account.c.member_id == membership.c.member_id)
    .where(
        given(membership, "group_id"),
        ~sa.exists().where(
            _elsewhere.c.member_id == membership.c.member_id,
            _elsewhere.c.group_id != membership.c.group_id,
        ),
        ~sa.exists().where(
            study_group.c.organiser_platform == account.c.platform,
            study_group.c.organiser_id == account.c.user_id,
            study_group.c.id != membership.c.group_id,
        ),
    )
    .order_by(membership.c.member_id)
    .limit(sa.bindparam("most"))
)
_MOST: sa.BindParameter[int] = sa.bindparam("most")
_NOTE = query(sa.select(note.c.value).where(given(note, "name")))
_PUT_NOTE = overwrite(note)


class PersonRepository(Repository):
    """Implements ``bot.ports.persons.Persons``."""

    async def kept_of(self, user: UserRef, limit: int) -> Sequence[Kept]:
        """Return what each table holds, at most ``limit`` rows of each; empty for a stranger."""
        person = await self._person(user)
        found = []
        for each, wanted in _KEPT:
            rows = await self._session.rows(wanted, {**person, "most": limit + 1})
            names = each.exported
            newest = [dict(zip(names, row, strict=True)) for row in reversed(rows[:limit])] if names else []
            if newest:
                found.append(Kept(each.called, each.about, newest, more=len(rows) > limit))
        return found

    async def forget(self, user: UserRef, at: dt.datetime) -> bool:
        """Delete or anonymise every row about a person; False if there was none."""
        person = await self._person(user)
        if not await self._is_known(person):
            return False
        member_id = person["who"]
        users = [user]
        if member_id is not None:
            rows = await self._session.rows(_ACCOUNTS, {"member_id": member_id})
            users = [UserRef(*row) for row in rows]
            await self._take_roles_back(member_id, at)
            await self._keep_number(member_id)
        for table, statement in (*_BLANK, *_DELETE):
            await self._session.now(statement, table, person)
        for one in users:
            self._session.stage(_ADD_FINGERPRINT, {**fingerprint(one), "at": at})
        return True

    def hide(self, member_id: int, *, hidden: bool) -> None:
        """Leave a member's name off boards and recaps, or name them again."""
        self._session.stage(_HIDE, {ID: member_id, "hidden": hidden})

    async def idle_since(self, before: dt.datetime, limit: int) -> Sequence[UserRef]:
        """Return members who joined before an instant and have done nothing that counts since then."""
        rows = await self._session.rows(_IDLE, {"before": before, "most": limit})
        return [UserRef(*row) for row in rows]

    async def drop_texts(self, before: dt.datetime, limit: int) -> int:
        """Delete what was shared before an instant, the oldest first; returns how many rows."""
        values: Values = {"before": before, "most": limit}
        return len(await self._session.now(_OLD_TEXTS, submission, values))

    async def drop_fingerprints(self, before: dt.datetime) -> int:
        """Delete the fingerprints of people forgotten before an instant; returns how many."""
        return len(await self._session.now(_DROP_FINGERPRINTS, forgotten, {"before": before}))

    async def forgotten_since(self, user: UserRef, since: dt.datetime) -> bool:
        """Tell if this account was forgotten at ``since`` or later, by the fingerprints that are kept."""
        rows = await self._session.rows(_FORGOTTEN, {"since": since})
        return any(fingerprint(user, salt)["fingerprint"] == known for known, salt in rows)

    async def only_in(self, group_id: int, limit: int) -> Sequence[UserRef]:
        """Return members of a group, also those who left it, who were never of any other group."""
        rows = await self._session.rows(_ONLY_IN, {"group_id": group_id, "most": limit})
        return [UserRef(*row) for row in rows]

    async def vacate(self, group_id: int) -> None:
        """Drop the memberships, names and organisers of a group that no longer exists for Milepost."""
        of = {"of": group_id}
        for statement, table in _VACATE:
            await self._session.now(statement, table, of)

    async def _take_roles_back(self, member_id: int, at: dt.datetime) -> None:
        """Owe it to the platforms, in rows that outlive the member."""
        outbox = OutboxRepository(self._session)
        for platform, workspace, channel, role, home, user_id in await self._session.rows(
            _GIVEN_ROLES, {"member_id": member_id}
        ):
            outbox.enqueue(
                Delivery(
                    DeliveryKind.ROLE_REMOVAL,
                    platform,
                    workspace,
                    f"{platform}/{workspace}/{channel}/{role}/{user_id}",
                    at,
                    {"channel": channel, "role": role},
                    user=UserRef(platform, home, user_id),
                )
            )

    async def _person(self, user: UserRef) -> Values:
        """The parameters that the register's conditions know a person by."""
        account_of = {"platform": user.platform, "workspace": user.workspace, "user_id": user.id}
        row = await self._session.row(_OF_ACCOUNT, account_of)
        return {
            "who": None if row is None else row[0],
            "anywhere": int(user.workspace == user.platform),
            "their_platform": user.platform,
            "their_workspace": user.workspace,
            "their_id": user.id,
        }

    async def _is_known(self, person: Values) -> bool:
        for _, wanted in _KEPT:
            if await self._session.rows(wanted, {**person, "most": 1}):
                return True
        return False

    async def _keep_number(self, member_id: int) -> None:
        row = await self._session.row(_NOTE, {"name": LAST_MEMBER})
        highest = max(member_id, int(row[0]) if row else 0)
        self._session.stage(_PUT_NOTE, {"name": LAST_MEMBER, "value": str(highest)})


def fingerprint(user: UserRef, salt: str = "") -> dict[str, str]:
    """The fingerprint of an account, under a new salt unless one is given."""
    salt = salt or secrets.token_hex(8)
    text = f"{salt}|{user.platform}|{user.workspace}|{user.id}"
    return {"salt": salt, "fingerprint": hashlib.sha256(text.encode()).hexdigest()}


def _kept(each: Personal) -> Query:
    """The rows of one entry of the register, the newest first."""
    newest = each.table.c.get("id")
    order = [newest.desc()] if newest is not None else [column.desc() for column in each.table.primary_key]
    shown = [each.table.c[name] for name in each.exported]
    statement = sa.select(*shown) if shown else sa.select(sa.literal_column("1").label("rows"))
    return query(statement.select_from(each.table).where(each.whose).order_by(*order).limit(_MOST))


def _blank(each: Personal, stays: sa.ColumnElement[bool]) -> sa.Update:
    values = {
        name: sa.bindparam(f"new_{name}", value, type_=sa.Integer() if isinstance(value, int) else TEXT)
        if value is not None
        else sa.null()
        for name, value in each.blanked.items()
    }
    return sa.update(each.table).where(each.whose, stays).values(values)


_KEPT = [(each, _kept(each)) for each in PERSONAL]
_BLANK: list[tuple[sa.Table, sa.Update | sa.Delete]] = [
    (each.table, _blank(each, each.stays)) for each in PERSONAL if each.stays is not None
]
_DELETE: list[tuple[sa.Table, sa.Update | sa.Delete]] = [
    (each.table, sa.delete(each.table).where(each.whose))
    for each in PERSONAL
    if each.stays is None or not each.stays.compare(sa.true())
]
_of = sa.bindparam("of", type_=membership.c.group_id.type)
_place_of = sa.select(study_group.c.platform, study_group.c.workspace).where(study_group.c.id == _of)
_VACATE: list[tuple[Any, sa.Table]] = [
    (sa.delete(absence).where(absence.c.group_id == _of), absence),
    (sa.delete(membership).where(membership.c.group_id == _of), membership),
    (
        sa.delete(organiser).where(sa.tuple_(organiser.c.platform, organiser.c.workspace).in_(_place_of)),
        organiser,
    ),
    (sa.update(study_group).where(study_group.c.id == _of).values(organiser_id=""), study_group),
]
