"""The names of Example, and what it can show."""

from __future__ import annotations

from bot.chat import Capabilities, ChannelRef, UserRef

PLATFORM = "example"
WORKSPACE = "example"
"""The server, team or site. Memory has one only; a real platform names its own in each event."""

CAPABILITIES = Capabilities(max_text=4000, max_block=3000, max_label=80, max_row=5, max_options=25)
"""All that isn't stated is as ``Capabilities`` has it: buttons, menus, forms, private replies, edits."""

GRACE = 10.0
"""Seconds that running handlers get to finish when the adapter stops."""


def user_ref(person: str) -> UserRef:
    """Return how the core knows a person."""
    return UserRef(PLATFORM, WORKSPACE, person)


def channel_ref(channel: str) -> ChannelRef:
    """Return how the core knows a channel, or, after an @, a person's own conversation with the bot."""
    return ChannelRef(PLATFORM, WORKSPACE, channel, direct=channel.startswith("@"))
