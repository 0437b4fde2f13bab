"""Handler of ``/study skip``: dates on which a group posts nothing, such as public holidays."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from bot.chat.commands import Command, CommandOption
from bot.chat.replies import Reply, Send
from bot.domain.dates import MOST_SKIPPED, BadDates, require_coming
from bot.domain.model import Group
from bot.domain.parsing import MOST_DATES, parse_dates
from bot.errors import UserError
from bot.handlers.study.group import group_to_organise
from bot.routing import Request, Routes, Writes
from bot.services.planning import catch_up
from bot.services.scheduling import all_kept_posts, skip_dates
from bot.views.study import skipped_message

routes = Routes()

KEPT = dt.timedelta(days=2)
"""Time for which a date stays listed after it: a schedule in another zone may still be in it."""


@routes.command(
    Command(
        "study skip",
        "Skip dates such as public holidays, or list the skipped ones",
        (
            CommandOption(
                "add",
                "Dates to skip, such as 25 December or 24 Dec - 2 Jan",
                max_length=MOST_DATES,
                spaced=True,
            ),
            CommandOption("remove", "Dates to post on again, written the same way", max_length=MOST_DATES),
        ),
        organiser_only=True,
    ),
    writes=Writes.WITH_OPTIONS,
)
async def skip(request: Request) -> Reply:
    """Change the skipped dates, removing before adding; without options, list them."""
    group, added = await group_to_organise(request), frozenset[dt.date]()
    if request.args:
        dates = _changed(request, group)
        added = dates - group.skipped
        group = await catch_up(request.unit, request.library, group, request.now)
        group = await skip_dates(request.unit, group, dates, request.now)
    schedules = await request.unit.groups.schedules(group.id)
    kept = await all_kept_posts(request.unit, group, request.now)
    too_late = await _has_posts(request, group, added)
    return Send(skipped_message(group, schedules, kept, request.now, too_late=too_late))


async def _has_posts(request: Request, group: Group, added: frozenset[dt.date]) -> bool:
    """Tell whether a schedule has posted already on a date that is skipped from now on."""
    posts = await request.unit.posts.on_dates(group.id, added) if added else ()
    return any(post.sent_at and post.schedule_id is not None for post in posts)


def _changed(request: Request, group: Group) -> frozenset[dt.date]:
    """Return the dates to skip from now on, without those long over. Raises UserError."""
    today = request.now.astimezone(ZoneInfo(group.zone)).date()
    removed, added = _dates(request, "remove", today), _dates(request, "add", today)
    if removed and not removed & group.skipped:
        raise UserError("None of those dates are skipped. See the list with /study skip.", "remove")
    try:
        require_coming(added, today, today)
    except BadDates as error:
        raise UserError(str(error), "add") from None
    dates = frozenset(date for date in (group.skipped - removed) | added if date >= today - KEPT)
    if len(dates) > MOST_SKIPPED:
        raise UserError(
            f"That makes {len(dates)} dates, and a group can skip up to {MOST_SKIPPED}. "
            "For a long break, use /study pause with a date.",
            "add",
        )
    return dates


def _dates(request: Request, option: str, today: dt.date) -> frozenset[dt.date]:
    typed = request.args.get(option)
    if not typed:
        return frozenset()
    try:
        return parse_dates(typed, today)
    except BadDates as error:
        raise UserError(str(error), option) from None
