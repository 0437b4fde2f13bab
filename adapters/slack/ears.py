"""What people do in Slack, heard through Bolt, taken to the core, and the reply taken back."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Coroutine
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.forms import CALLBACK, Place, errors_of, opened_at
from adapters.slack.inbound import (
    Body,
    place_of,
    read_action,
    read_form,
    read_reply,
    read_slash,
    team_of,
)
from adapters.slack.limits import CAPABILITIES, PLATFORM
from adapters.slack.replies import Replier, Respond
from adapters.slack.teams import Teams
from bot import App, Clock, DeliveryError, FormErrors, Interaction, Mistyped, Reply, Serving

log = logging.getLogger(__name__)

ANSWER_WITHIN = 2.0
"""Seconds that a form's answer may take before the form is closed without it; Slack waits three."""

_ANY = re.compile(".*", re.DOTALL)
_SORRY = "Something went wrong on my side. Please try again."


async def _nothing() -> None:
    """An event that Milepost did not ask for: acknowledged, or Slack would send it again."""


class Ears:
    """Bolt's listeners. Everything is acknowledged first; ``serving`` counts what goes on after that."""

    def __init__(self, app: App, teams: Teams, clock: Clock, serving: Serving) -> None:
        self._app = app
        self._teams = teams
        self._clock = clock
        self._serving = serving

    def bolt(self, client: AsyncWebClient, **options: Any) -> AsyncApp:
        """The Bolt app with every listener; ``options`` are Bolt's."""

        async def authorize(team_id: str | None) -> AuthorizeResult:
            # Bolt calls it by the names of its arguments, which a method does not survive.
            return await self._authorize(team_id)

        bolt = AsyncApp(client=client, authorize=authorize, **options)
        bolt.command(_ANY)(self._on_command)
        bolt.action(_ANY)(self._on_action)
        bolt.view(CALLBACK)(self._on_form)
        bolt.event("message")(self._on_message)
        for event in ("app_uninstalled", "tokens_revoked"):
            bolt.event(event)(self._on_removal)
        bolt.event(_ANY)(_nothing)
        return bolt

    async def _authorize(self, team_id: str | None) -> AuthorizeResult:
        """Who we are, which Bolt would else ask at every click. Raises BoltError where nobody knows."""
        try:
            return (await self._teams.of(team_id or "")).authorized()
        except DeliveryError as error:
            raise BoltError(f"workspace {team_id}: {error}") from error

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
        await self._app.workspace_lost(PLATFORM, team_of(body))
        await self._teams.forget(team_of(body))

    async def _on_form(self, ack: Any, body: Body) -> None:
        """Errors can only be told with the acknowledgement, so that waits for the reply a while."""
        team = await self._teams.of(team_of(body))
        person = await team.directory.person(body["user"]["id"], body["user"].get("name", ""))
        form = read_form(body, person, self._clock.now())
        work = asyncio.ensure_future(self._app.handle(form, CAPABILITIES))
        done, _ = await asyncio.wait([work], timeout=ANSWER_WITHIN)
        if done and isinstance(reply := work.result(), FormErrors):
            await ack(response_action="errors", errors=errors_of(reply.form, reply.errors))
            return
        await ack()
        _, place = opened_at(body["view"])
        self._go_on(self._settle(work, Replier(team.client, body["user"]["id"], place, body["trigger_id"])))

    async def _command(self, body: Body, respond: Respond) -> None:
        team = await self._teams.of(team_of(body))
        user, place = body["user_id"], Place(body["channel_id"])
        replier = Replier(team.client, user, place, body["trigger_id"], respond)
        person = await team.directory.person(user, body.get("user_name", ""))
        try:
            used = read_slash(body, self._app.commands, person, self._clock.now())
        except Mistyped as error:
            await replier.say_fault(str(error))
            return
        await self._serve(used, replier)

    async def _action(self, body: Body, respond: Respond) -> None:
        team = await self._teams.of(team_of(body))
        user = body["user"]["id"]
        person = await team.directory.person(user, body["user"].get("name", ""))
        replier = Replier(team.client, user, place_of(body), body["trigger_id"], respond)
        await self._serve(read_action(body, person), replier)

    async def _reply(self, body: Body) -> None:
        event = body["event"]
        if "user" not in event:
            return
        team = await self._teams.of(team_of(body))
        written = read_reply(body, await team.directory.person(event["user"]))
        if written:
            await self._serve(written, Replier(team.client, event["user"], Place(event["channel"]), ""))

    async def _serve(self, interaction: Interaction, replier: Replier) -> None:
        await self._settle(asyncio.ensure_future(self._app.handle(interaction, CAPABILITIES)), replier)

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


def _tell_fault(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("a fault while serving", exc_info=error)
