"""A member's own page: what ``/progress``, ``/preferences`` and the day's tasks show, in one place."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.replies import Reply, Say
from bot.domain.model import Group, Member
from bot.handlers.preferences import present
from bot.handlers.progress import progress_of
from bot.handlers.reminders import first_question
from bot.routing import Routes, Turn
from bot.services.membership import visitor_of
from bot.services.open_tasks import open_tasks, still_due
from bot.services.streaks import Streak
from bot.views.home import Place, Today, home_message

routes = Routes()


@routes.home_opened
async def home(turn: Turn) -> Reply:
    """Everything of a member's on one page; kind to somebody who is in no group."""
    member = await visitor_of(turn)
    streak = await Streak.open(turn, member)
    progress = await progress_of(turn, member)
    of = await turn.unit.members.groups_of(member.id)
    groups = [await turn.unit.groups.get(group_id) for group_id in of]
    today = await _today(turn, member, groups, streak)
    places = [await _place(turn, group) for group in groups]
    set_to = present(streak, await turn.unit.reminders.find(member.id))
    return Say(home_message(progress, today, places, set_to, streak.zone))


async def _today(turn: Turn, member: Member, groups: Sequence[Group], streak: Streak) -> Today:
    running = [group for group in groups if group.paused_at is None]
    tasks = [
        task
        for group in running
        for task in await open_tasks(turn.unit, turn.library, member, group, turn.now)
    ]
    counts = await still_due(turn, member, None, streak)
    return Today(tasks, counts, await first_question(turn.unit, member, running, turn.now))


async def _place(turn: Turn, group: Group) -> Place:
    pack = turn.library.packs.get(group.pack)
    title = pack.info.title if pack else group.pack
    return Place(title, group, await turn.unit.groups.schedules(group.id))
