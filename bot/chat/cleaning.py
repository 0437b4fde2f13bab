"""Cleaning of inbound events: every name and text in them as the person means it."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.events import (
    ActionInvoked,
    CommandInvoked,
    FormSubmitted,
    HomeOpened,
    Interaction,
    Origin,
    ReplyReceived,
)
from bot.domain.refs import MessageRef
from bot.toolkit.text import clean_name, clean_text, storable

SOMEBODY = "Somebody"
"""Name of a person whose own name shows nothing."""


PLACE_LENGTH = 100
"""Characters of a channel's name, at most."""


def cleaned(interaction: Interaction) -> Interaction:
    """Return the interaction with everything that people typed, or are called, cleaned.

    Options of commands are left as they are: one may be an id, so each is cleaned where its kind is known.
    """
    origin = _clean_origin(interaction.origin)
    match interaction:
        case CommandInvoked(_, name, _, names):
            called = {storable(option): clean_name(text) for option, text in names.items()}
            named = {option: text for option, text in called.items() if text}
            return replace(interaction, origin=origin, name=storable(name), names=named)
        case ActionInvoked(_, action, choice):
            return ActionInvoked(origin, storable(action), tuple(map(storable, choice)))
        case FormSubmitted(_, action, values):
            typed = {storable(name): clean_text(value) for name, value in values.items()}
            return FormSubmitted(origin, storable(action), typed)
        case ReplyReceived(_, text):
            return ReplyReceived(origin, clean_text(text))
        case HomeOpened():
            return HomeOpened(origin)


def _clean_origin(origin: Origin) -> Origin:
    """Clean the names of an origin.

    Ids come from the platform and are made such that a database takes them.
    """
    name = clean_name(origin.display_name) or SOMEBODY
    elsewhere = clean_name(origin.elsewhere, PLACE_LENGTH)
    user, channel, message = origin.user, origin.channel, origin.message
    ids = (
        f"{origin.event_id}{user.workspace}{user.id}{channel.workspace}{channel.id}{message and message.id}"
    )
    if storable(ids) == ids and (name, elsewhere) == (origin.display_name, origin.elsewhere):
        return origin  # as nearly always: copies would cost each click more than all the rest here
    channel = replace(channel, workspace=storable(channel.workspace), id=storable(channel.id))
    return replace(
        origin,
        event_id=storable(origin.event_id),
        user=replace(user, workspace=storable(user.workspace), id=storable(user.id)),
        display_name=name,
        channel=channel,
        message=MessageRef(channel, storable(message.id)) if message else None,
        elsewhere=elsewhere,
    )
