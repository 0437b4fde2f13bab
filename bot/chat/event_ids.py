"""What an event is remembered by: an id that is the same at each delivery, and that names nobody."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from bot.chat.events import Interaction

EVENT_DIGEST = 32
"""Characters of an event's id as it is stored."""


def scoped(interaction: Interaction) -> Interaction:
    """The same with an event id that no other place or person can have, and that names neither.

    Platforms promise no more than that their ids are unique among themselves. What is stored must not say
    whose event it was, so it is a digest (``storage`` digested older ones).
    """
    user = interaction.origin.user
    whole = f"{user.platform}|{user.workspace}|{user.id}|{interaction.origin.event_id}"
    event_id = hashlib.sha256(whole.encode()).hexdigest()[:EVENT_DIGEST]
    return replace(interaction, origin=replace(interaction.origin, event_id=event_id))
