"""Which group an organiser means: the channel's, or in a direct conversation one that they organise."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.chat.events import Origin
from bot.domain.model import Group
from bot.domain.refs import UserRef
from bot.errors import UserError
from bot.ports import UnitOfWork
from bot.routing import STALE, Request
from bot.services.membership import group_of
from bot.views.move import SEVERAL_OF_YOURS

NONE_OF_YOURS = "You don't organise a study group yet. Use /study setup in a channel to start one."


async def may_organise(unit: UnitOfWork, origin: Origin) -> bool:
    """Tell whether the platform says so of this person, or an admin has named them.

    In a direct conversation, also whether any group is theirs: only such a group can be acted on there.
    """
    if origin.is_organiser:
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
    if origin.is_organiser:
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


async def group_to_organise(request: Request, fits: Callable[[Group], bool] = lambda _: True) -> Group:
    """The group that a command of an organiser is about.

    In a direct conversation the one that its button names, else the only one that ``fits`` among those
    that the person set up, then among those that they belong to, then among all that they may organise.
    Raises UserError where there is none, or several.
    """
    if not request.origin.channel.direct:
        return await group_of(request)
    groups = await organised_groups(request.unit, request.origin)
    if "g" in request.args:
        named = [group for group in groups if group.id == request.number("g")]
        return _the_only(named, STALE)
    if not groups:
        raise UserError(NONE_OF_YOURS)
    for choice in await _nearest_first(request, groups):
        if found := [group for group in choice if fits(group)] or list(choice):
            return _the_only(found, SEVERAL_OF_YOURS)
    raise UserError(NONE_OF_YOURS)


async def _nearest_first(request: Request, groups: Sequence[Group]) -> list[list[Group]]:
    member = await request.unit.members.find(request.origin.user)
    belongs_to = await request.unit.members.groups_of(member.id) if member else ()
    own = [group for group in groups if group.organiser == request.origin.user]
    joined = [group for group in groups if group.id in belongs_to]
    return [own, joined, list(groups)]


def _the_only(groups: Sequence[Group], otherwise: str) -> Group:
    if len(groups) != 1:
        raise UserError(otherwise)
    return groups[0]
