"""Asks the platform before each mention and each reward whether the one who chose the role still may.

What they may no longer do themselves is stopped until it is chosen anew; the organisers hear of it once.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.domain.audit import by_milepost, stopped
from bot.domain.model import Group
from bot.domain.refs import UserRef
from bot.domain.role_use import Denial, Denied, Purpose
from bot.ports import UnitOfWork
from bot.services.notices import notify_stop
from bot.worker.platforms import Platforms


async def denial_now(platforms: Platforms, group: Group, purpose: Purpose) -> Denial | None:
    """Return why the group's role is not to be used now; None if it may. Raises a DeliveryError."""
    role, by, denied = _chosen(group, purpose)
    if denied is not None:
        return Denial(denied)
    if not by:
        return Denial(Denied.LEFT)
    user = UserRef(group.organiser.platform, group.organiser.workspace, by)
    adapter = platforms.of(group)
    return await platforms.in_time(adapter.denial(group.channel, user, role, purpose))


async def stop(unit: UnitOfWork, asked: Group, purpose: Purpose, denial: Denial, now: dt.datetime) -> None:
    """Use the role of the group ``asked`` about no more, unless it was chosen anew or stopped meanwhile."""
    group = await unit.groups.get(asked.id)
    if _chosen(group, purpose) != (*_chosen(asked, purpose)[:2], None):
        return
    if purpose is Purpose.GIVE:
        await unit.groups.save(replace(group, reward_denied=denial.reason))
    else:
        await unit.groups.save(replace(group, mention_denied=denial.reason))
    unit.audit.append(by_milepost(group, stopped(group, purpose, denial.reason), now))
    await notify_stop(unit, group, purpose, denial, now)


def _chosen(group: Group, purpose: Purpose) -> tuple[str, str, Denied | None]:
    if purpose is Purpose.GIVE:
        return group.reward_role, group.reward_by, group.reward_denied
    return group.mention_role, group.mention_by, group.mention_denied
