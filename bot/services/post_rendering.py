"""The rendering of a post on the ledger in its present state."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.action_ids import encode
from bot.chat.messages import Button, Message, Style
from bot.chat.text_tokens import TimeStyle, moment
from bot.domain.model import Group, Post, PostKind, PostState
from bot.errors import UserError
from bot.library import Library
from bot.ports import UnitOfWork
from bot.services.recap import recap
from bot.toolkit.text import shorten
from bot.views.challenge import challenge_message
from bot.views.common import count
from bot.views.corrections import correction_note
from bot.views.prompt import prompt_message
from bot.views.questions import ShownQuestion, question_message, reveal_message
from bot.views.withdrawn import CLOSED_EARLY, withdrawn_message
from content.model import Pack, Status

HEADING = "Question of the day"
DISCUSSION_LENGTH = 100
"""Characters of the title of a discussion, at most."""


class Withdrawn(UserError):
    """Error: the content of a post is no longer in its pack."""


async def render(unit: UnitOfWork, library: Library, post: Post) -> Message:
    """Return the message of a post in its present state. Raises UserError when its pack is gone.

    A post whose content left the pack after it was sent says so; before, this raises Withdrawn.

    The post that mentions the group's role does so in its later states too: people look for what notified
    them. It is the platform that notifies once.
    """
    group = await unit.groups.get(post.group_id)
    pack = library.pack(group.pack)
    try:
        shown = await _shown(unit, pack, group, post)
    except Withdrawn:
        if post.message is None:
            raise
        shown = _withdrawn(pack, post)
    return replace(shown, mention_role=group.mention_role) if post.mentions_on is not None else shown


async def _shown(unit: UnitOfWork, pack: Pack, group: Group, post: Post) -> Message:
    match post.kind:
        case PostKind.QUIZ:
            return await _quiz(unit, pack, group, post)
        case PostKind.PROMPT:
            return await _prompt(unit, pack, post)
        case PostKind.CHALLENGE:
            return await _challenge(unit, pack, post)
        case PostKind.RECAP:
            return await recap(unit, pack, group, post)


async def render_new(unit: UnitOfWork, library: Library, post: Post) -> Message:
    """Return the message of a post as it is first sent: a prompt opens a discussion."""
    message = await render(unit, library, post)
    group = await unit.groups.get(post.group_id)
    prompt = library.pack(group.pack).prompt(post.content_id) if post.kind is PostKind.PROMPT else None
    return replace(message, discussion=shorten(prompt.title, DISCUSSION_LENGTH)) if prompt else message


def _withdrawn(pack: Pack, post: Post) -> Message:
    topic = pack.topic(post.topic)
    practise = Button("Practise this topic", encode("quiz.topic", t=post.topic), Style.PRIMARY)
    offered = practise if topic and pack.questions.get(post.topic) else None
    return withdrawn_message(post.kind, topic.title if topic else "", offered)


async def _quiz(unit: UnitOfWork, pack: Pack, group: Group, post: Post) -> Message:
    question = pack.question(post.content_id)
    is_new = post.message is None
    if question is None or (is_new and question.status is not Status.ACTIVE):
        raise Withdrawn(f"The question {post.content_id} is no longer in the pack.")
    topic = pack.topic(post.topic)
    asked = ShownQuestion(question, topic.title if topic else post.topic, post.seed, "quiz.answer", post.id)
    if post.state is PostState.CLOSED:
        practise = Button("Practise this topic", encode("quiz.topic", t=post.topic), Style.PRIMARY)
        responses = await unit.learning.distribution(post.id)
        correction = await unit.regrades.of_post(post.id)
        notes = (
            CLOSED_EARLY[post.ending] if post.ending else "",
            correction_note(correction, sum(responses.values())) if correction else "",
        )
        return reveal_message(asked, HEADING, responses, practise, " ".join(filter(None, notes)))
    answers = count(await unit.learning.count_answers(post.id), "answer")
    closes = f" · closes {moment(post.closes_at, group.zone, TimeStyle.UNTIL)}" if post.closes_at else ""
    return question_message(asked, HEADING, f"{answers}{closes} · Only you see your result")


async def _prompt(unit: UnitOfWork, pack: Pack, post: Post) -> Message:
    prompt, topic = pack.prompt(post.content_id), pack.topic(post.topic)
    if prompt is None or topic is None:
        raise Withdrawn(f"The prompt {post.content_id} is no longer in the pack.")
    stop = f"Stop {pack.topics.index(topic) + 1} of {len(pack.topics)}"
    done = await unit.learning.count_acts(post.id, "prompt")
    replies = await unit.learning.count_acts(post.id, "reply")
    return prompt_message(prompt, topic.title, stop, post.id, done, replies)


async def _challenge(unit: UnitOfWork, pack: Pack, post: Post) -> Message:
    challenge = pack.challenge(post.content_id)
    if challenge is None:
        raise Withdrawn(f"The challenge {post.content_id} is no longer in the pack.")
    joined = await unit.community.count_entries(post.group_id, challenge.id)
    built = await unit.community.count_submissions(post.group_id, challenge.id)
    return challenge_message(challenge, joined, built)
