"""Handler of ``/next``: the times of the next posts, for everybody who takes part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.chat.commands import Command
from bot.chat.replies import Reply, Send
from bot.domain.model import Group, PostKind, Schedule
from bot.domain.projects import lap_of, project_ahead, steps_left
from bot.routing import Request, Routes, Writes
from bot.services.content_choice import choose_any, running_project
from bot.services.membership import group_of
from bot.services.scheduling import all_kept_posts, moved_on
from bot.views.next import Ahead, Project, coming_message
from content.model import Pack

routes = Routes()

SOON = dt.timedelta(days=14)
"""Time ahead for which dates without posts are listed."""


@routes.command(
    Command("next", "See when the next question, prompt, project and recap come"), writes=Writes.NEVER
)
async def coming(request: Request) -> Reply:
    """Show the next posts of the group here; in a direct conversation, of all groups of the person."""
    first = await group_of(request)
    member = await request.unit.members.find(request.origin.user)
    groups = [first]
    if request.origin.channel.direct and member:
        of = await request.unit.members.groups_of(member.id)
        groups = [await request.unit.groups.get(group_id) for group_id in of]
    zone = (member and member.zone) or first.zone
    return Send(coming_message([await _ahead(request, group) for group in groups], zone))


async def _ahead(request: Request, group: Group) -> Ahead:
    pack = request.library.packs.get(group.pack)
    schedules = await request.unit.groups.schedules(group.id)
    times = await _times(request, group, schedules)
    title = pack.info.title if pack else group.pack
    soon = request.now.astimezone(ZoneInfo(group.zone)).date()
    skipped = sorted(date for date in group.skipped if soon <= date <= soon + SOON)
    if pack is None or group.paused_at is not None:
        return Ahead(title, group, times, skipped=skipped)
    runs = await running_project(request.unit, pack, group, request.now)
    return Ahead(
        title,
        group,
        times,
        prompt=await _next_prompt(request, pack, group),
        running=(runs[0].title, runs[1]) if runs else None,
        project=await _next_project(request, pack, group, schedules),
        skipped=skipped,
    )


async def _times(
    request: Request, group: Group, schedules: Sequence[Schedule]
) -> dict[PostKind, dt.datetime]:
    """Return the next instant of each kind: of its schedule, or of a post that kept an earlier one."""
    found = [(each.kind, each.next_due_at) for each in schedules if each.next_due_at is not None]
    found += [(post.kind, post.due_at) for post in await all_kept_posts(request.unit, group, request.now)]
    return {kind: min(at for each, at in found if each is kind) for kind in {kind for kind, _ in found}}


async def _next_prompt(request: Request, pack: Pack, group: Group) -> str:
    """Return the title of the next prompt's topic; empty when there is none."""
    chosen = await choose_any(request.unit, pack, group, PostKind.PROMPT, request.now)
    topic = pack.topic(chosen.topic) if chosen else None
    return topic.title if topic else ""


async def _next_project(
    request: Request, pack: Pack, group: Group, schedules: Sequence[Schedule]
) -> Project | None:
    """Return the project at the end of this step or a later one; None when prompts or projects are off."""
    planned = {each.kind: each for each in schedules if each.next_due_at is not None}
    if not {PostKind.PROMPT, PostKind.CHALLENGE} <= planned.keys():
        return None
    prompts = await request.unit.posts.served(group.id, PostKind.PROMPT)
    projects = await request.unit.posts.served(group.id, PostKind.CHALLENGE)
    lap = lap_of(pack, prompts, projects)
    challenge = project_ahead(pack, lap)
    step = next((each for each in pack.roadmap.steps if challenge and each.id == challenge.step), None)
    if step is None:
        return None
    last = planned[PostKind.PROMPT]
    for _ in range(steps_left(pack, lap, step.id) - 1):
        last = moved_on(last, group, last.next_due_at or request.now)
    return Project(step.title, last.next_date)
