"""Handler of ``/study resume``."""

from __future__ import annotations

from bot.chat.commands import Command
from bot.chat.replies import Reply
from bot.domain.model import Group
from bot.errors import UserError
from bot.handlers.study.group import group_to_organise
from bot.handlers.study.status import status_reply
from bot.routing import Request, Routes
from bot.services.planning import catch_up
from bot.services.scheduling import resume_group

routes = Routes()


@routes.action("study.resume", organiser_only=True)
async def resume_pressed(request: Request) -> Reply:
    """Resume. A second press changes nothing."""
    group = await catch_up(
        request.unit, request.library, await group_to_organise(request, _is_paused), request.now
    )
    return await status_reply(
        request, await resume_group(request.unit, group, request.now) if group.paused_at else group
    )


@routes.command(Command("study resume", "Resume posting", organiser_only=True))
async def resume(request: Request) -> Reply:
    """Resume the group: the next posts come at their next time; what fell in the pause is left out."""
    group = await catch_up(
        request.unit, request.library, await group_to_organise(request, _is_paused), request.now
    )
    if not group.paused_at:
        raise UserError("The group isn't paused.")
    return await status_reply(request, await resume_group(request.unit, group, request.now))


def _is_paused(group: Group) -> bool:
    return group.paused_at is not None
