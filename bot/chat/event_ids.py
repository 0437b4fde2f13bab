"""Ids of events as they are stored: equal at each delivery of an event, and naming nobody."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from bot.chat.events import Interaction

EVENT_DIGEST = 32
"""Characters of an event's id as it is stored."""


def scoped(interaction: Interaction) -> Interaction:
    """Return the interaction with an event id unique to its place and person that names neither.

    Platforms promise no more than that their ids are unique among themselves. A stored id must not say
    whose event it was, so it is a digest (``storage`` digested older ones).
    """
    user = interaction.origin.user
    whole = f"{user.platform}|{user.workspace}|{user.id}|{interaction.origin.event_id}"
    event_id = hashlib.sha256(whole.encode()).hexdigest()[:EVENT_DIGEST]
    return replace(interaction, origin=replace(interaction.origin, event_id=event_id))
