"""Look-up of people and channels by a typed name."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.playground.config import Person
from bot.chat import CommandOption, Kind, Lookup, ParseError
from bot.toolkit.nearest import did_you_mean
from bot.toolkit.text import isolated

MOST_NAMED = 5
"""People that a refusal names, at most: a room may have hundreds."""


def among(people: Sequence[Person], channels: Sequence[tuple[str, str]] = ()) -> Lookup:
    """Finds people and channels of the room by id or name; a role is taken as it is."""

    def lookup(option: CommandOption, typed: str) -> str:
        if option.kind is Kind.CHANNEL:
            return _channel(typed, channels)
        return _member(typed, people).id if option.kind is Kind.MEMBER else typed

    return lookup


def _member(typed: str, people: Sequence[Person]) -> Person:
    wanted = typed.removeprefix("@").casefold()
    for person in people:
        if wanted in {person.id.casefold(), person.name.casefold()}:
            return person
    name = typed.removeprefix("@")
    hint = did_you_mean(name, [person.name for person in people], "{}")
    raise ParseError(f"There is no “{isolated(name[:40])}” here.{hint or _who(people)}")


def _channel(typed: str, channels: Sequence[tuple[str, str]]) -> str:
    wanted = typed.removeprefix("#").casefold()
    for channel, name in channels:
        if wanted in {channel.casefold(), name.casefold()}:
            return channel
    there = ", ".join(f"#{name}" for _, name in channels)
    raise ParseError(f"There is no channel “{isolated(typed[:40])}” here. You can name {there}.")


def _who(people: Sequence[Person]) -> str:
    names = [isolated(person.name) for person in people[:MOST_NAMED]]
    more = f" and {len(people) - MOST_NAMED} more" if len(people) > MOST_NAMED else ""
    return f" You can name {', '.join(names)}{more}."
