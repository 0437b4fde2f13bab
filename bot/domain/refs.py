"""People, channels and messages as every platform names them: by ids of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UserRef:
    """A person's account on one platform. ``workspace`` is the server, team or site it lives in.

    An account that holds in all of them has the platform's own name for it.
    """

    platform: str
    workspace: str
    id: str


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """A place where messages are posted; ``direct`` marks a conversation with one person."""

    platform: str
    workspace: str
    id: str
    direct: bool = False


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message that the platform has accepted."""

    channel: ChannelRef
    id: str
