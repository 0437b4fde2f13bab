"""Handlers of ``/progress`` and its button: the picture and the figures."""

from __future__ import annotations

from bot.chat.commands import Command, CommandOption, Kind
from bot.chat.messages import Message
from bot.chat.replies import Reply, Send
from bot.domain.mastery import of_roadmap
from bot.domain.model import Member
from bot.handlers.shared_progress import member_named
from bot.routing import Request, Routes, Writes
from bot.services.membership import pack_here, visitor_of
from bot.services.streaks import Streak
from bot.views.picture import first_day
from bot.views.progress import progress_message

routes = Routes()


@routes.command(
    Command(
        "progress",
        "See your progress or another member's",
        (CommandOption("member", "Whose progress; leave it out for yours", Kind.MEMBER),),
    ),
    writes=Writes.NEVER,
)
async def progress(request: Request) -> Reply:
    """Show one's own progress, or that of a member who is named."""
    asking = await visitor_of(request)
    user_id = request.args.get("member", "")
    other = user_id not in ("", asking.user.id)
    named = await member_named(request, user_id, asking) if other else None
    if named is None or named.member.id == asking.id:
        return Send(await progress_of(request, asking))
    return Send(await progress_of(named.seen_by(request), named.member, named.name))


@routes.action("progress.mine", navigates=True, writes=Writes.NEVER)
async def my_progress(request: Request) -> Reply:
    """Show one's own progress, from a button."""
    return Send(await progress_of(request, await visitor_of(request)))


async def progress_of(request: Request, member: Member, name: str = "") -> Message:
    """Return the picture and the figures; without a ``name`` for the member themselves.

    Raises UserError where no pack is installed.
    """
    pack = await pack_here(request)
    streak = await Streak.open(request, member)
    tallies = await request.unit.learning.topic_tallies(member.id, pack.info.id)
    acts = await request.unit.learning.active_days(member.id, first_day(streak.day))
    mastery = of_roadmap(pack, tallies)
    numbers = streak.summary
    return progress_message(name, pack, numbers, streak.verdicts, acts, mastery, tallies, own=not name)
