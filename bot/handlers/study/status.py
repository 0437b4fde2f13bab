"""Handler of ``/study status``, and the overview that other commands answer with."""

from __future__ import annotations

import datetime as dt

from bot.chat.commands import Command
from bot.chat.replies import Reply, Send
from bot.domain.model import Group, Post, PostKind, PostState
from bot.handlers.study.group import group_to_organise
from bot.routing import Request, Routes, Writes
from bot.services.scheduling import all_kept_posts
from bot.views.study import status_message

routes = Routes()
RECENT_OF_A_KIND = 4
RECENT_SHOWN = 8


@routes.command(
    Command("study status", "See what's planned and what happened", organiser_only=True, default=True),
    writes=Writes.NEVER,
)
async def status(request: Request) -> Reply:
    """Show the state of the group."""
    return await status_reply(request, await group_to_organise(request))


async def status_reply(request: Request, group: Group) -> Reply:
    """Return the overview of a group: its schedules, what is planned and what happened lately."""
    schedules = await request.unit.groups.schedules(group.id)
    posts = [
        post
        for kind in PostKind
        for post in await request.unit.posts.history(group.id, kind, RECENT_OF_A_KIND)
        if not _is_to_come(post, group, request.now)
    ]
    posts.sort(key=lambda post: post.sent_at or post.due_at, reverse=True)
    members = await request.unit.members.count(group.id)
    kept = await all_kept_posts(request.unit, group, request.now)
    pack = request.library.packs.get(group.pack)
    recent = posts[:RECENT_SHOWN]
    return Send(
        status_message(group, schedules, kept, recent, members, request.now, pack, roles=request.roles)
    )


def _is_to_come(post: Post, group: Group, now: dt.datetime) -> bool:
    """Tell whether a post is planned or unwanted, and did not happen lately: nothing holds it up."""
    return post.state is PostState.PLANNED and post.due_at > now and not group.paused_at
