"""Parser of a line that a person typed after a slash: a command and its options.

For platforms on which commands are lines of text. Pure: who is meant by a name, the platform must know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.chat.commands import Command, CommandOption, Kind
from bot.toolkit.nearest import did_you_mean
from bot.toolkit.text import echoed, storable

_NAME = re.compile(r"(\w[\w-]*):\s*")
_VALUE = re.compile(r'["“”](?P<quoted>[^"“”]*)["“”]?|(?P<bare>\S*)')
_SPACE = re.compile(r"\s*")


class ParseError(ValueError):
    """The text is no command that can be sent. Its text says what to type."""


Lookup = Callable[[CommandOption, str], str]
"""Finds the id of the person, role or channel that was typed. Raises ParseError when there is none."""

_LOOKED_UP = (Kind.MEMBER, Kind.ROLE, Kind.CHANNEL)


@dataclass(frozen=True, slots=True)
class Word:
    """One word or quoted text that starts at ``start``; ``name`` is the option it was given to."""

    text: str
    start: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """An option and all that was typed for it; ``start`` is the index at which its first word starts."""

    option: CommandOption
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class ParsedCommand:
    """A command and its options as text, as the core takes them."""

    command: Command
    args: dict[str, str]


def read_command(text: str, commands: Sequence[Command], lookup: Lookup) -> ParsedCommand:
    """Read ``/quiz http``, ``/quiz topic:http`` or ``/quiz topic:"http caching"``.

    Words without a name fill the options in their order, the last option taking all that is left. Words
    after a named option still belong to it, unless it holds one word by nature. Raises ParseError.
    """
    text = storable(text)
    command, rest = find_command(text, commands)
    if command is None:
        raise ParseError(unknown_command(text, commands, "Type / to see every command."))
    _refuse_unknown_subcommand(command, text, rest, commands)
    slots = assigned(command, words(rest, command))
    args = {slot.option.name: value_of(slot.option, slot.text, lookup) for slot in slots}
    for option in command.options:
        if option.required and not args.get(option.name):
            raise ParseError(missing(command, option))
    return ParsedCommand(command, {name: value for name, value in args.items() if value})


def find_command(text: str, commands: Iterable[Command]) -> tuple[Command | None, str]:
    """The command that the text starts with, the longest name first, and what follows it.

    A bare first word means the subcommand that is the default.
    """
    typed = text.lstrip().removeprefix("/")
    known = list(commands)
    names = [(command.name, command) for command in known]
    names += [(command.name.split()[0], command) for command in known if command.default]
    for name, command in sorted(names, key=lambda pair: -len(pair[0])):
        pattern = r"\s+".join(map(re.escape, name.split())) + r"(?=\s|\Z)"
        match = re.match(pattern, typed, re.IGNORECASE)
        if match:
            return command, typed[match.end() :]
    return None, typed


def words(text: str, command: Command) -> Iterator[Word]:
    """The words of the text; a colon makes an option only after the name of one."""
    known = {option.name for option in command.options}
    at = _after_space(text, 0)
    while at < len(text):
        start, name = at, ""
        match = _NAME.match(text, at)
        if match and match[1].lower() in known:
            name, at = match[1].lower(), match.end()
        value = _VALUE.match(text, at)
        assert value is not None  # the pattern matches the empty text too
        yield Word(value["bare"] if value["quoted"] is None else value["quoted"], start, name)
        at = _after_space(text, value.end())


def assigned(command: Command, given: Iterable[Word]) -> list[Parameter]:
    """Return the words that belong to each option.

    Raises ParseError for words after a command without any.
    """
    given = list(given)
    named = {word.name for word in given}
    free = [option for option in command.options if option.name not in named]
    slots: dict[str, Parameter] = {}
    current: CommandOption | None = None
    for word in given:
        if word.name:
            current = next(option for option in command.options if option.name == word.name)
            slots[current.name] = Parameter(current, word.text, word.start)
            continue
        if free and not (current and _goes_on(current, word.text, named)):
            current = free.pop(0)
        if current is None:
            raise ParseError(f"Please type /{command.name} on its own: nothing goes after it.")
        before = slots.pop(current.name, Parameter(current, "", word.start))
        slots[current.name] = Parameter(current, f"{before.text} {word.text}".strip(), before.start)
    return list(slots.values())


def _goes_on(option: CommandOption, word: str, named: set[str]) -> bool:
    """Tell whether a word without a name still belongs to the option before it."""
    if one_word(option):
        return False
    return option.name in named or option.spaced or word.casefold() in option.tail


def value_of(option: CommandOption, typed: str, lookup: Lookup) -> str:
    """The value for what was typed: a choice by its label, somebody by ``lookup``, else as it is."""
    wanted = typed.strip()
    if option.kind in _LOOKED_UP and wanted:
        return lookup(option, wanted)
    for choice in option.choices:
        if wanted.casefold() in {choice.value.casefold(), choice.label.casefold()}:
            return choice.value
    return wanted


def one_word(option: CommandOption) -> bool:
    """Tell whether the option ends with its first word, so that the next word is another option's."""
    return option.kind in _LOOKED_UP or bool(option.choices)


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def missing(command: Command, option: CommandOption) -> str:
    """Return what to say when a required option was left out."""
    summary = option.summary.rstrip(".")
    return f"Please add “{option.name}” ({summary[:1].lower()}{summary[1:]}). Usage: {command.usage}"


def unknown_command(text: str, commands: Iterable[Command], otherwise: str) -> str:
    """Return what to say to a command that there is none of; ``otherwise`` where no name is like it.

    After the name of a family, such as ``/study stop``, it lists the members of it.
    """
    typed = text.strip().removeprefix("/").split()
    names = [command.name for command in commands if not command.hidden]
    if not typed:
        return "Type a command after the slash."
    family = [name.partition(" ")[2] for name in names if name.startswith(f"{typed[0].casefold()} ")]
    if family:
        wanted = " ".join(typed[1:])
        near = did_you_mean(wanted, family, f"/{typed[0].casefold()} {{}}", words=False)
        return f"There is no /{typed[0]} {echoed(wanted)}.{near} You can use: {', '.join(family)}."
    known = [*names, *{name.partition(" ")[0] for name in names}]
    hint = did_you_mean(" ".join(typed[:2]), known, "/{}", words=False)
    hint = hint or did_you_mean(typed[0], known, "/{}", words=False)
    return f"There is no command /{echoed(' '.join(typed[:2]))}.{hint or f' {otherwise}'}"


def _refuse_unknown_subcommand(command: Command, text: str, rest: str, commands: Sequence[Command]) -> None:
    """Raise ParseError for words after a bare family whose default takes none, such as ``/study stop``."""
    typed = text.lstrip().removeprefix("/").casefold()
    named = typed.split()[: len(command.name.split())] == command.name.split()
    if rest.strip() and not command.options and not named:
        raise ParseError(unknown_command(text, commands, ""))
