"""Questions that practice keeps back, so that it never tells the key of a group's question.

Whoever isn't in a group may join it, and whoever has left it may come back: so the questions of any group
count, on whatever platform. Only where groups ask more than half of a roadmap do the groups of others come
last.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from bot.domain.model import Group, Member
from bot.domain.selection import KeptBack, is_mostly, with_twins
from bot.services.coming_questions import coming_questions
from bot.services.context import ActingContext
from bot.services.membership import group_here
from content.model import Pack, Question

FEW = 5
"""Groups of a place, at most, that concern somebody who is in another one."""

FORESEEN = 5
"""Groups, at most, whose coming questions are foreseen; what they ask now is always known."""


async def kept_back(context: ActingContext, member: Member, pack: Pack) -> KeptBack:
    """Return what groups ask now, and what those that concern the member will ask next.

    These are the groups that the member is or was of and that of this channel; the others of the place too
    where they are few, and for somebody who is in none. Where there is no such group, any may concern them.
    """
    groups = await _groups_to_mind(context, member)
    anywhere = await context.unit.posts.asked_anywhere()
    soon = await _coming(context, groups or await _groups_with(context, pack, anywhere.values()))
    asked = with_twins(pack, _questions(context, anywhere)) | anywhere.keys()
    if not is_mostly(pack, asked):
        return KeptBack(asked, soon)
    own = await context.unit.posts.waiting_questions([group.id for group in groups])
    theirs = frozenset(question_id for _, question_id in own)
    return KeptBack(theirs | with_twins(pack, _questions(context, theirs)), soon, elsewhere=asked)


async def is_asked(context: ActingContext, member: Member, pack: Pack, question_id: str) -> bool:
    """Tell if a group asks the question, or a twin of it, at the moment; see ``kept_back`` for which."""
    question = pack.question(question_id)
    twins = [pack.question(twin) for twin in with_twins(pack, [question])] if question else []
    found = [twin for twin in twins if twin]
    ids = {question_id}.union(*(with_twins(each, found) for each in context.library.packs.values()))
    asking = await context.unit.posts.asking(ids)
    if not asking:
        return False
    if asking & {group.id for group in await _groups_to_mind(context, member)}:
        return True
    anywhere = await context.unit.posts.asked_anywhere()
    return not is_mostly(pack, with_twins(pack, _questions(context, anywhere)))


def _questions(context: ActingContext, question_ids: Collection[str]) -> list[Question]:
    """The questions with these ids in any pack."""
    packs = context.library.packs.values()
    found = [pack.question(question_id) for pack in packs for question_id in question_ids]
    return [question for question in found if question]


async def _coming(context: ActingContext, groups: list[Group]) -> frozenset[str]:
    foreseen = groups[:FORESEEN]
    packs = [(group, context.library.packs.get(group.pack)) for group in foreseen]
    soon = await asyncio.gather(
        *(coming_questions(context.unit, pack, group) for group, pack in packs if pack)
    )
    return frozenset().union(*soon)


async def _groups_with(context: ActingContext, pack: Pack, group_ids: Collection[int]) -> list[Group]:
    """The oldest of these groups, those of them with this pack."""
    oldest = sorted(set(group_ids))[:FORESEEN]
    found = await asyncio.gather(*map(context.unit.groups.get, oldest))
    return [group for group in found if group.pack == pack.info.id]


async def _groups_to_mind(context: ActingContext, member: Member) -> list[Group]:
    unit, channel = context.unit, context.origin.channel
    own = [await unit.groups.get(group_id) for group_id in await unit.members.groups_of(member.id)]
    here = await group_here(context)
    if here and here.id not in {group.id for group in own}:
        own.insert(0, here)
    place = await unit.groups.of_workspace(channel.platform, channel.workspace)
    others = () if own and len(place) > FEW else place
    found = {group.id: group for group in (*own, *await unit.groups.left_by(member.id), *others)}
    return list(found.values())
