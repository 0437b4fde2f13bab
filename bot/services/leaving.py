"""Members and organisers who left, and who came back: off boards, counts and rewards, or on them again."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

from bot.domain.audit import AuditAction, Change, by_milepost_in
from bot.domain.model import Group, Member, PostKind, Reward
from bot.domain.refs import UserRef
from bot.domain.role_use import Denied
from bot.ports import UnitOfWork


async def take_off(
    unit: UnitOfWork, group: Group, member: Member, now: dt.datetime, *, by_choice: bool
) -> None:
    """Take the member off the group, and take back what its streak gave them."""
    await unit.members.leave(group.id, member.id, now, by_choice=by_choice)
    if group.reward_role:
        reward = Reward(group.id, member.id, group.reward_role, wanted=True)
        unit.rewards.reviewed(reward, now, wanted=False, review_at=None)
    await _refresh(unit, group)


async def member_left(
    unit: UnitOfWork, user: UserRef, workspace: str, channel: str | None, now: dt.datetime
) -> None:
    """Take a person who has left a workspace, or one channel of it, off the groups there.

    In a workspace that they have left they organise nothing any more.
    """
    if channel is None:
        await organiser_left(unit, user.platform, workspace, user.id, now)
    member = await unit.members.find(user)
    if member is None:
        return
    async for group in _there(unit, user.platform, workspace, channel):
        if group.id in await unit.members.groups_of(member.id):
            await take_off(unit, group, member, now, by_choice=False)


async def organiser_left(
    unit: UnitOfWork, platform: str, workspace: str, user_id: str, now: dt.datetime
) -> None:
    """Withdraw the naming of an organiser who has left the place; naming them again makes them one."""
    named = await unit.organisers.names(platform, workspace)
    if user_id not in named:
        return
    await unit.organisers.dismiss(platform, workspace, user_id)
    left = Change(AuditAction.ORGANISER_REMOVED, {}, {"reason": Denied.LEFT.value}, user_id)
    unit.audit.append(by_milepost_in(platform, workspace, left, now, named[user_id]))


async def member_came_back(
    unit: UnitOfWork, user: UserRef, workspace: str, channel: str | None, now: dt.datetime
) -> None:
    """Put a person who is there again back into the groups that they did not leave by choice."""
    member = await unit.members.find(user)
    if member is None:
        return
    async for group in _there(unit, user.platform, workspace, channel):
        await unit.members.come_back(group.id, member.id, now)
        await _refresh(unit, group)


async def _there(
    unit: UnitOfWork, platform: str, workspace: str, channel: str | None
) -> AsyncIterator[Group]:
    for group in await unit.groups.of_workspace(platform, workspace):
        if channel in (None, group.channel.id):
            yield group


async def _refresh(unit: UnitOfWork, group: Group) -> None:
    """Mark the project's post as changed: it says how many take part."""
    post = await unit.posts.open_of(group.id, PostKind.CHALLENGE)
    if post:
        await unit.posts.mark_changed(post.id)
