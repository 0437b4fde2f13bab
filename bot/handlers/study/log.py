"""Who may organise here, and who has done what."""

from __future__ import annotations

from bot.chat.commands import Command
from bot.chat.replies import Reply, Say
from bot.routing import Routes, Turn, Writes
from bot.services.permissions import called, group_to_organise
from bot.views.log import log_message, organisers_message

routes = Routes()

PAGE = 10
"""Entries of the log that are shown at once."""


@routes.command(
    Command("study organisers", "See who may organise here", organiser_only=True), writes=Writes.NEVER
)
async def organisers(turn: Turn) -> Reply:
    """Those who were named; the platform alone knows who manages the place."""
    group = await group_to_organise(turn)
    place, owner = group.channel, group.organiser
    named = await turn.unit.organisers.names(place.platform, place.workspace)
    return Say(organisers_message(named, owner.id, await called(turn.unit, group, owner)))


@routes.command(
    Command("study log", "See what organisers did, newest first", organiser_only=True), writes=Writes.NEVER
)
async def log(turn: Turn) -> Reply:
    """The newest page."""
    return await _page(turn, None)


@routes.action("study.log", organiser_only=True, writes=Writes.NEVER)
async def older(turn: Turn) -> Reply:
    """The page before the entry that the button names."""
    return await _page(turn, turn.number("b"))


async def _page(turn: Turn, below: int | None) -> Reply:
    group = await group_to_organise(turn)
    place = group.channel
    found = await turn.unit.audit.latest(place.platform, place.workspace, group.id, PAGE + 1, below)
    older_than = found[PAGE - 1].id if len(found) > PAGE else None
    return Say(log_message(found[:PAGE], group.zone, older_than, group.id))
