"""Tasks that a member could still do today. Asked after each act, so mostly answered from what is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.domain.model import ANSWERED_BY, Group, Member, Post, PostKind
from bot.library import Library
from bot.ports import UnitOfWork
from bot.services.context import Context
from bot.services.streaks import Streak
from bot.views.progress import today_line


async def still_due(streak: Streak, waiting: Sequence[str] = ()) -> str:
    """Return a sentence of what is ``waiting``, and whether today counts, else until when it may."""
    now = streak.summary
    counts = today_line(now, () if now.today_counted else await streak.risks(), streak.zone)
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
    context: Context, member: Member, group: Group | None, besides: int | None = None
) -> list[str]:
    """Return what the group asks of the member at the moment, such as ``the question on HTTP``.

    ``besides`` is the id of a post that is left out: one that the member answers just now.
    """
    if group is None:
        return []
    waiting = await open_posts(context.unit, member, group, context.now, besides)
    return [named(context.library, group, post) for post in waiting]


async def open_posts(
    unit: UnitOfWork, member: Member, group: Group, now: dt.datetime, besides: int | None = None
) -> list[Post]:
    """Return the group's question and prompt that wait for the member, without the post ``besides``."""
    question, prompt = await unit.posts.open_of_each(group.id, (PostKind.QUIZ, PostKind.PROMPT))
    waiting = []
    if question and question.id != besides and await _takes_answer(unit, member, question, now):
        waiting.append(question)
    if prompt and prompt.id != besides:
        # It waits until the member has marked it done or replied to it.
        acts = [f"{done}:{prompt.id}" for done in ANSWERED_BY[PostKind.PROMPT]]
        if not await unit.learning.has_activity(member.id, *acts):
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
