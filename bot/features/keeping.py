"""Questions that practice keeps back, so that it never tells the key of a group's question."""

from __future__ import annotations

from bot.delivery.foresight import coming_questions
from bot.domain.records import Group, Member
from bot.domain.selection import KeptBack, with_twins
from bot.features.people import group_here
from bot.routing import Turn
from content.model import Pack

FEW = 5
"""No more groups of a place than this are minded by somebody who is in another one."""

FORESEEN = 5
"""Of so many groups at most the coming questions are foreseen; what they ask now is always known."""


async def kept_back(turn: Turn, member: Member, pack: Pack) -> KeptBack:
    """Return what the member's groups and the group of this channel ask now, and what they will ask next.

    The other groups of the place count too where they are few, and for somebody who is in none: they may
    take part there next.
    """
    groups = await _groups_to_mind(turn, member)
    soon: set[str] = set()
    for group in groups[:FORESEEN]:
        its_pack = turn.library.packs.get(group.pack)
        if its_pack:
            soon |= await coming_questions(turn.unit, its_pack, group)
    return KeptBack(await _asked(turn, groups, pack), frozenset(soon))


async def is_asked(turn: Turn, member: Member, pack: Pack, question_id: str) -> bool:
    """Tell if one of those groups asks the question, or a twin of it, at the moment."""
    return question_id in await _asked(turn, await _groups_to_mind(turn, member), pack)


async def _asked(turn: Turn, groups: list[Group], pack: Pack) -> frozenset[str]:
    waiting = await turn.unit.posts.waiting_questions([group.id for group in groups])
    packs = {group.id: turn.library.packs.get(group.pack) for group in groups}
    found = [(packs[group_id], question_id) for group_id, question_id in waiting]
    questions = [its_pack.question(question_id) for its_pack, question_id in found if its_pack]
    ids = frozenset(question_id for _, question_id in found)
    return ids | with_twins(pack, [question for question in questions if question])


async def _groups_to_mind(turn: Turn, member: Member) -> list[Group]:
    unit, channel = turn.unit, turn.origin.channel
    own = [await unit.groups.get(group_id) for group_id in await unit.members.groups_of(member.id)]
    here = await group_here(turn)
    if here and here.id not in {group.id for group in own}:
        own.insert(0, here)
    place = await unit.groups.of_workspace(channel.platform, channel.workspace)
    if own and len(place) > FEW:
        return own
    known = {group.id for group in own}
    return [*own, *(group for group in place if group.id not in known)]
