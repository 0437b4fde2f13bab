"""Handler of a member's own page: progress, preferences and the day's tasks in one place."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.replies import Reply, Send
from bot.domain.model import Group, Member
from bot.handlers.preferences import present
from bot.handlers.progress import progress_of
from bot.routing import Request, Routes
from bot.services.membership import visitor_of
from bot.services.open_tasks import open_tasks, still_due
from bot.services.reminders import first_question
from bot.services.streaks import Streak
from bot.views.home import HomeGroup, Today, home_message

routes = Routes()


@routes.home_opened
async def home(request: Request) -> Reply:
    """Show everything of a member's on one page; kind to somebody who is in no group."""
    member = await visitor_of(request)
    streak = await Streak.open(request, member)
    progress = await progress_of(request, member)
    of = await request.unit.members.groups_of(member.id)
    groups = [await request.unit.groups.get(group_id) for group_id in of]
    today = await _today(request, member, groups, streak)
    places = [await _place(request, group) for group in groups]
    set_to = present(streak, await request.unit.reminders.find(member.id))
    return Send(home_message(progress, today, places, set_to, streak.zone))


async def _today(request: Request, member: Member, groups: Sequence[Group], streak: Streak) -> Today:
    running = [group for group in groups if group.paused_at is None]
    tasks = [task for group in running for task in await open_tasks(request, member, group)]
    return Today(
        tasks, await still_due(streak), await first_question(request.unit, member, running, request.now)
    )


async def _place(request: Request, group: Group) -> HomeGroup:
    pack = request.library.packs.get(group.pack)
    title = pack.info.title if pack else group.pack
    return HomeGroup(title, group, await request.unit.groups.schedules(group.id))
