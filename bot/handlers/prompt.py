"""Handlers of roadmap prompts: marking them done, looking at a sketch, replying in writing."""

from __future__ import annotations

import asyncio

from bot.chat.events import looks_like_answer
from bot.chat.replies import FormErrors, Latency, NoReply, OpenForm, Reply, Send
from bot.domain.model import ActivityKind, Group, Post, PostKind
from bot.domain.scoring import POINTS_OF_ACT
from bot.errors import UserError
from bot.routing import Request, Routes, Writes
from bot.services.membership import FROM_BEFORE, is_from_before, member_of, take_part
from bot.services.open_tasks import done_key, open_tasks, reply_key, still_due
from bot.services.streaks import NewActivity, Streak
from bot.views.common import text_message
from bot.views.progress import gain
from bot.views.prompt import reply_form, saved_message, sketch_message
from content.model import Prompt

routes = Routes()

ONLY_FIRST = "Only your first reply earns points."
NOT_KEPT = "I don't keep what you write under prompts, so I can't show it again."
PRESS_INSTEAD = (
    "Press the button under the question instead: only that counts, and only you see your result."
)


@routes.action("prompt.done")
async def mark_done(request: Request) -> Reply:
    """Count the prompt as done, once."""
    post, group = request.post(PostKind.PROMPT)
    act = NewActivity(ActivityKind.PROMPT_DONE, done_key(post.id), POINTS_OF_ACT[ActivityKind.PROMPT_DONE])
    said = await _count(request, post, group, act)
    return Send(text_message(said or "You've already marked this as done."))


@routes.action("prompt.sketch", writes=Writes.NEVER)
async def show_sketch(request: Request) -> Reply:
    """Show what a good answer holds."""
    post, group = request.post(PostKind.PROMPT)
    return Send(sketch_message(*_content(request, post, group)))


@routes.action("prompt.write", latency=Latency.OPENS_FORM, writes=Writes.NEVER)
async def open_reply_form(request: Request) -> Reply:
    """Open a form to reply in, for those whose written replies no platform shows us."""
    post, group = request.post(PostKind.PROMPT)
    return OpenForm(reply_form(*_content(request, post, group), post.id, request.settings.max_reply_length))


@routes.action("prompt.written")
async def form_sent(request: Request) -> Reply:
    """Take the form with a reply."""
    post, group = request.post(PostKind.PROMPT)
    text = request.values.get("text", "").strip()
    if problem := _problem(text, request.settings.max_reply_length):
        form = reply_form(*_content(request, post, group), post.id, request.settings.max_reply_length, text)
        return FormErrors(form, {"text": problem})
    said = await _take(request, post, group) or ONLY_FIRST
    return Send(saved_message(said, text))


@routes.action("prompt.mine", navigates=True, writes=Writes.NEVER)
async def show_own_reply(request: Request) -> Reply:
    """Answer a button that older messages have."""
    request.post(PostKind.PROMPT)
    return Send(text_message(NOT_KEPT))


@routes.reply_written
async def reply(request: Request) -> Reply:
    """Count a reply under a prompt. Anything else is talk, but for a letter that is meant as a press."""
    if request.about is None or request.about[0].kind is not PostKind.PROMPT:
        return await _hint(request, request.about[0] if request.about else None)
    post, group = request.about
    text = request.text.strip()
    if problem := _problem(text, request.settings.max_reply_length):
        raise UserError(problem)
    if await is_from_before(request, await request.unit.members.find(request.origin.user), post):
        # As after any reply but the first: whoever goes on talking there isn't told each time.
        return NoReply()
    said = await _take(request, post, group)
    return Send(text_message(said)) if said else NoReply()


async def _hint(request: Request, post: Post | None) -> Reply:
    """Explain the buttons to a person who wrote the letter of an option.

    It was written under the open question or into its channel.
    """
    if not looks_like_answer(request.text):
        return NoReply()
    if post is None and request.origin.message is None:
        group = await request.unit.groups.find(request.origin.channel)
        post = await request.unit.posts.open_of(group.id, PostKind.QUIZ) if group else None
    if post is None or post.kind is not PostKind.QUIZ:
        return NoReply()
    over = post.closes_at is not None and request.now >= post.closes_at
    return NoReply() if over else Send(text_message(PRESS_INSTEAD))


def _problem(text: str, longest: int) -> str:
    """Return what is wrong with a reply; empty when nothing is."""
    if not text:
        return "Your reply is empty. Write a sentence or two."
    if len(text) > longest:
        return f"Your reply has {len(text):,} characters. Please shorten it to {longest:,}."
    return ""


async def _take(request: Request, post: Post, group: Group) -> str:
    """Count the reply, whose words are not kept; return the sentence to say, empty for a second one."""
    points = POINTS_OF_ACT[ActivityKind.PROMPT_REPLY]
    return await _count(
        request, post, group, NewActivity(ActivityKind.PROMPT_REPLY, reply_key(post.id), points)
    )


async def _count(request: Request, post: Post, group: Group, act: NewActivity) -> str:
    """Write the act down; return the sentence to say, empty when it was counted before.

    Raises UserError for a member who was forgotten since the prompt was posted.
    """
    member = await member_of(request)
    if await is_from_before(request, member, post):
        raise UserError(FROM_BEFORE)
    streak, waiting = await asyncio.gather(
        Streak.open(request, member), open_tasks(request, member, group, besides=post.id)
    )
    await take_part(request, group, member)
    await request.unit.posts.mark_changed(post.id)
    if not await streak.count(act, group):
        return ""
    earned = gain(act.points, streak.summary, streak.last_days)
    return f"Done! {earned}. {await still_due(streak, waiting)}"


def _content(request: Request, post: Post, group: Group) -> tuple[Prompt, str]:
    """Return the prompt and the title of its topic. Raises UserError when it is gone."""
    pack = request.library.pack(group.pack)
    prompt, topic = pack.prompt(post.content_id), pack.topic(post.topic)
    if prompt is None:
        raise UserError("This prompt is no longer part of the roadmap.")
    return prompt, topic.title if topic else post.topic
