"""Handler of ``/streak``: the streak day by day."""

from __future__ import annotations

from bot.chat.commands import Command
from bot.chat.replies import Reply, Send
from bot.routing import Request, Routes, Writes
from bot.services.membership import visitor_of
from bot.services.streaks import Streak
from bot.views.progress import streak_message

routes = Routes()


@routes.command(Command("streak", "See your streak, day by day"), writes=Writes.NEVER)
async def streak(request: Request) -> Reply:
    """Show the last days one by one, so that nobody has to believe a number."""
    current = await Streak.open(request, await visitor_of(request))
    risks = await current.risks()
    return Send(streak_message(current.summary, current.last_days, risks, current.zone))
