"""Routing: the function that serves each command, action or form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from bot.chat.action_ids import ActionId
from bot.chat.commands import Command
from bot.chat.events import Origin
from bot.chat.messages import Choice
from bot.chat.replies import Latency, Reply, ReplyPolicy, Visibility
from bot.domain.model import Group, Post, PostKind
from bot.domain.refs import ChannelRef
from bot.domain.role_use import Denial
from bot.errors import UserError
from bot.library import Library
from bot.ports import UnitOfWork
from bot.settings import Settings
from content.model import Pack


@dataclass(frozen=True, slots=True)
class Request:
    """One interaction being served: all that a handler may know.

    ``args`` are a command's options, an action's parameters, or a form's parameters; ``names`` has the
    platform's name for each thing that those options name; ``channels`` the channels that they name;
    ``denials`` why a role that they name may not be used; ``values`` what a form holds; ``choice``
    what was chosen in a menu; ``text`` what was written under a post. ``about`` is the post that an
    action's id names, or that was replied to, with its group: it was served here.
    """

    origin: Origin
    unit: UnitOfWork
    library: Library
    settings: Settings
    commands: tuple[Command, ...]
    args: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, ChannelRef] = field(default_factory=dict)
    denials: Mapping[str, Denial] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    choice: tuple[str, ...] = ()
    text: str = ""
    about: tuple[Post, Group] | None = None

    def post(self, kind: PostKind) -> tuple[Post, Group]:
        """Return the post of this kind that the id names, and its group. Raises UserError if it names none.

        There is no other way to a post by its number: this one was served to the group of the acting
        person.
        """
        if self.about is None or self.about[0].kind is not kind:
            raise UserError(STALE)
        return self.about

    @property
    def roles(self) -> bool:
        """Tell whether people can be called together, or put among others, where this was done."""
        return any(command.needs_roles and not command.hidden for command in self.commands)

    @property
    def now(self) -> dt.datetime:
        """Return the instant of the click: the only present that a handler knows."""
        return self.origin.happened_at

    def number(self, name: str) -> int:
        """Return the parameter as a whole number. Raises UserError for anything else."""
        return whole_number(self.args.get(name, ""))


STALE = "This button no longer works. Try /help."
POST = "p"
"""Name of the parameter that names a post by its number."""


def whole_number(text: str) -> int:
    """Return the number of a parameter, of 18 digits at most. Raises UserError for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise UserError(STALE)
    return int(text)


Handler = Callable[[Request], Awaitable[Reply]]
Completer = Callable[["Completion"], Awaitable[Iterable[Choice]]]


async def _no_groups() -> tuple[Group, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Completion:
    """An option being typed: its text, its place, and the things to choose from."""

    library: Library
    pack_id: str | None
    typed: str = ""
    groups: Callable[[], Awaitable[tuple[Group, ...]]] = _no_groups
    """Callable that returns every group of the place."""

    @property
    def pack(self) -> Pack | None:
        """Return the group's pack, else the first one installed; None where there is none."""
        packs = self.library.packs
        return packs.get(self.pack_id or "") or next(iter(packs.values()), None)


class Writes(Enum):
    """The cases in which a route may write.

    A route that only reads is served without a transaction and its event is not recorded, since serving it
    twice harms nothing. It still takes over what has changed of the person, such as their name.
    """

    ALWAYS = "always"
    WITH_OPTIONS = "with options"
    """Mark of a bare command that reads, mostly to open a form."""
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Route:
    """A handler and its reply policy. ``organiser_only`` routes refuse everybody else.

    The reply to an event is kept for its redelivery, except where it may no longer be right: a ``fresh``
    route is asked anew, and so is one that only reads. One that ``navigates`` does no more than a command
    that its member may type anyway, so that it serves ids without a signature too: buttons of before ids
    were signed.
    """

    name: str
    handler: Handler
    policy: ReplyPolicy
    organiser_only: bool = False
    fresh: bool = False
    writes: Writes = Writes.ALWAYS
    navigates: bool = False


class Routes:
    """The routes of one feature; a Router is made of several."""

    def __init__(self) -> None:
        self.commands: dict[str, Command] = {}
        self.of_commands: dict[str, Route] = {}
        self.of_actions: dict[str, Route] = {}
        self.completers: dict[tuple[str, str], Completer] = {}
        self.on_reply: Route | None = None
        self.on_home: Route | None = None

    def command(
        self,
        command: Command,
        *,
        visibility: Visibility = Visibility.PRIVATE,
        latency: Latency = Latency.QUICK,
        fresh: bool = False,
        writes: Writes = Writes.ALWAYS,
    ) -> Callable[[Handler], Handler]:
        """Declare a command and the function that serves it."""

        def register(handler: Handler) -> Handler:
            self.commands[command.name] = command
            self.of_commands[command.name] = Route(
                command.name,
                handler,
                ReplyPolicy(visibility, latency),
                command.organiser_only,
                fresh,
                writes,
            )
            return handler

        return register

    def action(
        self,
        name: str,
        *,
        latency: Latency = Latency.QUICK,
        organiser_only: bool = False,
        fresh: bool = False,
        writes: Writes = Writes.ALWAYS,
        navigates: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Declare the function that serves a button, menu or form of this route name, in private."""

        def register(handler: Handler) -> Handler:
            policy = ReplyPolicy(Visibility.PRIVATE, latency)
            self.of_actions[name] = Route(name, handler, policy, organiser_only, fresh, writes, navigates)
            return handler

        return register

    def reply_written(self, handler: Handler) -> Handler:
        """Declare the function that serves what people write under posts."""
        self.on_reply = Route("reply", handler, ReplyPolicy())
        return handler

    def home_opened(self, handler: Handler) -> Handler:
        """Declare the function that makes a member's own page; it only reads."""
        self.on_home = Route("home", handler, ReplyPolicy(), writes=Writes.NEVER)
        return handler

    def completes(self, command: str, option: str) -> Callable[[Completer], Completer]:
        """Declare the function that suggests values of an option, best first; too many are cut."""

        def register(completer: Completer) -> Completer:
            self.completers[command, option] = completer
            return completer

        return register

    def include(self, other: Routes) -> None:
        """Take over all of another's routes. Raises ValueError when a name is taken."""
        taken = (self.commands.keys() & other.commands) | (self.of_actions.keys() & other.of_actions)
        if taken or (self.on_reply and other.on_reply) or (self.on_home and other.on_home):
            raise ValueError(f"declared twice: {sorted(taken) or 'the reply or the home route'}")
        self.commands |= other.commands
        self.of_commands |= other.of_commands
        self.of_actions |= other.of_actions
        self.completers |= other.completers
        self.on_reply = self.on_reply or other.on_reply
        self.on_home = self.on_home or other.on_home


def command_named(name: str, commands: Iterable[Command]) -> Command | None:
    """Return the command, or for a bare parent such as ``study`` its default subcommand."""
    known = {command.name: command for command in commands}
    family = (c for c in known.values() if c.default and c.name.split()[0] == name)
    return known.get(name) or next(family, None)


@dataclass(frozen=True, slots=True)
class Call:
    """An interaction with the route that serves it and what the route is given.

    ``signed`` is False for an id without a signature, which only messages of before may have.
    ``invalid_options`` has a sentence for each option that is of no use.
    """

    origin: Origin
    route: Route
    action: ActionId
    values: dict[str, str] = field(default_factory=dict)
    choice: tuple[str, ...] = ()
    text: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, ChannelRef] = field(default_factory=dict)
    denials: Mapping[str, Denial] = field(default_factory=dict)
    invalid_options: Mapping[str, str] = field(default_factory=dict)
    signed: bool = True

    @property
    def writes(self) -> bool:
        """Tell whether the handler may write.

        ``WITH_OPTIONS`` is for commands: an action has parameters.
        """
        writes = self.route.writes
        return writes is Writes.ALWAYS or (writes is Writes.WITH_OPTIONS and bool(self.action.params))
