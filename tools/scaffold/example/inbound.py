"""Events of the platform as Interactions of the core. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.chat import (
    ActionInvoked,
    Command,
    CommandInvoked,
    CommandOption,
    FormSubmitted,
    Interaction,
    Kind,
    MessageRef,
    Origin,
    ParseError,
    read_command,
)
from tools.scaffold.example.limits import PLATFORM, channel_ref, user_ref
from tools.scaffold.example.room import Event


def origin_of(event: Event, organisers: Collection[str]) -> Origin:
    """Return who acted, where and when."""
    place = channel_ref(event.channel)
    return Origin(
        event_id=f"{PLATFORM}:{event.id}",
        user=user_ref(event.person),
        display_name=event.person.title(),
        channel=place,
        happened_at=event.at,
        message=MessageRef(place, event.message) if event.message else None,
        is_admin=event.person in organisers,
    )


def interaction_of(
    event: Event, origin: Origin, commands: Sequence[Command], channels: Collection[str]
) -> Interaction:
    """Return what was done. Raises ParseError for a line that is no command."""
    if event.form:
        return FormSubmitted(origin, event.form, event.values)
    if event.action:
        return ActionInvoked(origin, event.action, (event.chosen,) if event.chosen else ())

    def lookup(option: CommandOption, typed: str) -> str:
        if option.kind is Kind.CHANNEL and typed.removeprefix("#") not in channels:
            raise ParseError(f"There is no channel “{typed[:40]}” here.")
        return typed.removeprefix("#").removeprefix("@").casefold()

    read = read_command(event.line, commands, lookup)
    named = [option.name for option in read.command.options if option.kind is Kind.CHANNEL]
    places = {name: channel_ref(read.args[name]) for name in named if name in read.args}
    return CommandInvoked(origin, read.command.name, read.args, channels=places)
