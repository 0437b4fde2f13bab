"""The adapter for Slack: connects and posts."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import aiohttp
from aiohttp import web
from slack_sdk.errors import SlackClientError

from adapters.slack.inbound import channel_ref
from adapters.slack.installation_store import NAMESPACE
from adapters.slack.installations import InstalledTeams
from adapters.slack.limits import CAPABILITIES, PLATFORM
from adapters.slack.listeners import Listeners
from adapters.slack.oauth import OAuthFlow
from adapters.slack.pictures import Pictures
from adapters.slack.posts import Posts
from adapters.slack.settings import Settings
from adapters.slack.teams import NOT_INSTALLED, SingleTeam, Team, Teams, client_of
from adapters.slack.transports import Transports
from adapters.slack.web_api import BROKEN, called
from bot.chat import (
    App,
    ChannelRef,
    Clock,
    DeliveryError,
    Denial,
    Gone,
    Message,
    MessageRef,
    Purpose,
    Rejected,
    SetupError,
    Transient,
    UserRef,
)
from bot.toolkit.limits import TaskTracker
from bot.toolkit.text import sentence

MOST_MANAGERS = 5
"""Owners and admins who are told what no organiser can be told, at most."""

GRACE = 10.0
"""Seconds that running handlers get to finish at a stop."""


class Slack:
    """The adapter of one app, in one workspace or in many. Keeps nothing that a restart may not lose."""

    platform = PLATFORM
    capabilities = CAPABILITIES
    address = "connected to Slack"

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self._teams: Teams | None = None
        self._transports: Transports | None = None
        self._serving = TaskTracker()
        self._pictures = Pictures(clock)
        self._posts = Posts(clock, self._pictures)

    async def start(self, app: App) -> None:
        """Find the workspaces and connect. Raises SetupError for what an operator must mend."""
        self._session = session = aiohttp.ClientSession()
        self._pictures.uploaded = app.uploaded
        try:
            self._teams, pages = await self._workspaces(app, session)
            await _welcome(app, self._teams)
            listeners = Listeners(app, self._teams, self._clock, self._serving, self._pictures)
            client = client_of(self._settings, session)
            bolt = listeners.bolt(
                client,
                request_verification_enabled=False,  # HTTP mode checks signatures itself
                user_facing_authorize_error_message=NOT_INSTALLED,
            )
            self._transports = Transports(self._settings, self._clock, bolt, pages, GRACE)
            await self._transports.open()
            self.address = self._transports.address
        except (DeliveryError, SlackClientError, *BROKEN) as error:
            await self.stop()
            raise SetupError(sentence(f"Slack won't let the app connect: {error}")) from error

    async def stop(self) -> None:
        """Take nothing more, let running handlers finish, then close every connection."""
        if self._transports:
            await self._transports.stop_accepting()
        await self._serving.finish(GRACE)
        if self._transports:
            await self._transports.close()
        if self._teams:
            await self._teams.close()
        if self._session:
            await self._session.close()
        self._transports = self._session = self._teams = None

    async def send(
        self, channel: ChannelRef, message: Message, key: str, *, again: bool = False
    ) -> MessageRef:
        """Post with the key in the metadata, by which it is found again. Raises a DeliveryError."""
        team = await self._team(channel)
        return await self._posts.send(team, channel, message, key, again=again)

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Change a posted message. Raises a DeliveryError."""
        await self._posts.edit(await self._team(ref.channel), ref, message)

    async def direct(self, user: UserRef, message: Message, key: str) -> MessageRef:
        """Post to one person alone. Raises a DeliveryError."""
        team = await self._running().of(user.workspace)
        channel = channel_ref(user.workspace, await self._posts.conversation(team, user.id))
        # The core does not say whether it has tried before: it may have done so before it was started anew.
        return await self._posts.send(team, channel, message, key, again=self._posts.recently_started)

    async def grant_role(
        self,
        channel: ChannelRef,  # noqa: ARG002
        user: UserRef,  # noqa: ARG002
        role: str,  # noqa: ARG002
    ) -> None:
        """Raise Rejected: Slack's user groups are not used."""
        raise Rejected("Slack doesn't let me add members to a user group.")

    async def revoke_role(
        self,
        channel: ChannelRef,  # noqa: ARG002
        user: UserRef,  # noqa: ARG002
        role: str,  # noqa: ARG002
    ) -> None:
        """Raise Rejected: Slack's user groups are not used."""
        raise Rejected("Slack doesn't let me add members to a user group.")

    async def denial(
        self,
        channel: ChannelRef,  # noqa: ARG002
        user: UserRef,  # noqa: ARG002
        role: str,  # noqa: ARG002
        purpose: Purpose,  # noqa: ARG002
    ) -> Denial | None:
        """Slack's user groups are not used. Raises Rejected."""
        raise Rejected("Slack's user groups aren't used.")

    async def is_there(self, user: UserRef, workspace: str) -> bool:  # noqa: ARG002
        """Raise Rejected: Slack reports those who leave."""
        raise Rejected("Slack tells of it, and isn't asked.")

    async def remove(self, workspace: str, file: str) -> None:
        """Delete a file that the app has uploaded. Raises a DeliveryError."""
        team = await self._running().of(workspace)
        with suppress(Gone):
            await called(team.client.files_delete(file=file))

    async def managers(self, channel: ChannelRef) -> tuple[UserRef, ...]:
        """Return owners of the workspace, then its admins. Raises a DeliveryError."""
        team = await self._team(channel)
        admins = await team.directory.admins(MOST_MANAGERS)
        return tuple(UserRef(PLATFORM, team.id, user_id) for user_id in admins)

    async def _workspaces(
        self, app: App, session: aiohttp.ClientSession
    ) -> tuple[Teams, tuple[web.RouteDef, ...]]:
        """Return the workspaces of the app, and the pages that install it in others."""
        settings, clock = self._settings, self._clock
        if not settings.many:
            return await SingleTeam.open(settings, session, clock), ()
        on_revoked = partial(app.workspace_lost, PLATFORM)
        state = app.platform_state(PLATFORM, NAMESPACE)
        teams = await InstalledTeams.open(settings, session, clock, state, on_revoked)
        return teams, OAuthFlow(settings, session, app, teams, clock).routes()

    async def _team(self, channel: ChannelRef) -> Team:
        return await self._running().of(channel.workspace)

    def _running(self) -> Teams:
        if self._teams is None:
            raise Transient("Slack isn't connected.")
        return self._teams


async def _welcome(app: App, teams: Teams) -> None:
    """Tell the core which workspaces were lost and found while nobody listened."""
    installed = await teams.installed()
    for lost in {*await app.workspaces(PLATFORM)} - installed:
        await app.workspace_lost(PLATFORM, lost)
    await app.workspaces_found(PLATFORM, installed)
