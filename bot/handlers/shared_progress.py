"""The progress of a member as others may see it: what they did in groups that both are in."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from bot.chat.events import SOMEBODY
from bot.domain.model import Activity, AskedPost, Member, TopicTally
from bot.domain.refs import UserRef
from bot.errors import UserError
from bot.ports import UnitOfWork
from bot.ports.learning import Learning
from bot.routing import Request
from bot.services.membership import group_here


@dataclass(frozen=True, slots=True)
class Named:
    """A member as somebody who named them may see them: by this name, and in these groups.

    ``whole`` says that there is nothing of them anywhere else, so that nothing needs to be hidden.
    """

    member: Member
    name: str
    groups: frozenset[int]
    whole: bool = True

    def seen_by(self, request: Request) -> Request:
        """Return the request with no more of the member in its unit than may be seen."""
        if self.whole:
            return request
        return replace(request, unit=cast("UnitOfWork", _SharedUnit(request.unit, self.groups)))


async def member_named(request: Request, user_id: str, asking: Member) -> Named:
    """Return the acting member, or somebody who shares a group with them, of this channel or not.

    Raises UserError for everybody else, in the words for somebody who has never taken part.
    """
    members = request.unit.members
    member = await members.find(
        UserRef(request.origin.user.platform, request.origin.user.workspace, user_id)
    )
    if member is not None and member.id == asking.id:
        return Named(member, request.origin.display_name, frozenset())
    here = await group_here(request)
    ours = (*([here.id] if here else []), *reversed(await members.groups_of(asking.id)))
    theirs = await members.groups_of(member.id) if member else ()
    shared = tuple(dict.fromkeys(group_id for group_id in ours if group_id in theirs))
    if member is None or not shared:
        raise UserError("This person hasn't taken part yet.", "member")
    whole = len(shared) == len(theirs) and not await request.unit.learning.acted_elsewhere(
        member.id, shared
    )
    return Named(member, await _name(request, member, shared), frozenset(shared), whole)


async def _name(request: Request, member: Member, shared: Collection[int]) -> str:
    """Return the member's name where the question is asked; in a direct conversation, in a shared group."""
    here = request.origin.channel
    for group_id in shared:
        group = await request.unit.groups.get(group_id)
        if here.direct or group.channel.workspace == here.workspace:
            name = await request.unit.members.name_in(group_id, member.id)
            if name:
                return name
    return request.names.get("member", "") or SOMEBODY


class _SharedUnit:
    """A unit of work that shows only what a member did in some groups, and keeps nothing of it."""

    def __init__(self, unit: UnitOfWork, groups: frozenset[int]) -> None:
        self._unit = unit
        self.learning = _SharedLearning(unit.learning, groups)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)


class _SharedLearning:
    """The part of a member's learning in some groups.

    The cached streak is not used: it is of all groups.
    """

    def __init__(self, learning: Learning, groups: frozenset[int]) -> None:
        self._learning = learning
        self._groups = groups

    def __getattr__(self, name: str) -> Any:
        return getattr(self._learning, name)

    async def streak_state(self, _member_id: int) -> str | None:
        return None

    def put_streak_state(self, _member_id: int, _state: str) -> None:
        """Write nothing: the state was counted from a part."""

    async def asked(self, member_id: int, first: dt.date) -> tuple[AskedPost, ...]:
        posts = await self._learning.asked(member_id, first)
        return tuple(post for post in posts if post.group_id in self._groups)

    async def activities(self, member_id: int) -> tuple[Activity, ...]:
        rows = await self._learning.activities(member_id)
        return tuple(row for row in rows if row.group_id in self._groups)

    async def active_days(self, member_id: int, first: dt.date) -> Mapping[dt.date, int]:
        return Counter(
            row.local_date for row in await self.activities(member_id) if row.local_date >= first
        )

    async def topic_tallies(self, member_id: int, pack: str) -> Mapping[str, TopicTally]:
        return await self._learning.topic_tallies_in(member_id, pack, self._groups)
