"""Handler of ``/study zone``, and the suggestions for every option that names a zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.chat.commands import Command
from bot.chat.messages import Choice
from bot.chat.replies import Reply
from bot.domain.calendar import BadZone
from bot.domain.parsing import (
    parse_zone,
)
from bot.errors import UserError
from bot.handlers.study.group import group_to_organise
from bot.handlers.study.options import ZONE
from bot.handlers.study.schedule import schedules_reply
from bot.routing import Completion, Request, Routes
from bot.services.planning import catch_up, reschedule
from bot.services.scheduling import ending_on
from bot.services.zones import suggest_zones

routes = Routes()


@routes.command(
    Command(
        "study zone",
        "Move this group and its schedules to another time zone",
        (replace(ZONE, required=True),),
        organiser_only=True,
    )
)
async def zone(request: Request) -> Reply:
    """Move the wall times to the clocks of another zone, for a group that was set up in a wrong one."""
    group = await group_to_organise(request)
    try:
        name = parse_zone(request.args["zone"], kept=group.zone)
    except BadZone as error:
        raise UserError(str(error), "zone") from None
    group = await catch_up(request.unit, request.library, group, request.now)
    moved = ending_on(replace(group, zone=name), group.resume_on, request.now)
    await request.unit.groups.save(moved)
    for old in await request.unit.groups.schedules(group.id):
        await reschedule(request.unit, request.library, moved, replace(old, zone=name), request.now)
    return await schedules_reply(request, moved)


@routes.completes("study setup", "zone")
@routes.completes("study schedule", "zone")
@routes.completes("study zone", "zone")
async def zones(completion: Completion) -> Iterable[Choice]:
    """Suggest zones by their name, their country, and the cities in them."""
    return suggest_zones(completion.typed)
