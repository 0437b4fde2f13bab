"""Handler of ``/help``."""

from __future__ import annotations

from bot.chat.commands import Command
from bot.chat.replies import Reply, Send
from bot.routing import Request, Routes, Writes
from bot.services.membership import group_here
from bot.services.permissions import may_organise
from bot.views.help import HelpPlace, help_message

routes = Routes()


@routes.command(Command("help", "See what Milepost can do and how to take part"), writes=Writes.NEVER)
async def show(request: Request) -> Reply:
    """Show the commands that this person may use."""
    organiser = await may_organise(request.unit, request.origin)
    group = await group_here(request)
    paused = group is not None and group.paused_at is not None
    if request.origin.channel.direct:
        place = HelpPlace.DIRECT if group else HelpPlace.ALONE
    else:
        place = HelpPlace.GROUP if group else HelpPlace.ELSEWHERE
    return Send(help_message(request.commands, organiser=organiser, place=place, paused=paused))
