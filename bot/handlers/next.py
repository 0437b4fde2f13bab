"""When the next posts come, for everybody who takes part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.chat.commands import Command
from bot.chat.replies import Reply, Say
from bot.domain.model import Group, PostKind, Schedule
from bot.domain.projects import lap_of, project_ahead, steps_left
from bot.routing import Routes, Turn, Writes
from bot.services.content_choice import choose_any, running_project
from bot.services.membership import group_of
from bot.services.scheduling import all_kept_posts, moved_on
from bot.views.next import Ahead, Project, coming_message
from content.model import Pack

routes = Routes()

SOON = dt.timedelta(days=14)
"""How far ahead dates without posts are told."""


@routes.command(
    Command("next", "See when the next question, prompt, project and recap come"), writes=Writes.NEVER
)
async def coming(turn: Turn) -> Reply:
    """Of the group here; in a direct conversation, of all groups of the person."""
    first = await group_of(turn)
    member = await turn.unit.members.find(turn.origin.user)
    groups = [first]
    if turn.origin.channel.direct and member:
        of = await turn.unit.members.groups_of(member.id)
        groups = [await turn.unit.groups.get(group_id) for group_id in of]
    zone = (member and member.zone) or first.zone
    return Say(coming_message([await _ahead(turn, group) for group in groups], zone))


async def _ahead(turn: Turn, group: Group) -> Ahead:
    pack = turn.library.packs.get(group.pack)
    schedules = await turn.unit.groups.schedules(group.id)
    times = await _times(turn, group, schedules)
    title = pack.info.title if pack else group.pack
    soon = turn.now.astimezone(ZoneInfo(group.zone)).date()
    skipped = sorted(date for date in group.skipped if soon <= date <= soon + SOON)
    if pack is None or group.paused_at is not None:
        return Ahead(title, group, times, skipped=skipped)
    runs = await running_project(turn.unit, pack, group, turn.now)
    return Ahead(
        title,
        group,
        times,
        prompt=await _next_prompt(turn, pack, group),
        running=(runs[0].title, runs[1]) if runs else None,
        project=await _next_project(turn, pack, group, schedules),
        skipped=skipped,
    )


async def _times(turn: Turn, group: Group, schedules: Sequence[Schedule]) -> dict[PostKind, dt.datetime]:
    """The next instant of each kind: of its schedule, or of a post that kept an earlier one."""
    found = [(each.kind, each.next_due_at) for each in schedules if each.next_due_at is not None]
    found += [(post.kind, post.due_at) for post in await all_kept_posts(turn.unit, group, turn.now)]
    return {kind: min(at for each, at in found if each is kind) for kind in {kind for kind, _ in found}}


async def _next_prompt(turn: Turn, pack: Pack, group: Group) -> str:
    """The title of its topic; empty when there is none."""
    chosen = await choose_any(turn.unit, pack, group, PostKind.PROMPT, turn.now)
    topic = pack.topic(chosen.topic) if chosen else None
    return topic.title if topic else ""


async def _next_project(
    turn: Turn, pack: Pack, group: Group, schedules: Sequence[Schedule]
) -> Project | None:
    """The project at the end of this step or a later one; None when prompts or projects are off."""
    planned = {each.kind: each for each in schedules if each.next_due_at is not None}
    if not {PostKind.PROMPT, PostKind.CHALLENGE} <= planned.keys():
        return None
    prompts = await turn.unit.posts.served(group.id, PostKind.PROMPT)
    projects = await turn.unit.posts.served(group.id, PostKind.CHALLENGE)
    lap = lap_of(pack, prompts, projects)
    challenge = project_ahead(pack, lap)
    step = next((each for each in pack.roadmap.steps if challenge and each.id == challenge.step), None)
    if step is None:
        return None
    last = planned[PostKind.PROMPT]
    for _ in range(steps_left(pack, lap, step.id) - 1):
        last = moved_on(last, group, last.next_due_at or turn.now)
    return Project(step.title, last.next_date)
