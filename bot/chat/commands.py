"""Commands: their declaration, the check of their options, and suggestions for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.chat.capabilities import Capabilities
from bot.chat.messages import Choice
from bot.domain.role_use import Purpose
from bot.errors import UserError
from bot.toolkit.nearest import did_you_mean
from bot.toolkit.text import clean_text, echoed, visible


class Kind(StrEnum):
    """The kind of value that an option holds. Its text is checked in the core, alike for every platform.

    MEMBER is a person of the workspace; its text is the platform's user id. ROLE is several people who
    can be mentioned together, a role or a user group; its text is the platform's id of it. CHANNEL is
    a place where messages are posted, of a server, team or site that the person belongs to; its text is the
    platform's id of it, and ``CommandInvoked.channels`` says where it lives.
    """

    TEXT = "text"
    MEMBER = "member"
    ROLE = "role"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class CommandOption:
    """One option of a command.

    With ``choices`` only these values are accepted. With ``completes`` the adapter asks
    ``App.complete`` while the person types. Where a command is a typed line, words without a name fill one
    option each; all that follow belong to a ``spaced`` one, such as "27 December", and those of ``tail`` to
    the option before them, such as "pm". ``purpose`` says what a ROLE is chosen for: the adapter tells
    in ``CommandInvoked.denials`` why the person may not do that with the one that they named.
    """

    name: str
    summary: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[Choice, ...] = ()
    completes: bool = False
    max_length: int = 200
    spaced: bool = False
    tail: frozenset[str] = frozenset()
    purpose: Purpose | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A command. ``name`` is one word, or two: a command and its subcommand, such as ``study setup``.

    ``default`` marks the subcommand that serves the bare command. Menus leave ``hidden`` commands out:
    those typed where a platform lacks buttons, forms or a page for each member, and those that can do
    nothing there. ``brings_posts`` marks those after which posts come to the channel that an option names,
    or else to the one that they were used in: see ``Origin.cannot_post_reason``.
    """

    name: str
    summary: str
    options: tuple[CommandOption, ...] = ()
    organiser_only: bool = False
    default: bool = False
    hidden: bool = False
    brings_posts: bool = False

    @property
    def usage(self) -> str:
        """Return the command as it is typed, such as ``/quiz [topic]``."""
        words = (o.name if o.required else f"[{o.name}]" for o in self.options)
        return " ".join((f"/{self.name}", *words))

    @property
    def needs_roles(self) -> bool:
        """Tell whether it is of use only where people can be called together or put among others."""
        return any(option.kind is Kind.ROLE for option in self.options)


def offered(commands: Iterable[Command], can: Capabilities) -> tuple[Command, ...]:
    """Return the commands as a platform offers them: those that could do nothing there are hidden."""
    return tuple(
        replace(command, hidden=True) if command.needs_roles and not can.roles else command
        for command in commands
    )


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


def fitting(offered: Iterable[Choice], typed: str) -> list[Choice]:
    """Return the suggestions that contain what was typed, those that begin with it first."""
    wanted = typed.casefold().strip()
    texts = [(choice, (choice.label.casefold(), choice.value.casefold())) for choice in offered]
    found = [(choice, words) for choice, words in texts if any(wanted in word for word in words)]
    found.sort(key=lambda pair: not any(word.startswith(wanted) for word in pair[1]))
    return [choice for choice, _ in found]
