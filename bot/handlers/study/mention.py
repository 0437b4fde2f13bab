"""Handler of ``/study mention``: the role that scheduled posts mention."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.commands import Command, CommandOption, Kind
from bot.chat.replies import Reply, Send
from bot.domain.role_use import Purpose
from bot.handlers.study.group import group_to_organise
from bot.handlers.study.roles import (
    ROLE_LENGTH,
    refuse_powers_of_others,
    role_name,
    role_option,
    where_known,
)
from bot.routing import Request, Routes
from bot.toolkit.text import quoted
from bot.views.common import text_message

routes = Routes()


@routes.command(
    Command(
        "study mention",
        "Choose a role to mention in scheduled posts",
        (
            CommandOption(
                "role",
                "The role or user group; leave it out to mention no one",
                Kind.ROLE,
                max_length=ROLE_LENGTH,
                purpose=Purpose.MENTION,
            ),
        ),
        organiser_only=True,
    )
)
async def mention(request: Request) -> Reply:
    """Choose the role that posts mention; without one nobody is mentioned."""
    refuse_powers_of_others(request, Purpose.MENTION)
    group = await group_to_organise(request)
    role, name = role_option(request), role_name(request)
    by = request.origin.user.id if role else ""
    await request.unit.groups.save(
        replace(group, mention_role=role, mention_name=name, mention_by=by, mention_denied=None)
    )
    if not role:
        return Send(text_message("Posts no longer mention anyone."))
    return Send(text_message(f"Scheduled posts now mention {quoted(name or role)}{where_known(name)}."))
