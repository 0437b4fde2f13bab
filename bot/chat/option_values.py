"""Checks of a command's options, as they were typed, against what the command declares."""

from __future__ import annotations

from bot.chat.commands import Command, CommandOption, Kind
from bot.errors import UserError
from bot.toolkit.nearest import did_you_mean
from bot.toolkit.text import clean_text, echoed, visible


def checked_option(command: Command, name: str, value: str) -> str:
    """The option's value as declared. Raises UserError."""
    option = next((option for option in command.options if option.name == name), None)
    if option is None:
        hint = did_you_mean(name, [option.name for option in command.options], words=False)
        raise UserError(f"I don't know the option “{echoed(name)}”.{hint} Usage: {command.usage}", name)
    value = _readable(option, value)
    if len(value) > option.max_length:
        raise UserError(f"Please shorten “{name}” to {option.max_length} characters or fewer.", name)
    return _chosen(option, value) if option.choices else value


def _readable(option: CommandOption, value: str) -> str:
    """Return the value as it is seen.

    Raises UserError for an id with unseen characters: it would be another id.
    """
    seen = clean_text(value).strip()
    if not seen:
        raise UserError(f"“{option.name}” looks empty. Please type it again.", option.name)
    if option.kind is not Kind.TEXT and visible(value) != value.strip():
        raise UserError("I can't read that name. Choose one from the list.", option.name)
    return seen


def _chosen(option: CommandOption, value: str) -> str:
    for choice in option.choices:
        if value.casefold() in (choice.value.casefold(), choice.label.casefold()):
            return choice.value
    *others, last = (choice.value for choice in option.choices)
    wanted = f"{', '.join(others)} or {last}" if others else last
    raise UserError(f"Please choose {wanted} for “{option.name}”.", option.name)
