"""Answering the group's question."""

from __future__ import annotations

from bot.chat.action_ids import encode
from bot.chat.messages import Button
from bot.chat.replies import Reply, Send
from bot.domain.model import ActivityKind, Answer, Group, Member, Post, PostKind, PostState
from bot.domain.scoring import points_of_answer
from bot.errors import UserError
from bot.handlers.served_posts import CLOSED
from bot.routing import Request, Routes
from bot.services.membership import FROM_BEFORE, is_from_before, member_of, take_part
from bot.services.open_tasks import still_due
from bot.services.reserved_questions import is_asked
from bot.services.streaks import Act, Streak
from bot.views.common import plain
from bot.views.gain import gain
from bot.views.progress import figures
from bot.views.questions import Asked, verdict_message
from content.model import Option, Question

routes = Routes()


@routes.action("quiz.answer", fresh=True)
async def answer(request: Request) -> Reply:
    """Take the member's answer and tell them, in private, how it was."""
    post, group = request.post(PostKind.QUIZ)
    question = request.library.question(group.pack, post.content_id)
    chosen = option_of(question, request.args.get("o", ""))
    member = await member_of(request)
    streak = await Streak.open(request, member)
    if await _is_new(request, post, member, question):
        await _record(request, post, group, member, question, chosen, streak)
    return Send(
        verdict_message(
            asked_in(request, group, post, question),
            chosen,
            gain(points_of_answer(correct=chosen.correct), streak.summary, streak.last_days),
            figures(streak.summary),
            await still_due(request, member, group, streak),
            Button("Practise this topic", encode("quiz.topic", t=post.topic)),
        )
    )


def asked_in(request: Request, group: Group, post: Post, question: Question) -> Asked:
    """The question as this post asks it."""
    topic = request.library.pack(group.pack).topic(post.topic)
    title = topic.title if topic else post.topic
    return Asked(question, title, post.seed, "quiz.answer", post.id)


def option_of(question: Question, option_id: str) -> Option:
    """The option. Raises UserError when it is not the question's."""
    option = question.option(option_id)
    if option is None:
        raise UserError("That isn't one of the options. Press one of the letters.")
    return option


async def _is_asked_again(request: Request, post: Post, member: Member, question: Question) -> bool:
    """Tell if the post is over while another one asks its question: its verdict would tell the key."""
    if post.state in (PostState.PLANNED, PostState.SENT):
        return False
    group = await request.unit.groups.get(post.group_id)
    return await is_asked(request, member, request.library.pack(group.pack), question.id)


async def _is_new(request: Request, post: Post, member: Member, question: Question) -> bool:
    """Whether the answer is to be recorded; False when this very click was recorded before.

    Raises UserError for a second answer, for one after closing, and for one of a member who was forgotten
    since the question was posted.
    """
    earlier = await request.unit.learning.answer_to_post(post.id, member.id)
    if earlier is not None:
        if await _is_asked_again(request, post, member, question):
            raise UserError(CLOSED)
        if earlier.event_id == request.origin.event_id:
            return False
        option = question.option(earlier.option_id)
        what = f"“{plain(option.text)}”" if option else "an option that has been removed"
        verdict = "right" if earlier.correct else "not quite right"
        raise UserError(
            f"You've already answered this one: {what}, {verdict}. Only the first answer counts."
        )
    late = post.closes_at is not None and request.now >= post.closes_at
    if late or post.state in (PostState.MISSED, PostState.FAILED):
        raise UserError(CLOSED)
    if await is_from_before(request, post):
        raise UserError(FROM_BEFORE)
    return True


async def _record(
    request: Request,
    post: Post,
    group: Group,
    member: Member,
    question: Question,
    chosen: Option,
    streak: Streak,
) -> None:
    points = points_of_answer(correct=chosen.correct)
    request.unit.learning.add_answer(
        Answer(
            event_id=request.origin.event_id,
            member_id=member.id,
            group_id=group.id,
            post_id=post.id,
            drill_id=None,
            pack=group.pack,
            topic=post.topic,
            question_id=question.id,
            question_rev=question.rev,
            option_id=chosen.id,
            correct=chosen.correct,
            points=points,
            happened_at=request.now,
            local_date=streak.day,
            zone=streak.zone,
        )
    )
    await take_part(request, group, member)
    waits = post.state in (PostState.PLANNED, PostState.SENT)
    counted_on = None if waits else await request.unit.boards.settled_on(post.id)
    act = Act(ActivityKind.ANSWER, f"post:{post.id}", points, chosen.correct, waits, counted_on)
    await streak.count(act, group)
    await request.unit.posts.mark_changed(post.id)
