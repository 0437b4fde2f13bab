"""Handler of ``/study log``."""

from __future__ import annotations

from bot.chat.commands import Command
from bot.chat.replies import Reply, Send
from bot.handlers.study.group import group_to_organise
from bot.routing import Request, Routes, Writes
from bot.views.log import log_message

routes = Routes()
PAGE = 10
"""Entries of the log that are shown at once."""


@routes.command(
    Command("study log", "See what organisers did, newest first", organiser_only=True), writes=Writes.NEVER
)
async def log(request: Request) -> Reply:
    """Show the newest page of the log."""
    return await _page(request, None)


@routes.action("study.log", organiser_only=True, writes=Writes.NEVER)
async def older(request: Request) -> Reply:
    """Show the page before the entry that the button names."""
    return await _page(request, request.number("b"))


async def _page(request: Request, below: int | None) -> Reply:
    group = await group_to_organise(request)
    place = group.channel
    found = await request.unit.audit.latest(place.platform, place.workspace, group.id, PAGE + 1, below)
    older_than = found[PAGE - 1].id if len(found) > PAGE else None
    return Send(log_message(found[:PAGE], group.zone, older_than, group.id))
