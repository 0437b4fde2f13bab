"""Handler of ``/leave``, which a member uses by choice; whoever acts in the group again is back."""

from __future__ import annotations

from bot.chat.commands import Command
from bot.chat.replies import Reply, Send
from bot.errors import UserError
from bot.routing import Request, Routes
from bot.services.leaving import take_off
from bot.services.membership import group_of
from bot.toolkit.text import isolated
from bot.views.common import text_message

routes = Routes()


@routes.command(Command("leave", "Leave this study group"))
async def leave(request: Request) -> Reply:
    """Take the acting member off the group, which keeps all that they did."""
    group = await group_of(request)
    member = await request.unit.members.find(request.origin.user)
    if member is None or group.id not in await request.unit.members.groups_of(member.id):
        raise UserError("You aren't in this study group.")
    await take_off(request.unit, group, member, request.now, by_choice=True)
    pack = request.library.packs.get(group.pack)
    which = f" for {isolated(pack.info.title)}" if pack else ""
    return Send(
        text_message(
            f"You've left the study group{which}. You're off its boards and it won't remind you. "
            "Everything you did is kept: take part in it again and you're back."
        )
    )
