"""The adapter for Discord: connects, serves interactions, posts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Literal

import aiohttp
import discord

from adapters.discord.channel_options import with_channels
from adapters.discord.client import Client, point_at
from adapters.discord.commands import publish
from adapters.discord.inbound import Native, parent_of, read, read_typing, refusal_of
from adapters.discord.limits import (
    ACCOUNTS,
    CAPABILITIES,
    DIRECT,
    MEMBER_GONE,
    MOST_SUGGESTION,
    MOST_THREAD_NAME,
    PLATFORM,
)
from adapters.discord.replies import Renderer, Replier
from adapters.discord.rest import RestClient, retrying
from adapters.discord.roles import Roles, with_denials
from adapters.discord.settings import Settings
from adapters.discord.views import NOBODY, RawView, files, has_marker, marker_of, mentions
from bot.chat import (
    App,
    ChannelRef,
    Choice,
    CommandInvoked,
    DeliveryError,
    Denial,
    Forbidden,
    FormSubmitted,
    Gone,
    Interaction,
    Message,
    MessageRef,
    Origin,
    Purpose,
    SetupError,
    Transient,
    UserRef,
)
from bot.toolkit.limits import BoundedDict, TaskTracker
from bot.toolkit.text import cut, sentence

log = logging.getLogger(__name__)

READY_WITHIN = 30.0
"""Seconds for the first connection. Posts can be sent before it stands."""

QUIET_MINUTES: Literal[1440] = 1440
"""After this time without a word Discord folds a discussion up; it can be opened again."""

REMEMBERED = 1000
"""Channels of threads, at most, whose type and name are not asked for again."""

NEWEST = 50
"""Messages of a channel among which one is looked for whose arrival is in doubt."""

CANNOT_CHANGE_ROLE = (
    "I may not give or take that role. I need the permission Manage Roles, my own role must stand above"
    " it, and a role of an app, of boosters or of subscribers cannot be given."
)

GRACE = 10.0
"""Seconds that running handlers get to finish at a stop."""


class Discord:
    """The adapter of one bot account on Discord. Keeps nothing that a restart may not lose."""

    platform = PLATFORM
    capabilities = CAPABILITIES
    address = "connected to Discord"

    def __init__(
        self, settings: Settings, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._settings = settings
        self._sleep = sleep
        self._app: App | None = None
        self._client: Client | None = None
        self._rest = RestClient(settings.requests_per_second, sleep)
        self._roles = Roles(self._rest)
        self._renderer = Renderer()
        self._parents: BoundedDict[int, tuple[int, str]] = BoundedDict(REMEMBERED)
        self._connection: asyncio.Task[None] | None = None
        self._serving = TaskTracker()

    async def start(self, app: App) -> None:
        """Log in, publish the commands, connect. Raises SetupError for what an operator must mend."""
        await self.log_in(app)
        client = self._running()
        ready = asyncio.create_task(client.wait_until_ready())
        self._connection = asyncio.create_task(client.connect(), name="discord")
        self._connection.add_done_callback(_tell_the_end)
        await asyncio.wait(
            [ready, self._connection], timeout=READY_WITHIN, return_when=asyncio.FIRST_COMPLETED
        )
        ready.cancel()
        if self._connection.done():
            error = self._connection.exception()
            await self.stop()
            raise SetupError(sentence(f"Discord won't let the bot connect: {error}"))
        if not client.is_ready():
            log.warning("Discord is slow to connect; posts are sent, and clicks are served once it stands")

    async def log_in(self, app: App) -> None:
        """Prove the token and publish the commands, which needs no gateway."""
        point_at(self._settings)
        try:
            async for attempt in retrying(self._sleep):
                with attempt:
                    await self._prove_token(app)
            await self._rest.request(lambda: publish(self._running(), app))
        except discord.LoginFailure:
            await self.stop()
            raise SetupError(
                "Discord doesn't accept DISCORD_TOKEN. Copy the token again from the developer portal."
            ) from None
        except (discord.DiscordException, DeliveryError, aiohttp.ClientError, OSError) as error:
            await self.stop()
            raise SetupError(
                sentence(f"Discord can't be reached at {self._settings.api_url}: {error}")
            ) from error

    async def _prove_token(self, app: App) -> None:
        """Log in with a client of its own: one that failed to cannot be used again."""
        client = self.new_client()
        self.attach(app, client)
        try:
            await client.login(self._settings.token)
        except BaseException:
            await client.close()
            raise

    def new_client(self) -> Client:
        """Make a client that is not logged in yet. Must be called while an event loop runs."""
        return Client(
            self._settings,
            self._serve,
            self._workspace_lost,
            self._workspaces_found,
            self._workspaces,
            self._sleep,
        )

    def attach(self, app: App, client: Client) -> None:
        """Serve the app through this client from now on, whoever logs it in."""
        self._app, self._client = app, client

    async def stop(self) -> None:
        """Let running handlers finish, also those that begin meanwhile, then close the connection."""
        await self._serving.finish(GRACE)
        if self._client:
            await self._client.close()
        if self._connection:
            self._connection.cancel()
            await asyncio.gather(self._connection, return_exceptions=True)
        self._client = self._connection = None

    async def send(
        self, channel: ChannelRef, message: Message, key: str, *, again: bool = False
    ) -> MessageRef:
        """Post under the key, under which Discord takes a message once within minutes.

        Later its marker is looked for. Raises a DeliveryError.
        """
        if again and (earlier := await self._arrived(channel, key)):
            return MessageRef(channel, earlier)
        content = await self._renderer.render(message)
        target = self._running().get_partial_messageable(_number(channel.id))
        sent = await self._rest.request(
            lambda: target.send(
                view=RawView(content, marker_of(key)),
                files=files(content),
                nonce=key,
                allowed_mentions=mentions(content),
            )
        )
        if message.discussion and not channel.direct:
            await self._discuss(sent.channel.id, sent.id, message.discussion)
        return MessageRef(channel, str(sent.id))

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Change a posted message; nobody is called again. Raises a DeliveryError."""
        content = await self._renderer.render(message)
        channel = self._running().get_partial_messageable(_number(ref.channel.id))
        target = channel.get_partial_message(_number(ref.id))
        await self._rest.request(
            lambda: target.edit(view=RawView(content), attachments=files(content), allowed_mentions=NOBODY)
        )

    async def direct(self, user: UserRef, message: Message, key: str) -> MessageRef:
        """Post to one person alone. Raises a DeliveryError, Forbidden for a closed inbox."""
        client = self._running()
        person = discord.Object(_number(user.id))
        conversation = await self._rest.request(lambda: client.create_dm(person))
        return await self.send(
            ChannelRef(PLATFORM, DIRECT, str(conversation.id), direct=True), message, key
        )

    async def grant_role(self, channel: ChannelRef, user: UserRef, role: str) -> None:
        """Give a person a role of the channel's server. Raises a DeliveryError."""
        await self._change_role(self._running().http.add_role, channel, user, role)

    async def revoke_role(self, channel: ChannelRef, user: UserRef, role: str) -> None:
        """Take a role of the channel's server away from a person. Raises a DeliveryError."""
        await self._change_role(self._running().http.remove_role, channel, user, role)

    async def _change_role(
        self, change: Callable[..., Awaitable[None]], channel: ChannelRef, user: UserRef, role: str
    ) -> None:
        ids = _number(channel.workspace), _number(user.id), _number(role)
        try:
            await self._rest.request(lambda: change(*ids, reason="Milepost: streak"), CANNOT_CHANGE_ROLE)
        except Gone as error:
            if getattr(error.__cause__, "code", 0) not in MEMBER_GONE:
                raise
            log.info("a member has left server %s and needs no role", channel.workspace)
            if self._app:
                await self._app.member_left(user, channel.workspace)

    async def denial(
        self, channel: ChannelRef, user: UserRef, role: str, purpose: Purpose
    ) -> Denial | None:
        """Tell why Discord would not let a person give or mention a role themselves.

        Raises a DeliveryError. What the bot may do, Discord looks at itself.
        """
        return await self._roles.why_not(self._running().http, channel, user, role, purpose)

    async def is_there(self, user: UserRef, workspace: str) -> bool:
        """Tell whether somebody is still in a server. Raises a DeliveryError."""
        http = self._running().http
        try:
            await self._rest.request(lambda: http.get_member(_number(workspace), _number(user.id)))
        except Gone as error:
            if getattr(error.__cause__, "code", 0) in MEMBER_GONE:
                return False
            raise
        return True

    async def managers(self, channel: ChannelRef) -> tuple[UserRef, ...]:
        """Return the owner of the server. Raises a DeliveryError."""
        http, number = self._running().http, _number(channel.workspace)
        guild = await self._rest.request(lambda: http.get_guild(number, with_counts=False))
        return (UserRef(PLATFORM, ACCOUNTS, str(guild["owner_id"])),)

    async def _arrived(self, channel: ChannelRef, key: str) -> str | None:
        """Return the id of the message with the key's marker, among the newest of the channel.

        None also where the history may not be read: then only the nonce prevents a double.
        """
        http = self._running().http
        mark, number = marker_of(key), _number(channel.id)
        try:
            newest = await self._rest.request(lambda: http.logs_from(number, NEWEST))
        except Forbidden:
            return None
        return next((str(found["id"]) for found in newest if has_marker(found, mark)), None)

    async def _discuss(self, channel: int, message: int, title: str) -> None:
        """Open a thread under a post, where that is permitted; a post without one is whole."""
        http = self._running().http
        try:
            # discord.py's own method wants the server in its cache, which another shard may hold.
            await self._rest.request(
                lambda: http.start_thread_with_message(
                    channel, message, name=cut(title, MOST_THREAD_NAME), auto_archive_duration=QUIET_MINUTES
                )
            )
        except DeliveryError as error:
            log.info("message %s has no discussion: %s", message, error)

    async def _serve(self, native: Native) -> None:
        """Serve what a person did. Counted, so that a stop waits for it."""
        task = asyncio.current_task()
        assert task is not None, "discord.py calls listeners in tasks"
        self._serving.add(task)
        if native.type is discord.InteractionType.autocomplete:
            await self._suggest(native)
            return
        interaction = read(native)
        if interaction is None or self._app is None:
            return
        resolver = partial(self._resolved, self._app, native)
        # A button names nothing that Discord must be asked about.
        asks = isinstance(interaction, (CommandInvoked, FormSubmitted))
        reply = self._app.handle(interaction, CAPABILITIES, resolver if asks else None)
        replier = Replier(native, self._renderer, self._settings.answer_seconds, self._sleep)
        await replier.answer(self._app.reply_policy(interaction), reply)

    async def _resolved(self, app: App, native: Native, interaction: Interaction) -> Interaction:
        """Look up what the event does not tell: the channel of a thread, and what the options name."""
        match interaction:
            case CommandInvoked(origin, name) if (parent := parent_of(native)) and _is_organisers(
                app, name
            ):
                interaction = replace(interaction, origin=await self._in_thread(origin, parent))
            case FormSubmitted(origin) if parent := parent_of(native):
                interaction = replace(interaction, origin=await self._in_thread(origin, parent))
        if isinstance(interaction, CommandInvoked) and self._client is not None:
            http, known = self._client.http, app.commands_for(CAPABILITIES)
            interaction = await with_channels(interaction, known, http, self._rest, self._client.user)
            asked = (interaction, known, self._roles, http, self._client.user)
            interaction = await with_denials(*asked)
        return interaction

    async def _in_thread(self, origin: Origin, parent: int) -> Origin:
        """Return the origin with the channel's name, and why it takes no posts: the event has neither."""
        try:
            kind, name = self._parents.get(parent) or await self._ask_for(parent)
        except DeliveryError as error:
            log.info("channel %s does not say what it is: %s", parent, error)
            return origin
        return replace(
            origin, cannot_post_reason=refusal_of(kind) or origin.cannot_post_reason, elsewhere=f"#{name}"
        )

    async def _ask_for(self, channel: int) -> tuple[int, str]:
        """Return the type and name of a channel."""
        http = self._running().http
        found = await self._rest.look_up(lambda: http.get_channel(channel))
        self._parents[channel] = found["type"], str(found.get("name") or channel)
        return found["type"], str(found.get("name") or channel)

    async def _suggest(self, native: Native) -> None:
        typing = read_typing(native)
        if typing is None or self._app is None:
            return
        found = await self._app.complete(
            typing.command, typing.option, typing.text, typing.channel, typing.user
        )
        try:
            await native.response.autocomplete([_suggestion(choice) for choice in found])
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.info("suggestions came too late: %s", error)

    async def _workspace_lost(self, workspace: str) -> None:
        if self._app:
            await self._app.workspace_lost(PLATFORM, workspace)

    async def _workspaces(self) -> Collection[str]:
        return await self._app.workspaces(PLATFORM) if self._app else ()

    async def _workspaces_found(self, workspaces: Collection[str]) -> None:
        if self._app:
            await self._app.workspaces_found(PLATFORM, workspaces)

    def _running(self) -> Client:
        if self._client is None:
            raise Transient("Discord isn't connected.")
        return self._client


def _is_organisers(app: App, name: str) -> bool:
    known = app.commands_for(CAPABILITIES)
    return any(command.organiser_only for command in known if command.name == name)


def _number(text: str) -> int:
    """Return a snowflake as a number. Raises Gone for a text that cannot be one."""
    if not (text.isascii() and text.isdecimal()):
        raise Gone(f"{text!r} isn't an id on Discord.")
    return int(text)


def _suggestion(choice: Choice) -> discord.app_commands.Choice[str]:
    return discord.app_commands.Choice(
        name=cut(choice.label, MOST_SUGGESTION), value=choice.value[:MOST_SUGGESTION]
    )


def _tell_the_end(connection: asyncio.Task[None]) -> None:
    if not connection.cancelled() and (error := connection.exception()):
        log.error("the connection to Discord has ended: %s", error)
