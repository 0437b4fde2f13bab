"""Milepost was put out of a server, team or site, or is back: its groups pause and go on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from bot.delivery.timetable import pause_group, resume_group
from bot.ports import UnitOfWork

PUT_OUT = "Milepost was removed from this place"
"""Why a group is paused that goes on by itself when Milepost is back."""


async def lose_workspace(unit: UnitOfWork, platform: str, workspace: str, now: dt.datetime) -> None:
    """Pause its groups; those that are paused already stay so for the reason that they have."""
    for group in await unit.groups.of_workspace(platform, workspace):
        if group.paused_at is None:
            await pause_group(unit, group, now, PUT_OUT)


async def find_workspaces(
    unit: UnitOfWork, platform: str, workspaces: Collection[str], now: dt.datetime
) -> None:
    """Go on with the groups that were paused for the loss of one of these, at their next times."""
    for group in await unit.groups.paused_for(platform, PUT_OUT):
        if group.channel.workspace in workspaces:
            await resume_group(unit, group, now)
