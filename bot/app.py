"""The application: one interaction in, one reply out, never an exception."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import secrets
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace

from bot.allowance import Allowance
from bot.chat.action_ids import ActionId, BadActionId, Signer, decode
from bot.chat.adapter import EventResolver
from bot.chat.capabilities import Capabilities
from bot.chat.clock import Clock
from bot.chat.command_line import missing, unknown_command
from bot.chat.commands import Command, checked_option, offered
from bot.chat.events import (
    ActionInvoked,
    CommandInvoked,
    FormSubmitted,
    HomeOpened,
    Interaction,
    Origin,
    ReplyReceived,
    cleaned,
    scoped,
    written,
)
from bot.chat.fitting import degrade
from bot.chat.messages import Choice
from bot.chat.platform_state import PlatformState
from bot.chat.replies import NoReply, Replace, Reply, ReplyPolicy, Send
from bot.chat.text_fallback import TYPED_FORMS, typed_form_of, typed_forms
from bot.domain.refs import ChannelRef, MessageRef, UserRef
from bot.errors import UserError
from bot.handlers.auditing import audited
from bot.handlers.served_posts import is_concerned, require_sent_before, served_message, served_post
from bot.handlers.suggestions import suggested
from bot.library import Installed
from bot.ports import Database, Discard, UnitOfWork, UseCase, WritesAfterAll
from bot.routing import POST, STALE, Call, Request, Routes, command_named
from bot.services.forgetting import enqueue_removal
from bot.services.leaving import member_came_back, member_left
from bot.services.permissions import may_organise
from bot.services.platform_state import DatabaseState
from bot.services.workspaces import pause_workspace, resume_workspaces
from bot.settings import Settings
from bot.toolkit.limits import BoundedDict, KeyedLocks
from bot.toolkit.redaction import discreet
from bot.views.apology import apology
from bot.views.common import text_message

log = logging.getLogger(__name__)

NO_ROLES = "I can't mention or give roles or user groups in this chat."
ORGANISERS_ONLY = "Only organisers can do that here."
FOR_MEMBERS = {"study status": " To see what comes next, use /next."}
"""Hints for members who use an organiser's command, by its name."""

REPLIES_KEPT = 256
"""Replies remembered for events that are delivered again: platforms do so within minutes."""


Whereabouts = Callable[[Origin], Awaitable[Origin]]


class Milepost:
    """The application that serves interactions, each person within their ``allowance``.

    ``served`` is called after each one that was committed. ``whereabouts`` notes in an origin which places
    an organiser has left, before they act from afar.
    """

    def __init__(
        self,
        database: Database,
        installed: Installed,
        settings: Settings,
        routes: Routes,
        clock: Clock,
        signer: Signer,
        allowance: Allowance | None = None,
    ) -> None:
        self.allowance = allowance or Allowance()
        self._clock = clock
        self._database = database
        self._installed = installed
        self._settings = settings
        self._routes = routes
        self._signer = signer
        self._commands = tuple(routes.commands.values())
        self._offered: dict[Capabilities, tuple[Command, ...]] = {}
        self._replies: BoundedDict[str, Reply] = BoundedDict(REPLIES_KEPT)
        self._turns: KeyedLocks[UserRef] = KeyedLocks()
        self.served: Callable[[], None] = lambda: None
        self.whereabouts: Whereabouts = _unknown

    def commands_for(self, capabilities: Capabilities) -> tuple[Command, ...]:
        """Return every command of a platform: with those that stand in for what it lacks, and no others.

        Commands for what it lacks are hidden: whoever types one is told so.
        """
        known = self._offered.get(capabilities)
        if known is None:
            known = (*offered(self._commands, capabilities), *typed_forms(capabilities))
            self._offered[capabilities] = known
        return known

    def reply_policy(self, interaction: Interaction) -> ReplyPolicy:
        """Return how the reply will come; private and quick for an unknown command or action."""
        try:
            return self._resolve(interaction, (*self._commands, *TYPED_FORMS)).route.policy
        except UserError:
            return ReplyPolicy()

    async def handle(
        self, interaction: Interaction, capabilities: Capabilities, resolver: EventResolver | None = None
    ) -> Reply:
        """Serve one interaction: never raises, always has a reply fit for the capabilities.

        Nothing that its member wrote is logged. ``resolver`` is called for those who may do it alone.
        """
        with discreet(written(interaction)):
            try:
                if not isinstance(interaction, ReplyReceived) and (refusal := self._refusal(interaction)):
                    return degrade(refusal, capabilities)
                reply = await self._reply_to(interaction, self.commands_for(capabilities), resolver)
                return degrade(self._signer.reply(reply), capabilities)
            except Exception as error:
                reference = secrets.token_hex(4)
                log.exception("fault %s in %s", reference, type(interaction).__name__)
                return degrade(Send(apology(reference, error)), capabilities)

    async def _reply_to(
        self, interaction: Interaction, commands: Sequence[Command], resolver: EventResolver | None
    ) -> Reply:
        try:
            asked = self._resolve(scoped(cleaned(interaction)), commands)
            serve = self._hear if isinstance(interaction, ReplyReceived) else self._serve
            async with self._turns.holding(interaction.origin.user):
                if resolver:
                    await self._require_right(asked, commands)
                    asked = self._resolve(scoped(cleaned(await resolver(interaction))), commands)
                reply = await serve(asked, commands)
        except UserError as error:
            return Send(text_message(error.sentence))
        if isinstance(reply, Replace) and interaction.origin.message is None:
            return Send(reply.message)  # a typed command was acted on no message that could be replaced
        return reply

    async def _require_right(self, call: Call, commands: Sequence[Command]) -> None:
        """Raise UserError for what this person may not do, as far as is known here."""
        if not call.signed or (call.route.organiser_only and not call.origin.is_admin):
            await self._database.read(lambda unit: self._request_of(call, unit, commands))

    def _refusal(self, interaction: Interaction) -> Reply | None:
        return self.allowance.refusal(interaction, self._clock.now().timestamp())

    async def _hear(self, call: Call, commands: Sequence[Command]) -> Reply:
        """Serve what was written in a thread. Mostly it is talk among people, which writes nothing."""
        if self.allowance.talk.take(call.origin.user, self._clock.now().timestamp()):
            return NoReply()
        written_by = ReplyReceived(call.origin, call.text)
        try:
            reply = await self._look(call, commands)
        except WritesAfterAll:
            return self._refusal(written_by) or await self._serve(call, commands)
        return reply if isinstance(reply, NoReply) else self._refusal(written_by) or reply

    async def _serve(self, call: Call, commands: Sequence[Command]) -> Reply:
        event_id = call.origin.event_id
        if call.route.organiser_only and call.origin.channel.direct:
            call = replace(call, origin=await self.whereabouts(call.origin))

        async def use_case(unit: UnitOfWork) -> Reply:
            kept = None if call.route.fresh else self._replies.get(event_id)
            if kept is not None and await unit.events.seen(event_id):
                raise Discard(kept)
            seen, request = await asyncio.gather(
                unit.events.seen(event_id), self._request_of(call, unit, commands)
            )
            if seen:
                raise Discard(await self._answer(call, request))
            unit.events.record(event_id, call.origin.happened_at)
            reply = await self._answer(call, request)
            return reply if call.route.fresh else self._remembered(event_id, reply)

        if not call.writes:
            try:
                return await self._look(call, commands)
            except WritesAfterAll:  # what has changed of the person since their last act is written down
                return await self._database.run(self._looking(call, commands))
        reply = await self._database.run(use_case)
        self.served()
        return reply

    async def _look(self, call: Call, commands: Sequence[Command]) -> Reply:
        """Serve a call that only reads. Raises WritesAfterAll when the handler writes."""
        return await self._database.read(self._looking(call, commands))

    def _looking(self, call: Call, commands: Sequence[Command]) -> UseCase[Reply]:
        async def use_case(unit: UnitOfWork) -> Reply:
            return await self._answer(call, await self._request_of(call, unit, commands))

        return use_case

    async def _answer(self, call: Call, request: Request) -> Reply:
        """Return the route's reply."""
        serve = call.route.handler
        return await (audited(request, serve) if call.route.organiser_only else serve(request))

    def _remembered(self, event_id: str, reply: Reply) -> Reply:
        """Remember the reply for a redelivery.

        After a restart the handler answers anew, from what was saved.
        """
        self._replies[event_id] = reply
        return reply

    async def _request_of(self, call: Call, unit: UnitOfWork, commands: Sequence[Command]) -> Request:
        """Return the request of a call, with the post that it is about.

        Raises UserError for a route that the person may not use, for an id that nobody was shown, and for a
        post that was not served to this group.
        """
        request = Request(
            origin=call.origin,
            unit=unit,
            library=self._installed.library,
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
        if not call.signed and not call.route.navigates:
            await require_sent_before(request, call.action, self._signer.since)
        if call.route.organiser_only and not await may_organise(unit, call.origin):
            raise UserError(call.origin.doubt or ORGANISERS_ONLY + FOR_MEMBERS.get(call.route.name, ""))
        for option, sentence in call.invalid_options.items():
            raise UserError(sentence, option)
        if POST in call.action.params:
            return replace(request, about=await served_post(request, call.action.params[POST]))
        if call.route is self._routes.on_reply:
            return replace(request, about=await served_message(request))
        return request

    def _resolve(self, interaction: Interaction, commands: Sequence[Command]) -> Call:
        """Return the route and its arguments. Raises UserError if no route serves the interaction."""
        match interaction:
            case CommandInvoked():
                return self._command_call(interaction, commands)
            case ActionInvoked() | FormSubmitted():
                try:
                    opened, signed = self._signer.opened(interaction.action)
                    action = decode(opened)
                    route = self._routes.of_actions[action.route]
                except (BadActionId, KeyError):
                    raise UserError(STALE) from None
                call = Call(interaction.origin, route, action, signed=signed)
                if isinstance(interaction, FormSubmitted):
                    call = replace(call, values=dict(interaction.values))
                elif interaction.choice:
                    call = replace(call, choice=interaction.choice)
            case HomeOpened(origin) if self._routes.on_home:
                call = Call(origin, self._routes.on_home, ActionId("home"))
            case ReplyReceived(origin, text) if self._routes.on_reply:
                call = Call(origin, self._routes.on_reply, ActionId("reply"), text=text)
            case _:
                raise UserError(STALE)
        return call

    def _command_call(self, used: CommandInvoked, commands: Sequence[Command]) -> Call:
        command = command_named(used.name, commands)
        if command is None:
            raise UserError(unknown_command(used.name, commands, "Use /help to see what I can do."))
        if command.hidden and command.needs_roles:
            raise UserError(NO_ROLES)
        if command.name not in self._routes.of_commands:
            return self._typed_call(used, command, commands)
        checked = {
            key: checked_option(command, key, value) for key, value in used.args.items() if value.strip()
        }
        for option in command.options:
            if option.required and option.name not in checked:
                raise UserError(missing(command, option), option.name)
        route, action = self._routes.of_commands[command.name], ActionId("command", checked)
        return Call(
            used.origin,
            route,
            action,
            names=used.names,
            channels=used.channels,
            denials=used.denials,
            invalid_options=used.invalid_options,
        )

    def _typed_call(self, used: CommandInvoked, command: Command, commands: Sequence[Command]) -> Call:
        """Return the call that a typed command stands in for: a button, a form or a page.

        Only a signed id is believed that was typed.
        """
        call = self._resolve(cleaned(typed_form_of(command.name, used.origin, used.args)), commands)
        if not call.signed:
            raise UserError(STALE)
        return call

    def too_fast(self, user: UserRef) -> str:
        """Count an act that never becomes an interaction; return the sentence for one too many, or ''."""
        return self.allowance.too_fast(user, self._clock.now().timestamp())

    async def workspace_lost(self, platform: str, workspace: str) -> None:
        """Pause the groups of a workspace that Milepost was put out of. A second time does nothing."""
        now = self._clock.now()
        await self._database.run(lambda unit: pause_workspace(unit, platform, workspace, now))

    async def workspaces(self, platform: str) -> Collection[str]:
        """Return the workspaces with a group that is not paused."""
        return await self._database.read(lambda unit: unit.groups.workspaces(platform))

    async def workspaces_found(self, platform: str, workspaces: Collection[str]) -> None:
        """Resume the groups of these workspaces that were paused for the loss, and no others."""
        now = self._clock.now()
        await self._database.run(lambda unit: resume_workspaces(unit, platform, workspaces, now))

    def platform_state(self, platform: str, namespace: str) -> PlatformState:
        """Open what a platform keeps across restarts, in a namespace of its own choice."""
        return DatabaseState(self._database, self._clock, platform, namespace)

    async def claim(self, key: str) -> bool:
        """Record that something which may happen once has happened. Returns False where it had already.

        It is remembered for as long as events are, on every worker.
        """
        now = self._clock.now()

        async def use_case(unit: UnitOfWork) -> bool:
            if await unit.events.seen(key):
                return False
            unit.events.record(key, now)
            return True

        return await self._database.run(use_case)

    async def member_left(self, user: UserRef, workspace: str, channel: str | None = None) -> None:
        """Take somebody who has left a workspace, or one channel of it, off the groups there."""
        now = self._clock.now()
        await self._database.run(lambda unit: member_left(unit, user, workspace, channel, now))

    async def member_came_back(self, user: UserRef, workspace: str, channel: str | None = None) -> None:
        """Put somebody who is there again back into the groups that they did not leave by choice."""
        now = self._clock.now()
        await self._database.run(lambda unit: member_came_back(unit, user, workspace, channel, now))

    async def uploaded(self, user: UserRef, file: str, days: int) -> None:
        """Have a file that was uploaded for somebody deleted later, or once they are forgotten."""
        due_at = self._clock.now() + dt.timedelta(days=days)
        await self._database.run(lambda unit: enqueue_removal(unit, user, file, due_at))

    async def concerned(self, channel: ChannelRef, message: MessageRef | None) -> bool:
        """Tell if words under a message, or in a channel itself, may be meant for us. Writes nothing."""
        return await self._database.read(lambda unit: is_concerned(unit, channel, message))

    async def complete(
        self, command: str, option: str, typed: str, channel: ChannelRef, user: UserRef
    ) -> tuple[Choice, ...]:
        """Return at most 25 suggestions for an option that is being typed; none for an unknown one.

        None either for somebody who asks too often, or while something is at fault: that is logged, and one
        can still type on.
        """
        completer = self._routes.completers.get((command, option))
        if completer is None or self.allowance.suggestions.take(user, self._clock.now().timestamp()):
            return ()
        with discreet([typed]):
            try:
                return await suggested(completer, self._database, self._installed.library, typed, channel)
            except Exception:
                log.exception("no suggestions for %s of %s", option, command)
                return ()


async def _unknown(origin: Origin) -> Origin:
    return origin
