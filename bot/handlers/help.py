"""What Milepost can do."""

from __future__ import annotations

from bot.chat.commands import Command
from bot.chat.replies import Reply, Say
from bot.routing import Routes, Turn, Writes
from bot.services.membership import group_here
from bot.services.permissions import may_organise
from bot.views.help import Place, help_message

routes = Routes()


@routes.command(Command("help", "See what Milepost can do and how to take part"), writes=Writes.NEVER)
async def show(turn: Turn) -> Reply:
    """The commands that this person may use."""
    organiser = await may_organise(turn.unit, turn.origin)
    group = await group_here(turn)
    paused = group is not None and group.paused_at is not None
    if turn.origin.channel.direct:
        place = Place.DIRECT if group else Place.ALONE
    else:
        place = Place.GROUP if group else Place.ELSEWHERE
    return Say(help_message(turn.commands, organiser=organiser, place=place, paused=paused))
