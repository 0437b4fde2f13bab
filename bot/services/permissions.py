"""Permissions of organisers: the groups that a person may organise.

They are those of the channel, or in a direct conversation those that the person organises.
"""

from __future__ import annotations

from bot.chat.events import Origin
from bot.domain.model import Group
from bot.domain.refs import UserRef
from bot.ports import UnitOfWork


async def may_organise(unit: UnitOfWork, origin: Origin) -> bool:
    """Tell whether the person may organise here: the platform says so, or an admin has named them.

    In a direct conversation, also whether any group is theirs: only such a group can be acted on there.
    """
    if origin.is_admin:
        return True
    here = origin.channel
    if here.direct and await organised_groups(unit, origin):
        return True
    named = await unit.organisers.named(here.platform, here.workspace)
    return here.workspace not in origin.left and origin.user.id in named


async def organised_groups(unit: UnitOfWork, origin: Origin) -> tuple[Group, ...]:
    """Every group that this person may organise from a direct conversation, their own ones first.

    Their own are those that they set up. A direct conversation may belong to no workspace, and tells
    nothing of who may manage a place elsewhere.
    """
    user, here = origin.user, origin.channel
    own = await unit.groups.organised_by(user)
    found = {group.id: group for group in own if group.channel.workspace not in origin.left}
    workspaces = set(await unit.organisers.workspaces(here.platform, user.id))
    if origin.is_admin:
        workspaces.add(here.workspace)
    for workspace in sorted(workspaces - origin.left):
        for group in await unit.groups.of_workspace(here.platform, workspace):
            found.setdefault(group.id, group)
    return tuple(found.values())


async def called(unit: UnitOfWork, group: Group, user: UserRef) -> str:
    """Return what a person is called in a group, or when they last organised there; or nothing."""
    place, member = group.channel, await unit.members.find(user)
    name = await unit.members.name_in(group.id, member.id) if member else None
    return name or await unit.audit.name_of(place.platform, place.workspace, user.id)
