"""Handlers of ``/leaderboard``."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.commands import Command, CommandOption
from bot.chat.messages import Choice
from bot.chat.replies import Reply, Send
from bot.domain.model import Member, Standing
from bot.domain.scoring import NAMED_TOO, Period, cut, period_key
from bot.errors import UserError
from bot.routing import STALE, Request, Routes, Writes
from bot.services.membership import group_of, visitor_of
from bot.services.streaks import Streak
from bot.views.leaderboard import TITLES, leaderboard_message

routes = Routes()

ANSWERED_SHOWN = 5
"""Members, at most, who are named for having answered an open question; the others are counted."""


@routes.command(
    Command(
        "leaderboard",
        "See the leaderboard for this week, this month or all time",
        (
            CommandOption(
                "period",
                "This week, unless you choose another",
                choices=tuple(Choice(TITLES[p], p) for p in Period),
            ),
        ),
    ),
    writes=Writes.NEVER,
)
async def leaderboard(request: Request) -> Reply:
    """Show the group's best, and the member's own place."""
    return await _board(request, Period(request.args.get("period", Period.WEEK)))


@routes.action("leaderboard.show", navigates=True, writes=Writes.NEVER)
async def switch(request: Request) -> Reply:
    """Show another period."""
    try:
        return await _board(request, Period(request.args.get("period", "")))
    except ValueError:
        raise UserError(STALE) from None


async def _board(request: Request, period: Period) -> Reply:
    group = await group_of(request)
    member = await visitor_of(request)
    streak = await Streak.open(request, member)
    key, size = period_key(period, streak.day), request.settings.leaderboard_size
    found, own = await request.unit.boards.standings(group.id, key, size + NAMED_TOO, member.id)
    best = [_as_seen(request, member, row) for row in found]
    own = own and _as_seen(request, member, own)
    tied = await request.unit.boards.tied(group.id, key, best[size - 1].points) if len(best) > size else 0
    named, more = cut(best, size, tied)
    waiting = await request.unit.boards.waiting_points(group.id, member.id)
    answered = await request.unit.boards.answered_open(group.id, ANSWERED_SHOWN)
    return Send(leaderboard_message(period, named, own, more, waiting, answered))


def _as_seen(request: Request, member: Member, row: Standing) -> Standing:
    """Return a row as the member sees it: one who hides their name still finds it on their own view."""
    hidden = row.member_id == member.id and not row.name
    return replace(row, name=request.origin.display_name) if hidden else row
