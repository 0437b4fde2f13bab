"""The topics of the group here, for everybody."""

from __future__ import annotations

from bot.chat.commands import Command
from bot.chat.replies import Reply, Send
from bot.routing import Request, Routes, Writes
from bot.services.membership import group_of
from tools.scaffold.views.example import example_message

routes = Routes()


@routes.command(Command("example", "See what this group studies"), writes=Writes.NEVER)
async def example(request: Request) -> Reply:
    """Answer in private. Raises UserError where there is no group."""
    group = await group_of(request)
    pack = request.library.packs.get(group.pack)
    return Send(example_message(request.origin.display_name, pack.info.title if pack else group.pack))
