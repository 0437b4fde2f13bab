"""Handler of ``/study pause``."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from bot.chat.commands import Command, CommandOption
from bot.chat.replies import Reply, Send
from bot.domain.dates import BadDates, require_coming
from bot.domain.model import Group
from bot.domain.parsing import MOST_DATES, parse_date
from bot.domain.reasons import PauseReason
from bot.errors import UserError
from bot.handlers.study.group import group_to_organise
from bot.handlers.study.status import status_reply
from bot.routing import Request, Routes
from bot.services.planning import catch_up
from bot.services.scheduling import ending_on, pause_group
from bot.views.common import text_message

routes = Routes()
WITHOUT_END = "The pause no longer has an end date. Posts stay off until you run /study resume."


@routes.command(
    Command(
        "study pause",
        "Pause all posts, until a date or until you resume",
        (CommandOption("until", "The date to resume on, such as 27 December", max_length=MOST_DATES),),
        organiser_only=True,
    )
)
async def pause(request: Request) -> Reply:
    """Pause the group; what is open closes at its time. A pause may be given another end.

    Without a date it loses the end that it has.
    """
    group = await group_to_organise(request, _runs)
    until = _until(request, group)
    group = await catch_up(request.unit, request.library, group, request.now)
    if not group.paused_at:
        group = await pause_group(request.unit, group, request.now, PauseReason.ORGANISER, until)
    elif group.pause_reason is PauseReason.ORGANISER and (until or group.resume_on):
        group = ending_on(group, until, request.now)
        await request.unit.groups.save(group)
        if until is None:
            return Send(text_message(WITHOUT_END))
    else:
        raise UserError(
            "The group is already paused. Run /study resume, or give the pause an end date."
            if group.pause_reason is PauseReason.ORGANISER
            else "The group is already paused. Run /study resume to continue."
        )
    return await status_reply(request, group)


@routes.action("study.pause", organiser_only=True)
async def pause_pressed(request: Request) -> Reply:
    """Pause without an end. A second press, or one on an old message, changes nothing of a pause."""
    group = await catch_up(
        request.unit, request.library, await group_to_organise(request, _runs), request.now
    )
    if not group.paused_at:
        group = await pause_group(request.unit, group, request.now, PauseReason.ORGANISER)
    return await status_reply(request, group)


def _runs(group: Group) -> bool:
    return group.paused_at is None


def _until(request: Request, group: Group) -> dt.date | None:
    """Return the date that the pause is to end on. Raises UserError for one that is no date to come."""
    typed = request.args.get("until")
    if not typed:
        return None
    today = request.now.astimezone(ZoneInfo(group.zone)).date()
    try:
        until = parse_date(typed, today)
        require_coming((until,), today + dt.timedelta(days=1), today)
    except BadDates as error:
        raise UserError(str(error), "until") from None
    return until
