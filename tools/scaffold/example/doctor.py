"""Findings of ``milepost doctor`` about Example."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from bot.chat import ChannelRef, Command, OpenState
from bot.toolkit.checks import Check
from tools.scaffold.example.limits import PLATFORM
from tools.scaffold.example.settings import Settings


async def examine(
    settings: Settings,
    commands: Sequence[Command],  # noqa: ARG001
    channels: Sequence[ChannelRef],
    open_state: OpenState | None,  # noqa: ARG001
) -> AsyncIterator[Check]:
    """Yield whether the channels that groups live in are there. Changes nothing."""
    there = settings.channel_ids
    yield Check(PLATFORM, ok=True, says=f"it has the channels {', '.join(there)}")
    for channel in channels:
        if not channel.direct and channel.id not in there:
            says = f"a group lives in {channel.id}, which MILEPOST_EXAMPLE_CHANNELS doesn't name"
            yield Check(f"{PLATFORM} channel", ok=False, says=says)
