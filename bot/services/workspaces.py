"""The loss of a server, team or site, and its return: groups are paused and resumed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

from bot.domain.audit import by_milepost, paused, resumed
from bot.domain.reasons import PauseReason
from bot.ports import UnitOfWork
from bot.services.scheduling import ending_on, pause_group, resume_group


async def pause_workspace(unit: UnitOfWork, platform: str, workspace: str, now: dt.datetime) -> None:
    """Pause the groups of a workspace; those that are paused already keep their reason.

    But a pause must not end while nobody can post there: its end waits too.
    """
    for group in await unit.groups.of_workspace(platform, workspace):
        if group.paused_at is None:
            await pause_group(unit, group, now, PauseReason.REMOVED)
        elif group.resume_at is not None:
            lost = replace(group, pause_reason=PauseReason.REMOVED, resume_at=None)
            await unit.groups.save(lost)
            unit.audit.append(by_milepost(lost, paused(lost), now))


async def resume_workspaces(
    unit: UnitOfWork, platform: str, workspaces: Collection[str], now: dt.datetime
) -> None:
    """Resume the groups that were paused for the loss of one of these workspaces, at their next times.

    One whose organiser had paused it until a date resumes at that date.
    """
    for group in await unit.groups.paused_for(platform, PauseReason.REMOVED):
        if group.channel.workspace not in workspaces:
            continue
        if group.resume_on is None:
            await resume_group(unit, group, now)
            unit.audit.append(by_milepost(group, resumed(group), now))
        else:
            as_before = replace(group, pause_reason=PauseReason.ORGANISER)
            as_before = ending_on(as_before, group.resume_on, now)
            await unit.groups.save(as_before)
            unit.audit.append(by_milepost(as_before, paused(as_before), now))
