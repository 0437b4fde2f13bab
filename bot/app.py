"""The application: one interaction in, one reply out, never an exception."""

from __future__ import annotations

import logging
import secrets
import shlex
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from bot.border.action_id import MAX_LENGTH, ActionId, BadActionId, decode
from bot.border.audience import Denial
from bot.border.capabilities import Capabilities
from bot.border.clean import clean_text, cleaned, echoed, visible
from bot.border.clock import Clock
from bot.border.command import Command, Kind, Option
from bot.border.degrade import degrade
from bot.border.interaction import (
    ActionUsed,
    ChannelRef,
    CommandUsed,
    FormSent,
    Interaction,
    Origin,
    ReplyWritten,
    UserRef,
    written,
)
from bot.border.message import Choice, Message
from bot.border.newest import Newest
from bot.border.redaction import discreet
from bot.border.reply import Manner, Replace, Reply, Say
from bot.border.typed import missing, unknown_command
from bot.domain.records import Group
from bot.errors import CommitUnknown, StorageError, UserError
from bot.features.leaving import member_came_back, member_left
from bot.features.organised import may_organise
from bot.features.workspaces import find_workspaces, lose_workspace
from bot.library import Library
from bot.nearest import did_you_mean
from bot.ports import Database, Discard, Expected, UnitOfWork, UseCase
from bot.routing import STALE, Completion, Route, Routes, Turn
from bot.settings import Settings
from bot.views.common import notice

log = logging.getLogger(__name__)

MAX_SUGGESTIONS = 25

ORGANISERS_ONLY = "Only organisers can do that here."
FOR_MEMBERS = {"study status": " To see what comes next, use /next."}
"""What a member is told to use instead of an organiser's command."""

REPLIES_KEPT = 256
"""Replies remembered for events that are delivered again: platforms do so within minutes."""

PRESS = Command(
    "press",
    "Press a button or choose from a menu by typing",
    (
        Option("action", "The id shown with it", required=True, max_length=MAX_LENGTH),
        Option("choice", "The menu entry you want"),
    ),
    hidden=True,
)
FILL = Command(
    "fill",
    "Send a form by typing",
    (
        Option("action", "The id shown with it", required=True, max_length=MAX_LENGTH),
        Option("values", 'Such as name=word name="some words"', max_length=6000),
    ),
    hidden=True,
)


@dataclass(frozen=True, slots=True)
class _Call:
    """An interaction with the route that serves it and what the route is given."""

    origin: Origin
    route: Route
    action: ActionId
    values: dict[str, str]
    choice: tuple[str, ...] = ()
    text: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, ChannelRef] = field(default_factory=dict)
    denials: Mapping[str, Denial] = field(default_factory=dict)


class Milepost:
    """Serves interactions. ``served`` is called after each one that was committed."""

    def __init__(
        self, database: Database, library: Library, settings: Settings, routes: Routes, clock: Clock
    ) -> None:
        self._clock = clock
        self._database = database
        self._library = library
        self._settings = settings
        self._routes = routes
        self.engine = database.engine
        self.commands: tuple[Command, ...] = (*routes.commands.values(), PRESS, FILL)
        self._replies: Newest[str, Reply] = Newest(REPLIES_KEPT)
        self.served: Callable[[], None] = lambda: None

    def manner_of(self, interaction: Interaction) -> Manner:
        """How the reply will come; private and quick for an unknown command or action."""
        try:
            return self._resolve(interaction).route.manner
        except UserError:
            return Manner()

    async def handle(self, interaction: Interaction, capabilities: Capabilities) -> Reply:
        """Serve one interaction: never raises, always has a reply fit for the capabilities.

        Nothing that its member wrote is logged.
        """
        with discreet(written(interaction)):
            return await self._handled(interaction, capabilities)

    async def _handled(self, interaction: Interaction, capabilities: Capabilities) -> Reply:
        try:
            return degrade(await self._reply_to(interaction), capabilities)
        except Exception as error:
            reference = secrets.token_hex(4)
            log.exception("fault %s in %s", reference, type(interaction).__name__)
            return degrade(Say(_apology(reference, error)), capabilities)

    async def _reply_to(self, interaction: Interaction) -> Reply:
        try:
            asked = self._resolve(_scoped(cleaned(interaction)))
            return _shown_somewhere(await self._serve(asked), interaction)
        except UserError as error:
            return Say(notice(error.sentence))

    async def _serve(self, call: _Call) -> Reply:
        event_id = call.origin.event_id

        async def use_case(unit: UnitOfWork) -> Reply:
            if call.route.organiser_only and not await may_organise(unit, call.origin):
                raise UserError(ORGANISERS_ONLY + FOR_MEMBERS.get(call.route.name, ""))
            turn = self._turn(call, unit)
            if await unit.events.seen(event_id):
                kept = None if call.route.fresh else self._replies.get(event_id)
                raise Discard(kept or await call.route.handler(turn))
            unit.events.record(event_id, call.origin.happened_at)
            return self._remembered(event_id, await call.route.handler(turn))

        reply = await self._database.run(use_case, _expected(call))
        self.served()
        return reply

    def _remembered(self, event_id: str, reply: Reply) -> Reply:
        """A comfort only: after a restart the handler answers anew, from what was saved."""
        self._replies[event_id] = reply
        return reply

    def _turn(self, call: _Call, unit: UnitOfWork) -> Turn:
        return Turn(
            origin=call.origin,
            unit=unit,
            library=self._library,
            settings=self._settings,
            commands=self.commands,
            args=call.action.params,
            names=call.names,
            channels=call.channels,
            denials=call.denials,
            values=call.values,
            choice=call.choice,
            text=call.text,
        )

    def _resolve(self, interaction: Interaction) -> _Call:
        """The route and its arguments. Raises UserError for what no route serves."""
        match interaction:
            case CommandUsed(origin, "press", args):
                return self._resolve(cleaned(_pressed(origin, dict(args))))
            case CommandUsed(origin, "fill", args):
                return self._resolve(cleaned(_filled(origin, dict(args))))
            case CommandUsed():
                call = self._command_call(interaction)
            case ActionUsed(origin, action, choice):
                call = _Call(origin, *self._of_action(action), {}, choice)
            case FormSent(origin, action, values):
                call = _Call(origin, *self._of_action(action), dict(values))
            case ReplyWritten(origin, text) if self._routes.on_reply:
                call = _Call(origin, self._routes.on_reply, ActionId("reply"), {}, (), text)
            case _:
                raise UserError(STALE)
        return call

    def _of_action(self, text: str) -> tuple[Route, ActionId]:
        try:
            action = decode(text)
            return self._routes.of_actions[action.route], action
        except (BadActionId, KeyError):
            raise UserError(STALE) from None

    def _command_call(self, used: CommandUsed) -> _Call:
        command = self._routes.command_named(used.name)
        if command is None:
            raise UserError(unknown_command(used.name, self.commands, "Use /help to see what I can do."))
        checked = {key: _checked(command, key, value) for key, value in used.args.items() if value.strip()}
        for option in command.options:
            if option.name in used.unfit:
                raise UserError(used.unfit[option.name], option.name)
            if option.required and option.name not in checked:
                raise UserError(missing(command, option), option.name)
        route, action = self._routes.of_commands[command.name], ActionId("command", checked)
        return _Call(
            used.origin, route, action, {}, names=used.names, channels=used.channels, denials=used.denials
        )

    async def workspace_lost(self, platform: str, workspace: str) -> None:
        """Pause the groups of a workspace that Milepost was put out of. A second time does nothing."""
        now = self._clock.now()
        await self._database.run(lambda unit: lose_workspace(unit, platform, workspace, now))

    async def workspaces(self, platform: str) -> Collection[str]:
        """Those with a group that is not paused."""
        return await self._database.read(lambda unit: unit.groups.workspaces(platform))

    async def workspaces_found(self, platform: str, workspaces: Collection[str]) -> None:
        """Go on with the groups of these workspaces that were paused for the loss, and with no others."""
        now = self._clock.now()
        await self._database.run(lambda unit: find_workspaces(unit, platform, workspaces, now))

    async def claim(self, key: str) -> bool:
        """Record that what may happen once has happened. Returns False where it had already.

        It is remembered for as long as events are, on every worker.
        """
        now = self._clock.now()

        async def use_case(unit: UnitOfWork) -> bool:
            if await unit.events.seen(key):
                return False
            unit.events.record(key, now)
            return True

        return await self._database.run(use_case, Expected(event_id=key))

    async def member_left(self, user: UserRef, workspace: str, channel: str | None = None) -> None:
        """Take somebody who has left a workspace, or one channel of it, off the groups there."""
        now = self._clock.now()
        await self._database.run(lambda unit: member_left(unit, user, workspace, channel, now))

    async def member_came_back(self, user: UserRef, workspace: str, channel: str | None = None) -> None:
        """Put somebody who is there again back into the groups that they did not leave by choice."""
        now = self._clock.now()
        await self._database.run(lambda unit: member_came_back(unit, user, workspace, channel, now))

    async def complete(
        self, command: str, option: str, typed: str, channel: ChannelRef
    ) -> tuple[Choice, ...]:
        """At most 25 suggestions for an option that is being typed; none for an unknown one.

        None either while something is at fault: it is logged, and one can still type on.
        """
        completer = self._routes.completers.get((command, option))
        if completer is None:
            return ()
        with discreet([typed]):
            try:
                pack = await self._database.read(_pack_of(channel), Expected(channel=channel))
                place = partial(self._database.read, _groups_of(channel))
                offered = await completer(Completion(self._library, pack, typed, place))
                return tuple(islice(offered, MAX_SUGGESTIONS))
            except Exception:
                log.exception("no suggestions for %s of %s", option, command)
                return ()


def _groups_of(channel: ChannelRef) -> UseCase[tuple[Group, ...]]:
    async def groups_of_the_place(unit: UnitOfWork) -> tuple[Group, ...]:
        return await unit.groups.of_workspace(channel.platform, channel.workspace)

    return groups_of_the_place


def _pack_of(channel: ChannelRef) -> UseCase[str | None]:
    async def pack_of_the_place(unit: UnitOfWork) -> str | None:
        group = await unit.groups.find(channel)
        return group.pack if group else None

    return pack_of_the_place


def _shown_somewhere(reply: Reply, interaction: Interaction) -> Reply:
    """A typed command was acted on no message, so there is none to replace."""
    match reply:
        case Replace(message) if interaction.origin.message is None:
            return Say(message)
    return reply


def _checked(command: Command, name: str, value: str) -> str:
    """The option's value as declared. Raises UserError."""
    option = next((option for option in command.options if option.name == name), None)
    if option is None:
        hint = did_you_mean(name, [option.name for option in command.options], words=False)
        raise UserError(f"I don't know the option “{echoed(name)}”.{hint} Usage: {command.usage}", name)
    value = _readable(option, value)
    if len(value) > option.max_length:
        raise UserError(f"Please shorten “{name}” to {option.max_length} characters or fewer.", name)
    return _chosen(option, value) if option.choices else value


def _readable(option: Option, value: str) -> str:
    """The value as it is seen; an id that is not seen as it is would be another one."""
    seen = clean_text(value).strip()
    if not seen:
        raise UserError(f"“{option.name}” looks empty. Please type it again.", option.name)
    if option.kind is not Kind.TEXT and visible(value) != value.strip():
        raise UserError("I can't read that name. Choose one from the list.", option.name)
    return seen


def _chosen(option: Option, value: str) -> str:
    for choice in option.choices:
        if value.casefold() in (choice.value.casefold(), choice.label.casefold()):
            return choice.value
    *others, last = (choice.value for choice in option.choices)
    wanted = f"{', '.join(others)} or {last}" if others else last
    raise UserError(f"Please choose {wanted} for “{option.name}”.", option.name)


def _pressed(origin: Origin, args: dict[str, str]) -> ActionUsed:
    """The typed form of a button, for platforms without buttons."""
    choice = args.get("choice", "")
    return ActionUsed(origin, args.get("action", ""), (choice,) if choice else ())


def _filled(origin: Origin, args: dict[str, str]) -> FormSent:
    """The typed form of a form, for platforms without forms."""
    try:
        words = shlex.split(args.get("values", ""))
    except ValueError:
        raise UserError('A quote is never closed. Write it like name="some words".', "values") from None
    for word in words:
        if "=" not in word:
            raise UserError(
                f'Which field is “{echoed(word)}” for? Write it like name="some words".', "values"
            )
    return FormSent(origin, args.get("action", ""), dict(word.split("=", 1) for word in words))


def _scoped(interaction: Interaction) -> Interaction:
    """The same with an event id that no other place or person can have.

    Platforms promise no more than that their ids are unique among themselves.
    """
    user = interaction.origin.user
    event_id = f"{user.platform}|{user.workspace}|{user.id}|{interaction.origin.event_id}"
    return replace(interaction, origin=replace(interaction.origin, event_id=event_id))


def _expected(call: _Call) -> Expected:
    post = call.action.params.get("p", "")
    return Expected(
        event_id=call.origin.event_id,
        user=call.origin.user,
        channel=call.origin.channel,
        post_id=int(post) if post.isascii() and post.isdigit() and len(post) < 19 else None,
    )


_NOTHING_SAVED = "Nothing was saved, so please try again."
_MAYBE_SAVED = "It may have been saved anyway. Please try again: an answer only counts once."


def _apology(reference: str, error: Exception) -> Message:
    reason = error.for_members if isinstance(error, StorageError) else "Something went wrong on my side."
    sentence = (
        f"{reason} {_MAYBE_SAVED if isinstance(error, CommitUnknown) else _NOTHING_SAVED} "
        f"If this keeps happening, give an organiser the reference {reference}."
    )
    return notice(sentence)
