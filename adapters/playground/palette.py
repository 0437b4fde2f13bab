"""The command palette: suggestions for the text typed so far. Pure, but for the core's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from adapters.playground.config import Person
from adapters.playground.people import among
from bot.chat import (
    Choice,
    Command,
    CommandOption,
    Kind,
    Parameter,
    ParseError,
    assigned,
    find_command,
    read_command,
    words,
)

Complete = Callable[[Command, CommandOption, str], Awaitable[Sequence[Choice]]]

_MOST = 25


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of the palette; ``insert`` is what the text becomes when it is picked."""

    label: str
    detail: str
    insert: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The palette: how to type the command, what may come next, and whether it may be sent now."""

    usage: str = ""
    summary: str = ""
    complete: bool = False
    suggestions: tuple[Suggestion, ...] = ()


async def offer(
    text: str, who: Person, commands: Sequence[Command], people: Sequence[Person], complete: Complete
) -> Offer:
    """The palette for ``text``, which starts with a slash; commands first, then options."""
    shown = [c for c in commands if not c.hidden and (who.organiser or not c.organiser_only)]
    ready = _sendable(text, commands, people)
    command, rest = find_command(text, commands)
    if command is None or command.hidden or not rest[:1].isspace():
        return Offer(complete=ready, suggestions=_commands(text, shown))
    found = await _options(command, rest, people, complete)
    return Offer(command.usage, command.summary, ready, found[:_MOST])


def _sendable(text: str, commands: Sequence[Command], people: Sequence[Person]) -> bool:
    try:
        read_command(text, commands, among(people))
    except ParseError:
        return False
    return True


def _commands(text: str, commands: Iterable[Command]) -> tuple[Suggestion, ...]:
    typed = " ".join(text.removeprefix("/").lower().split())
    found = [command for command in commands if typed in command.name]
    found.sort(key=lambda command: not command.name.startswith(typed))
    return tuple(Suggestion(c.usage, c.summary, f"/{c.name} ") for c in found)


async def _options(
    command: Command, rest: str, people: Sequence[Person], complete: Complete
) -> tuple[Suggestion, ...]:
    slots = _slots(command, rest)
    free = [option for option in command.options if option not in {slot.option for slot in slots}]
    if slots and not _ended(rest):
        slot = slots[-1]
    elif free:
        slot = Parameter(free[0], "", len(rest))
    else:
        return ()
    start = f"/{command.name}{rest[: slot.start]}"
    values = await _values(command, slot, people, complete)
    offered = tuple(
        Suggestion(v.label, slot.option.summary, f"{start}{slot.option.name}:{quoted(v.value)} ")
        for v in values
    )
    return offered + _names(slot, rest, free, start)


def _names(slot: Parameter, rest: str, free: Iterable[CommandOption], start: str) -> tuple[Suggestion, ...]:
    """The options that may be named here: none while the value of a named one is being typed."""
    if rest[slot.start :].startswith(f"{slot.option.name}:"):
        return ()
    options = dict.fromkeys((slot.option, *free))
    return tuple(
        Suggestion(f"{option.name}:", option.summary, f"{start}{option.name}:")
        for option in options
        if option.name.startswith(slot.text.lower())
    )


async def _values(
    command: Command, slot: Parameter, people: Sequence[Person], complete: Complete
) -> Sequence[Choice]:
    if slot.option.completes:
        return await complete(command, slot.option, slot.text)
    choices: Iterable[Choice] = slot.option.choices
    if slot.option.kind is Kind.MEMBER:
        choices = (Choice(f"@{person.name}", f"@{person.name}") for person in people)
    typed = slot.text.removeprefix("@").casefold()
    return [c for c in choices if typed in f"{c.label} {c.value}".casefold()]


def _slots(command: Command, rest: str) -> list[Parameter]:
    try:
        return assigned(command, words(rest, command))
    except ParseError:
        return []


def _ended(rest: str) -> bool:
    """Return True if the last word is finished: a space follows it, and it is no option's bare name."""
    return rest[-1:].isspace() and not rest.rstrip().endswith(":")


def quoted(value: str) -> str:
    """The value as it must be typed, in quotes if it has a space."""
    return f'"{value}"' if any(character.isspace() for character in value) else value
