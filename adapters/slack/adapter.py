"""The Adapter that the core sees: connecting by Socket Mode, serving what people do, and posting."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Coroutine
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltError
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.directory import Directory
from adapters.slack.forms import CALLBACK, Place, errors_of, opened_at
from adapters.slack.inbound import (
    Body,
    channel_ref,
    place_of,
    read_action,
    read_form,
    read_reply,
    read_slash,
    team_of,
)
from adapters.slack.limits import CAPABILITIES, PLATFORM
from adapters.slack.outbound import blocks, summary
from adapters.slack.replies import Replier, Respond
from adapters.slack.settings import Settings
from adapters.slack.wire import BROKEN, called
from bot import (
    App,
    ChannelRef,
    Clock,
    DeliveryError,
    FormErrors,
    Gone,
    Interaction,
    Message,
    MessageRef,
    Mistyped,
    Rejected,
    Reply,
    Serving,
    SetupError,
    Transient,
    UserRef,
)

log = logging.getLogger(__name__)

KEY_EVENT = "milepost_post"
NEWEST = 50
"""Messages of a channel among which one is looked for whose arrival is in doubt."""

GRACE = 10.0
ANSWER_WITHIN = 2.0
"""Seconds that a form's answer may take before the form is closed without it; Slack waits three."""

_ANY = re.compile(".*", re.DOTALL)
_SORRY = "Something went wrong on my side. Please try again."


async def _nothing() -> None:
    """An event that Milepost did not ask for: acknowledged, or Slack would send it again."""


class Slack:
    """One app in one workspace. Nothing that matters is kept here."""

    platform = PLATFORM
    capabilities = CAPABILITIES
    address = "connected to Slack"

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._app: App | None = None
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None
        self._directory: Directory | None = None
        self._socket: AsyncSocketModeHandler | None = None
        self._who: dict[str, str] = {}
        self._serving = Serving()

    async def start(self, app: App) -> None:
        """Prove the token and connect. Raises SetupError for what an operator must mend."""
        self._app = app
        self._session = aiohttp.ClientSession()
        # No retries of the SDK's own: one that repeats a broken connection can post twice.
        self._client = client = AsyncWebClient(
            token=self._settings.bot_token,
            base_url=self._settings.api_url,
            session=self._session,
            retry_handlers=[],
        )
        self._directory = Directory(client, self._clock)
        try:
            who = await called(client.auth_test())
            self._who = {name: str(who.get(name) or "") for name in ("team_id", "user_id", "bot_id")}
            self._socket = AsyncSocketModeHandler(self._bolt(client), self._settings.app_token)
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
        self._socket = self._session = self._client = None

    async def send(
        self, channel: ChannelRef, message: Message, key: str, *, again: bool = False
    ) -> MessageRef:
        """Post with the key in the metadata, by which it is found again. Raises a DeliveryError."""
        if again and (earlier := await self._arrived(channel, key)):
            return MessageRef(channel, earlier)
        sent = await called(
            self._running().chat_postMessage(
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
        await called(
            self._running().chat_update(
                channel=ref.channel.id, ts=ref.id, text=summary(message), blocks=blocks(message)
            )
        )

    async def direct(self, user: UserRef, message: Message, key: str) -> MessageRef:
        """Post to one person alone. Raises a DeliveryError."""
        opened = await called(self._running().conversations_open(users=user.id))
        return await self.send(channel_ref(user.workspace, opened["channel"]["id"]), message, key)

    async def enrol(self, *_: object, **__: object) -> None:
        """Slack's user groups are not used. Raises Rejected."""
        raise Rejected("On Slack nobody can be put into a group of people.")

    def _bolt(self, client: AsyncWebClient) -> AsyncApp:
        async def authorize(team_id: str | None) -> AuthorizeResult:
            # Bolt calls it by the names of its arguments, which a method does not survive.
            return self._who_we_are(team_id)

        bolt = AsyncApp(client=client, authorize=authorize, request_verification_enabled=False)
        bolt.command(_ANY)(self._on_command)
        bolt.action(_ANY)(self._on_action)
        bolt.view(CALLBACK)(self._on_form)
        bolt.event("message")(self._on_message)
        for event in ("app_uninstalled", "tokens_revoked"):
            bolt.event(event)(self._on_removal)
        bolt.event(_ANY)(_nothing)
        return bolt

    def _who_we_are(self, team_id: str | None) -> AuthorizeResult:
        """Who we are, which Bolt would else ask at every click. Raises BoltError for another team."""
        if team_id != self._who["team_id"]:
            raise BoltError(f"the app is not installed in {team_id}")
        return AuthorizeResult(
            enterprise_id=None,
            team_id=team_id,
            bot_token=self._settings.bot_token,
            bot_user_id=self._who["user_id"],
            bot_id=self._who["bot_id"],
        )

    async def _on_command(self, ack: Any, body: Body, respond: Respond) -> None:
        await ack()
        self._go_on(self._command(body, respond))

    async def _on_action(self, ack: Any, body: Body, respond: Respond) -> None:
        await ack()
        if "|" in body["actions"][0]["action_id"] and not body["actions"][0].get("url"):
            self._go_on(self._action(body, respond))

    async def _on_message(self, body: Body) -> None:
        self._go_on(self._reply(body))

    async def _on_removal(self, body: Body) -> None:
        if self._app:
            await self._app.workspace_lost(PLATFORM, team_of(body))

    async def _on_form(self, ack: Any, body: Body) -> None:
        """Errors can only be told with the acknowledgement, so that waits for the reply a while."""
        app, directory = self._parts()
        person = await directory.person(body["user"]["id"], body["user"].get("name", ""))
        form = read_form(body, person, self._clock.now())
        work = asyncio.ensure_future(app.handle(form, CAPABILITIES))
        done, _ = await asyncio.wait([work], timeout=ANSWER_WITHIN)
        if done and isinstance(reply := work.result(), FormErrors):
            await ack(response_action="errors", errors=errors_of(reply.form, reply.errors))
            return
        await ack()
        _, place = opened_at(body["view"])
        self._go_on(
            self._settle(work, Replier(self._running(), body["user"]["id"], place, body["trigger_id"]))
        )

    async def _command(self, body: Body, respond: Respond) -> None:
        app, directory = self._parts()
        user, place = body["user_id"], Place(body["channel_id"])
        replier = Replier(self._running(), user, place, body["trigger_id"], respond)
        person = await directory.person(user, body.get("user_name", ""))
        try:
            used = read_slash(body, app.commands, person, self._clock.now())
        except Mistyped as error:
            await replier.say_fault(str(error))
            return
        await self._serve(used, replier)

    async def _action(self, body: Body, respond: Respond) -> None:
        _, directory = self._parts()
        user = body["user"]["id"]
        person = await directory.person(user, body["user"].get("name", ""))
        replier = Replier(self._running(), user, place_of(body), body["trigger_id"], respond)
        await self._serve(read_action(body, person), replier)

    async def _reply(self, body: Body) -> None:
        _, directory = self._parts()
        event = body["event"]
        if "user" not in event:
            return
        written = read_reply(body, await directory.person(event["user"]))
        if written:
            replier = Replier(self._running(), event["user"], Place(event["channel"]), "")
            await self._serve(written, replier)

    async def _serve(self, interaction: Interaction, replier: Replier) -> None:
        app, _ = self._parts()
        await self._settle(asyncio.ensure_future(app.handle(interaction, CAPABILITIES)), replier)

    async def _settle(self, work: asyncio.Future[Reply], replier: Replier) -> None:
        try:
            await replier.carry_out(await work)
        except DeliveryError as error:
            log.warning("the answer to %s did not arrive: %s", replier.user, error)
            await replier.say_fault(_SORRY)

    def _go_on(self, work: Coroutine[Any, Any, None]) -> None:
        """Serve after the acknowledgement, counted, so that a stop waits for it."""
        task = asyncio.create_task(work)
        self._serving.add(task)
        task.add_done_callback(_tell_fault)

    async def _arrived(self, channel: ChannelRef, key: str) -> str | None:
        """The message with this key among the newest of the channel; None where there is none."""
        try:
            found = await called(
                self._running().conversations_history(
                    channel=channel.id, limit=NEWEST, include_all_metadata=True
                )
            )
        except Gone:
            return None
        for message in found["messages"]:
            if message.get("metadata", {}).get("event_payload", {}).get("key") == key:
                return str(message["ts"])
        return None

    def _parts(self) -> tuple[App, Directory]:
        if self._app is None or self._directory is None:
            raise Transient("Slack is not connected.")
        return self._app, self._directory

    def _running(self) -> AsyncWebClient:
        if self._client is None:
            raise Transient("Slack is not connected.")
        return self._client


def _tell_fault(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("a fault while serving", exc_info=error)
