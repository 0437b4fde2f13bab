"""Roadmap prompts: marking them done, looking at a sketch, replying in writing."""

from __future__ import annotations

from bot.chat.replies import FormErrors, OpenForm, Pace, Quiet, Reply, Say
from bot.chat.typed_answers import looks_like_answer
from bot.domain.model import ActivityKind, Group, Post, PostKind
from bot.domain.scoring import POINTS_OF_ACT
from bot.errors import UserError
from bot.routing import Routes, Turn, Writes
from bot.services.membership import FROM_BEFORE, is_from_before, member_of, take_part
from bot.services.open_tasks import done_key, reply_key, still_due
from bot.services.streaks import Act, Streak
from bot.views.common import notice
from bot.views.gain import gain
from bot.views.prompt import reply_form, saved_message, sketch_message
from content.model import Prompt

routes = Routes()

ONLY_FIRST = "Only your first reply earns points."
NOT_KEPT = "I don't keep what you write under prompts, so I can't show it again."
PRESS_INSTEAD = (
    "Press the button under the question instead: only that counts, and only you see your result."
)


@routes.action("prompt.done")
async def mark_done(turn: Turn) -> Reply:
    """Count the prompt as done, once."""
    post, group = turn.post(PostKind.PROMPT)
    act = Act(ActivityKind.PROMPT_DONE, done_key(post.id), POINTS_OF_ACT[ActivityKind.PROMPT_DONE])
    said = await _count(turn, post, group, act)
    return Say(notice(said or "You've already marked this as done."))


@routes.action("prompt.sketch", writes=Writes.NEVER)
async def show_sketch(turn: Turn) -> Reply:
    """What a good answer holds."""
    post, group = turn.post(PostKind.PROMPT)
    return Say(sketch_message(*_content(turn, post, group)))


@routes.action("prompt.write", pace=Pace.OPENS_FORM, writes=Writes.NEVER)
async def open_reply_form(turn: Turn) -> Reply:
    """A form to reply in, for those whose written replies no platform shows us."""
    post, group = turn.post(PostKind.PROMPT)
    return OpenForm(reply_form(*_content(turn, post, group), post.id, turn.settings.max_reply_length))


@routes.action("prompt.written")
async def form_sent(turn: Turn) -> Reply:
    """The form handed in."""
    post, group = turn.post(PostKind.PROMPT)
    text = turn.values.get("text", "").strip()
    if problem := _problem(text, turn.settings.max_reply_length):
        form = reply_form(*_content(turn, post, group), post.id, turn.settings.max_reply_length, text)
        return FormErrors(form, {"text": problem})
    said = await _take(turn, post, group) or ONLY_FIRST
    return Say(saved_message(said, text))


@routes.action("prompt.mine", navigates=True, writes=Writes.NEVER)
async def show_own_reply(turn: Turn) -> Reply:
    """Answer a button that older messages have."""
    turn.post(PostKind.PROMPT)
    return Say(notice(NOT_KEPT))


@routes.reply_written
async def reply(turn: Turn) -> Reply:
    """A reply under a prompt counts. Anything else is talk, but for a letter that is meant as a press."""
    if turn.about is None or turn.about[0].kind is not PostKind.PROMPT:
        return await _hint(turn, turn.about[0] if turn.about else None)
    post, group = turn.about
    text = turn.text.strip()
    if problem := _problem(text, turn.settings.max_reply_length):
        raise UserError(problem)
    if await is_from_before(turn, post):
        return (
            Quiet()
        )  # as after any reply but the first: whoever goes on talking there isn't told each time
    said = await _take(turn, post, group)
    return Say(notice(said)) if said else Quiet()


async def _hint(turn: Turn, post: Post | None) -> Reply:
    """Somebody wrote the letter of an option, under the open question or into its channel."""
    if not looks_like_answer(turn.text):
        return Quiet()
    if post is None and turn.origin.message is None:
        group = await turn.unit.groups.find(turn.origin.channel)
        post = await turn.unit.posts.open_of(group.id, PostKind.QUIZ) if group else None
    if post is None or post.kind is not PostKind.QUIZ:
        return Quiet()
    over = post.closes_at is not None and turn.now >= post.closes_at
    return Quiet() if over else Say(notice(PRESS_INSTEAD))


def _problem(text: str, longest: int) -> str:
    """What is wrong with a reply; empty when nothing is."""
    if not text:
        return "Your reply is empty. Write a sentence or two."
    if len(text) > longest:
        return f"Your reply has {len(text):,} characters. Please shorten it to {longest:,}."
    return ""


async def _take(turn: Turn, post: Post, group: Group) -> str:
    """Count the reply, whose words are not kept; the sentence to say, empty when one was counted before."""
    points = POINTS_OF_ACT[ActivityKind.PROMPT_REPLY]
    return await _count(turn, post, group, Act(ActivityKind.PROMPT_REPLY, reply_key(post.id), points))


async def _count(turn: Turn, post: Post, group: Group, act: Act) -> str:
    """Write the act down; the sentence to say, empty when it was counted before.

    Raises UserError for a member who was forgotten since the prompt was posted.
    """
    if await is_from_before(turn, post):
        raise UserError(FROM_BEFORE)
    member = await member_of(turn)
    streak = await Streak.open(turn, member)
    await take_part(turn, group, member)
    await turn.unit.posts.mark_changed(post.id)
    if not await streak.count(act, group):
        return ""
    due = await still_due(turn, member, group, streak)
    return f"Done! {gain(act.points, streak.summary, streak.last_days)}. {due}"


def _content(turn: Turn, post: Post, group: Group) -> tuple[Prompt, str]:
    """(the prompt, the title of its topic). Raises UserError when it is gone."""
    pack = turn.library.pack(group.pack)
    prompt, topic = pack.prompts.get(post.topic), pack.topic(post.topic)
    if prompt is None:
        raise UserError("This prompt is no longer part of the roadmap.")
    return prompt, topic.title if topic else post.topic
