"""Handler of ``/study organisers``."""

from __future__ import annotations

from bot.chat.commands import Command
from bot.chat.replies import Reply, Send
from bot.handlers.study.group import group_to_organise
from bot.routing import Request, Routes, Writes
from bot.services.permissions import called
from bot.views.log import organisers_message

routes = Routes()


@routes.command(
    Command("study organisers", "See who may organise here", organiser_only=True), writes=Writes.NEVER
)
async def organisers(request: Request) -> Reply:
    """Show the organisers who were named; the platform alone knows who manages the place."""
    group = await group_to_organise(request)
    place, owner = group.channel, group.organiser
    named = await request.unit.organisers.names(place.platform, place.workspace)
    return Send(organisers_message(named, owner.id, await called(request.unit, group, owner)))
