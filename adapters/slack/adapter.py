"""The Adapter that the core sees: connecting, and posting."""

from __future__ import annotations

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackClientError

from adapters.slack.ears import Ears
from adapters.slack.inbound import channel_ref
from adapters.slack.limits import CAPABILITIES, PLATFORM
from adapters.slack.outbound import blocks, summary
from adapters.slack.settings import Settings
from adapters.slack.teams import OneTeam, Team, Teams, client_of
from adapters.slack.wire import BROKEN, called
from bot import (
    App,
    ChannelRef,
    Clock,
    DeliveryError,
    Gone,
    Message,
    MessageRef,
    Rejected,
    Serving,
    SetupError,
    Transient,
    UserRef,
)

KEY_EVENT = "milepost_post"
NEWEST = 50
"""Messages of a channel among which one is looked for whose arrival is in doubt."""

GRACE = 10.0
"""Seconds that running handlers get to finish at a stop."""


class Slack:
    """One app, in one workspace or in many. Nothing that matters is kept here."""

    platform = PLATFORM
    capabilities = CAPABILITIES
    address = "connected to Slack"

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self._teams: Teams | None = None
        self._socket: AsyncSocketModeHandler | None = None
        self._serving = Serving()

    async def start(self, app: App) -> None:
        """Prove the token and connect. Raises SetupError for what an operator must mend."""
        self._session = session = aiohttp.ClientSession()
        try:
            self._teams = await OneTeam.open(self._settings, session, self._clock)
            client = client_of(self._settings, session, self._settings.bot_token)
            ears = Ears(app, self._teams, self._clock, self._serving)
            bolt = ears.bolt(client, request_verification_enabled=False)
            self._socket = AsyncSocketModeHandler(bolt, self._settings.app_token)
            await self._socket.connect_async()  # type: ignore[no-untyped-call]
        except (DeliveryError, SlackClientError, *BROKEN) as error:
            await self.stop()
            raise SetupError(f"Slack does not let the app connect: {error}") from error

    async def stop(self) -> None:
        """Take nothing more, let running handlers finish, then close every connection."""
        if self._socket:
            await self._socket.client.disconnect()  # type: ignore[no-untyped-call]
        await self._serving.finish(GRACE)
        if self._socket:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
        if self._session:
            await self._session.close()
        self._socket = self._session = self._teams = None

    async def send(
        self, channel: ChannelRef, message: Message, key: str, *, again: bool = False
    ) -> MessageRef:
        """Post with the key in the metadata, by which it is found again. Raises a DeliveryError."""
        team = await self._team(channel)
        if again and (earlier := await _arrived(team, channel, key)):
            return MessageRef(channel, earlier)
        sent = await called(
            team.client.chat_postMessage(
                channel=channel.id,
                text=summary(message),
                blocks=blocks(message),
                metadata={"event_type": KEY_EVENT, "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return MessageRef(channel, str(sent["ts"]))

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Change a posted message. Raises a DeliveryError."""
        team = await self._team(ref.channel)
        await called(
            team.client.chat_update(
                channel=ref.channel.id, ts=ref.id, text=summary(message), blocks=blocks(message)
            )
        )

    async def direct(self, user: UserRef, message: Message, key: str) -> MessageRef:
        """Post to one person alone. Raises a DeliveryError."""
        team = await self._running().of(user.workspace)
        opened = await called(team.client.conversations_open(users=user.id))
        return await self.send(channel_ref(user.workspace, opened["channel"]["id"]), message, key)

    async def enrol(self, *_: object, **__: object) -> None:
        """Slack's user groups are not used. Raises Rejected."""
        raise Rejected("On Slack nobody can be put into a group of people.")

    async def _team(self, channel: ChannelRef) -> Team:
        return await self._running().of(channel.workspace)

    def _running(self) -> Teams:
        if self._teams is None:
            raise Transient("Slack is not connected.")
        return self._teams


async def _arrived(team: Team, channel: ChannelRef, key: str) -> str | None:
    """The message with this key among the newest of the channel; None where there is none."""
    try:
        found = await called(
            team.client.conversations_history(channel=channel.id, limit=NEWEST, include_all_metadata=True)
        )
    except Gone:
        return None
    for message in found["messages"]:
        if message.get("metadata", {}).get("event_payload", {}).get("key") == key:
            return str(message["ts"])
    return None
