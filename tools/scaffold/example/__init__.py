"""Example: a platform that lives in this process's memory, to be made into a real one.

``room.py`` plays the part of the platform's server. Replace it by the platform's own library, file by file:
docs/first-platform.md goes along the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat import AdjustableClock, Clock
from tools.scaffold.example.adapter import Example
from tools.scaffold.example.doctor import examine
from tools.scaffold.example.limits import PLATFORM
from tools.scaffold.example.room import Room
from tools.scaffold.example.settings import Settings

if TYPE_CHECKING:
    from bot.chat import Platform
    from tools.scaffold import example

    _KEEPS_THE_CONTRACT: Platform = example  # mypy names what is missing

__all__ = ["PLATFORM", "Example", "Settings", "build", "examine"]


def build(
    settings: Settings,
    clock: Clock,
    demo_clock: AdjustableClock | None = None,  # noqa: ARG001 - nothing here can be moved on
) -> Example:
    """Return the adapter, not yet started."""
    return Example(Room(settings.channel_ids, clock), settings.organiser_ids)
