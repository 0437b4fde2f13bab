"""Questions that a group is going to ask, as far as its history tells."""

from __future__ import annotations

from bot.domain.model import Group, PostKind
from bot.domain.selection import choose_prompt, choose_question
from bot.ports import UnitOfWork
from content.model import Pack

AHEAD = 5
"""Questions to look ahead: a week of a group that meets on weekdays."""


async def coming_questions(unit: UnitOfWork, pack: Pack, group: Group) -> frozenset[str]:
    """Ids of the questions that would come next, with and without a prompt between, soon or later."""
    quizzes = await unit.posts.served(group.id, PostKind.QUIZ)
    served = [(had.topic, had.content_id) for had in quizzes if had.content_id]
    open_now = frozenset(had.content_id for had in quizzes if had.open_until)
    prompts = await unit.posts.served(group.id, PostKind.PROMPT)
    prompted = [(had.topic, had.content_id) for had in prompts if had.asked]
    found: set[str] = set()
    for _ in range(AHEAD):
        prompt = choose_prompt(pack, prompted)
        later = [(prompt.topic, prompt.content_id), *prompted] if prompt else prompted
        coming = [
            choose_question(pack, served, frozenset(topic for topic, _ in opened), still_open)
            for still_open in (open_now, ())
            for opened in (prompted, later)
        ]
        found |= {chosen.content_id for chosen in coming if chosen}
        served = [(chosen.topic, chosen.content_id) for chosen in coming[-1:] if chosen] + served
        prompted = later
    return frozenset(found)
