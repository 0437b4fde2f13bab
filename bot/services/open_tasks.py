"""Tasks that a member could still do today. Asked after each act, so mostly answered from what is known."""

from __future__ import annotations

import asyncio
import datetime as dt

from bot.domain.model import ANSWERED_BY, Group, Member, Post, PostKind
from bot.library import Library
from bot.ports import UnitOfWork
from bot.services.context import Context
from bot.services.streaks import Streak
from bot.views.progress import today_line


async def still_due(context: Context, member: Member, group: Group | None, streak: Streak) -> str:
    """Return what is open for the member in the group, and whether today counts, else until when."""
    now = streak.summary
    counts = today_line(now, () if now.today_counted else await streak.risks(), streak.zone)
    waiting = await open_tasks(context.unit, context.library, member, group, context.now) if group else ()
    if not waiting:
        return counts
    still = f"Still open: {' and '.join(waiting)}."
    return f"{counts} · {still}" if now.today_counted else f"{still} {counts}"


def done_key(post_id: int) -> str:
    """Return the key of marking a prompt done."""
    return f"prompt:{post_id}"


def reply_key(post_id: int) -> str:
    """Return the key of replying to a prompt in writing."""
    return f"reply:{post_id}"


async def open_tasks(
    unit: UnitOfWork, library: Library, member: Member, group: Group, now: dt.datetime
) -> list[str]:
    """Return what the group asks of the member at the moment, such as ``the question on HTTP``."""
    return [named(library, group, post) for post in await open_posts(unit, member, group, now)]


async def open_posts(unit: UnitOfWork, member: Member, group: Group, now: dt.datetime) -> list[Post]:
    """The group's question and prompt that wait for the member, at most one of each."""
    found = await asyncio.gather(open_question(unit, member, group, now), _open_prompt(unit, member, group))
    return [post for post in found if post is not None]


def named(library: Library, group: Group, post: Post) -> str:
    """Return the name of a question or prompt within a sentence, such as ``the question on HTTP``.

    Where the pack or the topic is gone, the topic is named by its id.
    """
    kind = "question" if post.kind is PostKind.QUIZ else "prompt"
    pack = library.packs.get(group.pack)
    topic = pack.topic(post.topic) if pack else None
    return f"the {kind} on {topic.title if topic else post.topic}"


async def open_question(unit: UnitOfWork, member: Member, group: Group, now: dt.datetime) -> Post | None:
    """The question that takes answers and has none of the member's; None when there is none."""
    post = await unit.posts.open_of(group.id, PostKind.QUIZ)
    if post is None or (post.closes_at is not None and now >= post.closes_at):
        return None
    answer = await unit.learning.answer_to_post(post.id, member.id)
    return post if answer is None else None


async def _open_prompt(unit: UnitOfWork, member: Member, group: Group) -> Post | None:
    """The newest prompt, if the member has neither marked it done nor replied to it."""
    post = await unit.posts.open_of(group.id, PostKind.PROMPT)
    if post is None:
        return None
    acts = (f"{done}:{post.id}" for done in ANSWERED_BY[PostKind.PROMPT])
    did = await asyncio.gather(*(unit.learning.has_activity(member.id, key) for key in acts))
    return None if any(did) else post
