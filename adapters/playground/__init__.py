"""The playground: a chat on a local web page, for trying Milepost without any account.

The room on the page plays the part of the platform's server: it keeps channels, messages and
private messages, and pushes each change to every open window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.playground.adapter import Playground
from adapters.playground.config import (
    CAPABILITIES,
    DEMO_CHANNEL,
    DEMO_ORGANISER,
    PLATFORM,
    WORKSPACE,
    Person,
    PlaygroundConfig,
    PortInUse,
    channel_ref,
    direct_ref,
    user_ref,
)
from adapters.playground.settings import Settings
from bot.chat import AdjustableClock, Clock, SystemClock

if TYPE_CHECKING:
    from adapters import playground
    from bot.chat import Platform

    _KEEPS_THE_CONTRACT: Platform = playground

__all__ = [
    "CAPABILITIES", "DEMO_CHANNEL", "DEMO_ORGANISER", "PLATFORM", "WORKSPACE", "Person", "Playground",
    "PlaygroundConfig", "PortInUse", "Settings", "build", "channel_ref", "direct_ref", "user_ref",
]  # fmt: skip


def build(
    setup: Settings | PlaygroundConfig,
    clock: Clock,
    demo_clock: AdjustableClock | None = None,
    wall: Clock | None = None,
) -> Playground:
    """The adapter, not yet started. Without ``demo_clock`` the page has no clock controls.

    ``wall`` tells how long codes of the address have been out, whatever day the demo shows.
    An operator's settings come with the usual people and channels; a config names its own.
    """
    config = setup if isinstance(setup, PlaygroundConfig) else setup.config()
    return Playground(config, clock, demo_clock, wall or SystemClock())
