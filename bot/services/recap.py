"""The weekly recap: one window for the whole message, from the last recap to this one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat.messages import Message
from bot.chat.text_tokens import moment
from bot.domain.boards import Counted, Scored
from bot.domain.model import Group, Post, PostKind, Standing
from bot.domain.scoring import NAMED_TOO, cut, lot, salt_of
from bot.domain.selection import coming_prompts
from bot.errors import UserError
from bot.ports import UnitOfWork
from bot.toolkit.text import shorten
from bot.views.common import plain
from bot.views.leaderboard import ENOUGH, Again, Recap, recap_message
from content.model import Pack

BEST_SHOWN = 3
STEM_LENGTH = 120
TOPICS_AHEAD = 2


async def recap(unit: UnitOfWork, pack: Pack, group: Group, post: Post) -> Message:
    """The recap of a group. Raises UserError before its window is sealed."""
    counted = await unit.boards.counted(post.id)
    if counted is None:
        raise UserError("This recap has nothing to look back on.")
    names = await unit.members.names_in(group.id, [each.member_id for each in counted.scored])
    scored = [each for each in counted.scored if each.member_id in names]
    best, more = _best(scored, names, f"{group.id}:{post.slot}")
    return recap_message(
        Recap(
            since=moment(counted.since, group.zone) if counted.since > group.created_at else "",
            members=await unit.members.count(group.id),
            active=counted.active,
            answered=sum(bool(member.answers) for member in scored),
            answers=sum(member.answers for member in counted.scored),
            right=sum(member.correct for member in counted.scored),
            again=await _worth_another_look(unit, pack, counted),
            best=best,
            more=more,
            ahead=await _ahead(unit, pack, group),
        )
    )


def _best(scored: Sequence[Scored], names: Mapping[int, str], board: str) -> tuple[Sequence[Standing], int]:
    """The members with most points, and how many more have as many as the last of them."""
    salt = salt_of(board)
    ordered = sorted(scored, key=lambda each: (-each.points, lot(each.member_id, salt), each.member_id))
    rows: list[Standing] = []
    for place, each in enumerate(ordered[: BEST_SHOWN + NAMED_TOO], start=1):
        rank = rows[-1].rank if rows and rows[-1].points == each.points else place
        name = names[each.member_id]
        rows.append(Standing(rank, each.member_id, name, each.points, each.answers, each.correct))
    tied = 0
    if len(rows) > BEST_SHOWN:
        tied = sum(each.points == rows[BEST_SHOWN - 1].points for each in scored)
    return cut(rows, BEST_SHOWN, tied)


async def _worth_another_look(unit: UnitOfWork, pack: Pack, counted: Counted) -> Again | None:
    """Return the question that most got wrong, or if hardly anybody answered, the one with fewest answers.

    How a question went that one member alone answered would be that member's result.
    """
    hard = [(right / given, post_id) for post_id, given, right in counted.questions if given >= ENOUGH]
    hard = [each for each in hard if each[0] < 1]
    rare = [(given, post_id) for post_id, given, _ in counted.questions if given < ENOUGH]
    for _, post_id in (*sorted(hard), *sorted(rare)):
        post = await unit.posts.get(post_id)
        question = pack.question(post.content_id) if post else None
        topic = pack.topic_of(post.content_id) if post else None
        if question and topic:
            stem = "" if question.code else shorten(plain(question.stem), STEM_LENGTH)
            return Again(question.id, topic.title, stem)
    return None


async def _ahead(unit: UnitOfWork, pack: Pack, group: Group) -> str:
    """Return the next topics of the roadmap, after every prompt that has come or comes this minute."""
    schedules = await unit.groups.schedules(group.id)
    if not any(each.kind is PostKind.PROMPT and each.enabled for each in schedules):
        return ""
    prompted = [had.topic for had in await unit.posts.served(group.id, PostKind.PROMPT) if had.asked]
    return ", ".join(topic.title for topic in coming_prompts(pack, prompted)[:TOPICS_AHEAD])
