"""The review of rewards: who has earned the one of their group."""

from __future__ import annotations

import datetime as dt

from bot.domain.model import Badge
from bot.ports import UnitOfWork
from bot.services.streaks import Streak
from bot.settings import Settings


async def look(unit: UnitOfWork, settings: Settings, badge: Badge, now: dt.datetime) -> None:
    """Record whether the streak behind a reward still earns it, and when to review it again."""
    group = await unit.groups.get(badge.group_id)
    if group.reward != badge.audience:
        unit.badges.looked(badge, now, wanted=False, look_at=None)
        return
    member = await unit.members.get(badge.member_id)
    streak = await Streak.at(unit, member, settings, now)
    here = group.id in await unit.members.groups_of(member.id)
    wanted = here and streak.summary.current >= group.reward_days
    again = await streak.may_change_at() if wanted else None
    unit.badges.looked(badge, now, wanted=wanted, look_at=again)
