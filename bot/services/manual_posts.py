"""Posts that an organiser asks for: at once, and once for two clicks in a row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.model import Group, Post, PostKind, PostState
from bot.domain.projects import has_projects
from bot.domain.selection import has_questions, seed_of
from bot.ports import UnitOfWork
from bot.services.content_choice import choose_any, running_project
from bot.services.planning import new_post
from bot.services.scheduling import NEWEST, OPEN_AT_LEAST, closes_at
from content.model import Challenge, Pack

ON_ITS_WAY = dt.timedelta(minutes=10)
"""Time for which a requested post that has not been sent yet holds back another one."""


class NoPostReason(StrEnum):
    """Reasons why a request led to no post."""

    JUST_ASKED = "just asked"
    NOTHING = "the pack has nothing of the kind"
    ALL_OPEN = "every question is open"
    RUNNING = "a project is running"
    ALL_HAD = "every project of this lap was posted"


@dataclass(frozen=True, slots=True)
class PostRequest:
    """A request: its event, its instant, and how far ``apart`` two must be to be two.

    Within that time they are a double click, or two organisers with one thought; zero lets all through.
    """

    event_id: str
    at: dt.datetime
    apart: dt.timedelta


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal of a request. ``project`` is the one that is running, ``until`` its last day."""

    why: NoPostReason
    project: Challenge | None = None
    until: dt.date | None = None


async def plan_by_hand(
    unit: UnitOfWork, pack: Pack, group: Group, kind: PostKind, asked: PostRequest
) -> Post | Refused:
    """Plan a post of a kind for now, unless one was asked for a moment ago or there is none to give.

    The slot names the last post by hand, so that of two requests at the same instant, in whatever
    processes, the database lets one through.
    """
    last, now = await _last_by_hand(unit, group, kind), asked.at
    if last is not None and asked.apart and _is_recent(last, asked):
        return Refused(NoPostReason.JUST_ASKED)
    chosen = await choose_any(unit, pack, group, kind, now)
    if chosen is None:
        return await _nothing(unit, pack, group, kind, now)
    today = now.astimezone(ZoneInfo(group.zone)).date()
    slot = f"hand:{today}:{last.id if last else 0}"
    post = new_post(group, None, kind, slot, today, now, chosen)
    # The seed is part of its key, and platforms know keys that a restored backup gives out anew.
    post = replace(post, seed=seed_of(f"{group.id}:{kind}:{asked.event_id}"))
    closes = await closes_at(unit, group, kind, now, OPEN_AT_LEAST)
    return await unit.posts.add(replace(post, closes_at=closes)) or Refused(NoPostReason.JUST_ASKED)


async def _last_by_hand(unit: UnitOfWork, group: Group, kind: PostKind) -> Post | None:
    posts = await unit.posts.history(group.id, kind, NEWEST)
    return max((post for post in posts if post.schedule_id is None), key=lambda post: post.id, default=None)


def _is_recent(post: Post, asked: PostRequest) -> bool:
    """Tell if a request can only mean this post, which has not failed."""
    if post.state in (PostState.FAILED, PostState.MISSED):
        return False
    return asked.at - post.due_at < (ON_ITS_WAY if post.state is PostState.PLANNED else asked.apart)


async def _nothing(unit: UnitOfWork, pack: Pack, group: Group, kind: PostKind, now: dt.datetime) -> Refused:
    if kind is PostKind.QUIZ and has_questions(pack):
        return Refused(NoPostReason.ALL_OPEN)
    if kind is PostKind.CHALLENGE and has_projects(pack):
        runs = await running_project(unit, pack, group, now)
        return Refused(NoPostReason.RUNNING, *runs) if runs else Refused(NoPostReason.ALL_HAD)
    return Refused(NoPostReason.NOTHING)
