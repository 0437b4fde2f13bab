"""Dates on which a group posts nothing, such as public holidays: listed by an organiser."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from bot.chat.commands import Command, Option
from bot.chat.replies import Reply, Say
from bot.domain.dates import MOST_SKIPPED, BadDates, require_coming
from bot.domain.model import Group
from bot.domain.parsing import MOST_DATES, parse_dates
from bot.errors import UserError
from bot.routing import Routes, Turn, Writes
from bot.services.permissions import group_to_organise
from bot.services.planning import catch_up
from bot.services.scheduling import all_kept_posts, skip_dates
from bot.views.study import skipped_message

routes = Routes()

KEPT = dt.timedelta(days=2)
"""How long a date stays listed after it: a schedule in another zone may still be in it."""


@routes.command(
    Command(
        "study skip",
        "Skip dates such as public holidays, or list the skipped ones",
        (
            Option(
                "add",
                "Dates to skip, such as 25 December or 24 Dec - 2 Jan",
                max_length=MOST_DATES,
                spaced=True,
            ),
            Option("remove", "Dates to post on again, written the same way", max_length=MOST_DATES),
        ),
        organiser_only=True,
    ),
    writes=Writes.WITH_OPTIONS,
)
async def skip(turn: Turn) -> Reply:
    """With both options, ``remove`` comes first; with neither, the list."""
    group, added = await group_to_organise(turn), frozenset[dt.date]()
    if turn.args:
        dates = _changed(turn, group)
        added = dates - group.skipped
        group = await catch_up(turn.unit, turn.library, group, turn.now)
        group = await skip_dates(turn.unit, group, dates, turn.now)
    schedules = await turn.unit.groups.schedules(group.id)
    kept = await all_kept_posts(turn.unit, group, turn.now)
    too_late = await _has_posts(turn, group, added)
    return Say(skipped_message(group, schedules, kept, turn.now, too_late=too_late))


async def _has_posts(turn: Turn, group: Group, added: frozenset[dt.date]) -> bool:
    """Whether a schedule has posted already on a date that is skipped from now on."""
    posts = await turn.unit.posts.on_dates(group.id, added) if added else ()
    return any(post.sent_at and post.schedule_id is not None for post in posts)


def _changed(turn: Turn, group: Group) -> frozenset[dt.date]:
    """What is to be skipped from now on, without what is long over. Raises UserError."""
    today = turn.now.astimezone(ZoneInfo(group.zone)).date()
    removed, added = _dates(turn, "remove", today), _dates(turn, "add", today)
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


def _dates(turn: Turn, option: str, today: dt.date) -> frozenset[dt.date]:
    typed = turn.args.get(option)
    if not typed:
        return frozenset()
    try:
        return parse_dates(typed, today)
    except BadDates as error:
        raise UserError(str(error), option) from None
