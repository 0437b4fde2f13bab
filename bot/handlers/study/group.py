"""The group that an organiser's command, button or form is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.domain.model import Group
from bot.errors import UserError
from bot.routing import STALE, Request
from bot.services.membership import group_of
from bot.services.permissions import organised_groups
from bot.views.move import SEVERAL_OF_YOURS

NONE_OF_YOURS = "You don't organise a study group yet. Use /study setup in a channel to start one."


async def group_to_organise(request: Request, fits: Callable[[Group], bool] = lambda _: True) -> Group:
    """Return the group that a command of an organiser is about.

    In a direct conversation the one that its button names, else the only one that ``fits`` among those that
    the person set up, then among those that they belong to, then among all that they may organise. Raises
    UserError where there is none, or several.
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
