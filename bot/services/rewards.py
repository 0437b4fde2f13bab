"""The review of rewards: who has earned the one of their group."""

from __future__ import annotations

import datetime as dt

from bot.domain.model import Reward
from bot.ports import UnitOfWork
from bot.services.streaks import Streak
from bot.settings import Settings


async def review(unit: UnitOfWork, settings: Settings, reward: Reward, now: dt.datetime) -> None:
    """Record whether the streak behind a reward still earns it, and when to review it again."""
    group = await unit.groups.get(reward.group_id)
    if group.reward_role != reward.role:
        unit.rewards.reviewed(reward, now, wanted=False, review_at=None)
        return
    member = await unit.members.get(reward.member_id)
    streak = await Streak.at(unit, member, settings, now)
    here = group.id in await unit.members.groups_of(member.id)
    wanted = here and streak.summary.current >= group.reward_days
    again = await streak.may_change_at() if wanted else None
    unit.rewards.reviewed(reward, now, wanted=wanted, review_at=again)
