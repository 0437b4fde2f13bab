"""A new study group with its four schedules."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.domain.calendar import hours_later
from bot.domain.model import Group, PostKind, Schedule
from bot.ports import UnitOfWork
from bot.services.scheduling import next_slot

SUNDAY = frozenset({6})
PROJECT_LATER = 3
"""Hours between a day's question and its project, so that they do not come in one heap."""
EVENING = dt.time(18)


@dataclass(frozen=True, slots=True)
class SetupPlan:
    """A valid request for a new group."""

    pack: str
    zone: str
    at: dt.time
    days: frozenset[int]


async def start_group(
    unit: UnitOfWork, group: Group, plan: SetupPlan, now: dt.datetime
) -> tuple[Group, tuple[Schedule, ...]]:
    """Add a new group with its four schedules.

    The question comes on every day that was asked for, the prompt with it on every second of them. A
    project may come on each of them three hours later. The recap comes on Sunday, in the evening if that is
    one of them.
    """
    group = await unit.groups.add(group)
    later = hours_later(plan.at, PROJECT_LATER)
    recap = max(later, EVENING) if plan.days >= SUNDAY else plan.at
    when = {
        PostKind.PROMPT: (plan.at, frozenset(sorted(plan.days)[::2])),
        PostKind.QUIZ: (plan.at, plan.days),
        PostKind.CHALLENGE: (later, plan.days),
        PostKind.RECAP: (recap, SUNDAY),
    }
    schedules = []
    for kind, (at, days) in when.items():
        new = Schedule(0, group.id, kind, at, days, plan.zone, None, None)
        schedules.append(await unit.groups.put_schedule(await next_slot(unit, new, now)))
    return group, tuple(schedules)
