"""The application: one interaction in, one reply out, never an exception."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from bot.border.action_id import ActionId, BadActionId, decode
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
    HomeOpened,
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
from bot.border.signing import Signer
from bot.border.typed import missing, unknown_command
from bot.by_typing import TYPED_FORMS, typed_form_of, typed_forms
from bot.domain.records import Group
from bot.errors import CommitUnknown, StorageError, UserError
from bot.features.auditing import audited
from bot.features.leaving import member_came_back, member_left
from bot.features.organised import may_organise
from bot.features.served import require_sent_before, served_message, served_post
from bot.features.workspaces import find_workspaces, lose_workspace
from bot.library import Library
from bot.nearest import did_you_mean
from bot.ports import Database, Discard, Expected, UnitOfWork, UseCase
from bot.routing import POST, STALE, Completion, Route, Routes, Turn, command_named
from bot.settings import Settings
from bot.views.common import notice

log = logging.getLogger(__name__)

MAX_SUGGESTIONS = 25

ORGANISERS_ONLY = "Only organisers can do that here."
FOR_MEMBERS = {"study status": " To see what comes next, use /next."}
"""What a member is told to use instead of an organiser's command."""

REPLIES_KEPT = 256
"""Replies remembered for events that are delivered again: platforms do so within minutes."""


@dataclass(frozen=True, slots=True)
class _Call:
    """An interaction with the route that serves it and what the route is given.

    ``signed`` is False for an id without a signature, which only messages of before may have.
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
    signed: bool = True


Whereabouts = Callable[[Origin], Awaitable[Origin]]


class Milepost:
    """Serves interactions. ``served`` is called after each one that was committed.

    ``whereabouts`` notes in an origin which places an organiser has left, before they act from afar.
    """

    def __init__(
        self,
        database: Database,
        library: Library,
        settings: Settings,
        routes: Routes,
        clock: Clock,
        signer: Signer,
    ) -> None:
        self._clock = clock
        self._database = database
        self._library = library
        self._settings = settings
        self._routes = routes
        self._signer = signer
        self._commands = tuple(routes.commands.values())
        self.engine = database.engine
        self._replies: Newest[str, Reply] = Newest(REPLIES_KEPT)
        self.served: Callable[[], None] = lambda: None
        self.whereabouts: Whereabouts = _unknown

    def commands_for(self, capabilities: Capabilities) -> tuple[Command, ...]:
        """Return every command of a platform: with those that stand in for what it lacks, and no others."""
        return (*self._commands, *typed_forms(capabilities))

    def manner_of(self, interaction: Interaction) -> Manner:
        """How the reply will come; private and quick for an unknown command or action."""
        try:
            return self._resolve(interaction, (*self._commands, *TYPED_FORMS)).route.manner
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
            reply = await self._reply_to(interaction, self.commands_for(capabilities))
            return degrade(self._signer.reply(reply), capabilities)
        except Exception as error:
            reference = secrets.token_hex(4)
            log.exception("fault %s in %s", reference, type(interaction).__name__)
            return degrade(Say(_apology(reference, error)), capabilities)

    async def _reply_to(self, interaction: Interaction, commands: Sequence[Command]) -> Reply:
        try:
            asked = self._resolve(_scoped(cleaned(interaction)), commands)
            return _shown_somewhere(await self._serve(asked, commands), interaction)
        except UserError as error:
            return Say(notice(error.sentence))

    async def _serve(self, call: _Call, commands: Sequence[Command]) -> Reply:
        event_id = call.origin.event_id
        if call.route.organiser_only and call.origin.channel.direct:
            call = replace(call, origin=await self.whereabouts(call.origin))

        async def use_case(unit: UnitOfWork) -> Reply:
            turn = self._turn(call, unit, commands)
            if not call.signed and not call.route.navigates:
                await require_sent_before(turn, call.action, self._signer.since)
            if call.route.organiser_only and not await may_organise(unit, call.origin):
                raise UserError(ORGANISERS_ONLY + FOR_MEMBERS.get(call.route.name, ""))
            if await unit.events.seen(event_id):
                kept = None if call.route.fresh else self._replies.get(event_id)
                raise Discard(kept or await self._answer(call, turn))
            unit.events.record(event_id, call.origin.happened_at)
            return self._remembered(event_id, await self._answer(call, turn))

        reply = await self._database.run(use_case, _expected(call))
        self.served()
        return reply

    async def _answer(self, call: _Call, turn: Turn) -> Reply:
        """What the route says. No route is asked about a post that was not served to this group."""
        if POST in call.action.params:
            turn = replace(turn, about=await served_post(turn, call.action.params[POST]))
        elif call.route is self._routes.on_reply:
            turn = replace(turn, about=await served_message(turn))
        serve = call.route.handler
        return await (audited(turn, serve) if call.route.organiser_only else serve(turn))

    def _remembered(self, event_id: str, reply: Reply) -> Reply:
        """A comfort only: after a restart the handler answers anew, from what was saved."""
        self._replies[event_id] = reply
        return reply

    def _turn(self, call: _Call, unit: UnitOfWork, commands: Sequence[Command]) -> Turn:
        return Turn(
            origin=call.origin,
            unit=unit,
            library=self._library,
            settings=self._settings,
            commands=tuple(commands),
            args=call.action.params,
            names=call.names,
            channels=call.channels,
            denials=call.denials,
            values=call.values,
            choice=call.choice,
            text=call.text,
        )

    def _resolve(self, interaction: Interaction, commands: Sequence[Command]) -> _Call:
        """The route and its arguments. Raises UserError for what no route serves."""
        match interaction:
            case CommandUsed():
                return self._command_call(interaction, commands)
            case ActionUsed(origin, action, choice):
                call = replace(self._action_call(origin, action), choice=choice)
            case FormSent(origin, action, values):
                call = replace(self._action_call(origin, action), values=dict(values))
            case HomeOpened(origin) if self._routes.on_home:
                call = _Call(origin, self._routes.on_home, ActionId("home"))
            case ReplyWritten(origin, text) if self._routes.on_reply:
                call = _Call(origin, self._routes.on_reply, ActionId("reply"), text=text)
            case _:
                raise UserError(STALE)
        return call

    def _action_call(self, origin: Origin, text: str) -> _Call:
        try:
            opened, signed = self._signer.opened(text)
            action = decode(opened)
            return _Call(origin, self._routes.of_actions[action.route], action, signed=signed)
        except (BadActionId, KeyError):
            raise UserError(STALE) from None

    def _command_call(self, used: CommandUsed, commands: Sequence[Command]) -> _Call:
        command = command_named(used.name, commands)
        if command is None:
            raise UserError(unknown_command(used.name, commands, "Use /help to see what I can do."))
        if command.name not in self._routes.of_commands:
            return self._typed_call(used, command, commands)
        checked = {key: _checked(command, key, value) for key, value in used.args.items() if value.strip()}
        for option in command.options:
            if option.name in used.unfit:
                raise UserError(used.unfit[option.name], option.name)
            if option.required and option.name not in checked:
                raise UserError(missing(command, option), option.name)
        route, action = self._routes.of_commands[command.name], ActionId("command", checked)
        return _Call(
            used.origin, route, action, names=used.names, channels=used.channels, denials=used.denials
        )

    def _typed_call(self, used: CommandUsed, command: Command, commands: Sequence[Command]) -> _Call:
        """What stands in for a button, a form or a page. Only a signed id is believed that was typed."""
        call = self._resolve(cleaned(typed_form_of(command.name, used.origin, used.args)), commands)
        if not call.signed:
            raise UserError(STALE)
        return call

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


async def _unknown(origin: Origin) -> Origin:
    return origin


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


def _scoped(interaction: Interaction) -> Interaction:
    """The same with an event id that no other place or person can have.

    Platforms promise no more than that their ids are unique among themselves.
    """
    user = interaction.origin.user
    event_id = f"{user.platform}|{user.workspace}|{user.id}|{interaction.origin.event_id}"
    return replace(interaction, origin=replace(interaction.origin, event_id=event_id))


def _expected(call: _Call) -> Expected:
    post = call.action.params.get(POST, "")
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
