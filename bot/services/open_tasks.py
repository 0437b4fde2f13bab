"""Tasks that a member could still do today. Asked after each act, so mostly answered from what is known."""

from __future__ import annotations

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
    question, prompt = await unit.posts.open_of_each(group.id, (PostKind.QUIZ, PostKind.PROMPT))
    waiting = []
    if question is not None and await _takes_answer(unit, member, question, now):
        waiting.append(question)
    if prompt is not None and await _takes_reply(unit, member, prompt):
        waiting.append(prompt)
    return waiting


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
    return post if post is not None and await _takes_answer(unit, member, post, now) else None


async def _takes_answer(unit: UnitOfWork, member: Member, post: Post, now: dt.datetime) -> bool:
    """Tell whether a question is open and has no answer of the member's."""
    if post.closes_at is not None and now >= post.closes_at:
        return False
    return await unit.learning.answer_to_post(post.id, member.id) is None


async def _takes_reply(unit: UnitOfWork, member: Member, post: Post) -> bool:
    """Tell whether the member has neither marked a prompt done nor replied to it."""
    acts = [f"{done}:{post.id}" for done in ANSWERED_BY[PostKind.PROMPT]]
    return not await unit.learning.has_activity(member.id, *acts)
