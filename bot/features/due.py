"""What a member could still do today. Asked after each act, so mostly answered from what is known."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.records import Group, Member, PostKind
from bot.features.activity import Streak
from bot.routing import Turn


async def still_due(turn: Turn, member: Member, group: Group | None, streak: Streak) -> str:
    """What is open for the member in the group, and whether today counts, else until when."""
    now = streak.summary
    until = now.counts_until.astimezone(ZoneInfo(streak.zone))
    counts = "Today counts." if now.today_counted else f"Today counts until {until:%H:%M} your time."
    waiting = await _open_tasks(turn, member, group) if group else ()
    return f"Still open: {' and '.join(waiting)}. {counts}" if waiting else counts


def done_key(post_id: int) -> str:
    """The key of marking a prompt done."""
    return f"prompt:{post_id}"


def reply_key(post_id: int) -> str:
    """The key of replying to a prompt in writing."""
    return f"reply:{post_id}"


async def _open_tasks(turn: Turn, member: Member, group: Group) -> list[str]:
    found = (
        ("the question", await _open_question(turn, member, group)),
        ("the prompt", await _open_prompt(turn, member, group)),
    )
    return [f"{task} on {_title(turn, group, topic)}" for task, topic in found if topic is not None]


async def _open_question(turn: Turn, member: Member, group: Group) -> str | None:
    """The topic of the question that takes answers and has none of the member's."""
    post = await turn.unit.posts.open_of(group.id, PostKind.QUIZ)
    if post is None or (post.closes_at is not None and turn.now >= post.closes_at):
        return None
    answer = await turn.unit.learning.answer_to_post(post.id, member.id)
    return post.topic if answer is None else None


async def _open_prompt(turn: Turn, member: Member, group: Group) -> str | None:
    """The topic of the prompt that the member has neither marked done nor replied to."""
    post = await turn.unit.posts.open_of(group.id, PostKind.PROMPT)
    if post is None:
        return None
    for key in (done_key(post.id), reply_key(post.id)):
        if await turn.unit.learning.has_activity(member.id, key):
            return None
    return post.topic


def _title(turn: Turn, group: Group, topic_id: str) -> str:
    """The topic's title; its id where the pack or the topic is gone."""
    pack = turn.library.packs.get(group.pack)
    topic = pack.topic(topic_id) if pack else None
    return topic.title if topic else topic_id
