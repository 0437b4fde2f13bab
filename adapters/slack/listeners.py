"""Bolt listeners: take events to the core, and its replies back."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltError
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.acknowledging import AcknowledgingApp
from adapters.slack.channel_options import needs_place, with_channels, with_obstacle
from adapters.slack.forms import CALLBACK, Place, errors_of, opened_at, values_of
from adapters.slack.home import publish
from adapters.slack.inbound import (
    Body,
    asks_for_home,
    is_reply,
    member_of,
    place_of,
    place_of_reply,
    read_action,
    read_form,
    read_home,
    read_reply,
    read_slash,
    read_typing,
    team_of,
)
from adapters.slack.limits import CAPABILITIES, PLATFORM
from adapters.slack.outbound import option
from adapters.slack.pictures import Pictures
from adapters.slack.replies import Replier, Respond
from adapters.slack.teams import Team, Teams
from adapters.slack.web_api import BROKEN
from bot.chat import (
    App,
    Clock,
    CommandInvoked,
    DeliveryError,
    EventResolver,
    Forbidden,
    FormErrors,
    FormSubmitted,
    HomeOpened,
    Interaction,
    ParseError,
    Reply,
    Send,
    UserRef,
)
from bot.toolkit.limits import TaskTracker
from bot.toolkit.redaction import discreet, texts_in

log = logging.getLogger(__name__)

ANSWER_WITHIN = 2.0
"""Seconds that a form's answer may take before the form is closed without it; Slack waits three."""

_WRITTEN = {"text", "value", "name", "user_name", "real_name", "display_name", "response_url", "trigger_id"}
"""Fields of what people write and choose, of their names, and of what lets one answer them."""

_Ask = Callable[[CommandInvoked, Team], Awaitable[CommandInvoked]]
_ANY = re.compile(".*", re.DOTALL)
_SORRY = "Something went wrong on my side. Please try again."


async def _nothing() -> None:
    """An event that Milepost did not ask for: acknowledged, or Slack would send it again."""


async def _on_error(error: Exception) -> BoltResponse:
    """Answer what a listener, or Bolt before it, has failed at. A lost connection is no fault of ours."""
    if isinstance(error, (DeliveryError, *BROKEN)):
        log.warning("somebody could not be answered: %s", error)
        return BoltResponse(status=503, body=_SORRY)
    log.error("a fault in a listener", exc_info=error)
    return BoltResponse(status=500, body=_SORRY)


async def _discreetly(body: Body, next: Callable[[], Awaitable[Any]]) -> Any:  # noqa: A002 - Bolt's name
    """Keep what people wrote out of the log, whatever comes of it."""
    with discreet(texts_in(body, _WRITTEN)):
        return await next()


class Listeners:
    """Bolt's listeners. Everything is acknowledged first; ``serving`` counts what goes on after that.

    Work begins when nobody waits for an acknowledgement: Slack shows a fault to whom it isn't told in three
    seconds.
    """

    def __init__(
        self, app: App, teams: Teams, clock: Clock, serving: TaskTracker, pictures: Pictures
    ) -> None:
        self._app = app
        self._teams = teams
        self._clock = clock
        self._serving = serving
        self._pictures = pictures

    def bolt(self, client: AsyncWebClient, **options: Any) -> AcknowledgingApp:
        """The Bolt app with every listener; ``options`` are Bolt's."""

        async def authorize(team_id: str | None) -> AuthorizeResult | None:
            # Bolt calls it by the names of its arguments, which a method does not survive.
            return await self._authorize(team_id)

        self._bolt = bolt = AcknowledgingApp(client=client, authorize=authorize, **options)
        bolt.use(_discreetly)
        bolt.command(_ANY)(self._on_command)
        bolt.action(_ANY)(self._on_action)
        bolt.options(_ANY)(self._on_typing)
        bolt.view(CALLBACK)(self._on_form)
        bolt.event("message")(self._on_message)
        bolt.event("app_home_opened")(self._on_home)
        bolt.event("member_left_channel")(self._on_leaving)
        bolt.event("member_joined_channel")(self._on_joining)
        bolt.event("user_change")(self._on_change)
        for event in ("app_uninstalled", "tokens_revoked"):
            bolt.event(event)(self._on_removal)
        bolt.event(_ANY)(_nothing)
        bolt.error(_on_error)
        return bolt

    async def _authorize(self, team_id: str | None) -> AuthorizeResult | None:
        """Return who we are, or Bolt would ask Slack at every click; None where the app isn't installed.

        Raises BoltError while nobody knows.
        """
        try:
            return (await self._teams.of(team_id or "")).authorized()
        except Forbidden:
            return None
        except DeliveryError as error:
            raise BoltError(f"workspace {team_id}: {error}") from error

    async def _on_command(self, ack: Any, body: Body, respond: Respond) -> None:
        await ack()
        self._go_on(self._command(body, respond))

    async def _on_action(self, ack: Any, body: Body, respond: Respond) -> None:
        await ack()
        if "|" in body["actions"][0]["action_id"] and not body["actions"][0].get("url"):
            self._go_on(self._action(body, respond))

    async def _on_typing(self, ack: Any, body: Body) -> None:
        """Answer with suggestions in the acknowledgement; with none if they take too long."""
        wanted = read_typing(body)
        work = asyncio.ensure_future(self._app.complete(*wanted)) if wanted else None
        done, _ = await asyncio.wait([work], timeout=ANSWER_WITHIN) if work else ((), ())
        await ack(options=[option(choice) for each in done for choice in each.result()])

    async def _on_message(self, body: Body) -> None:
        self._go_on(self._reply(body))

    async def _on_home(self, body: Body) -> None:
        self._go_on(self._opened(body))

    async def _on_leaving(self, body: Body) -> None:
        user, channel = member_of(body)
        self._go_on(self._app.member_left(user, user.workspace, channel))

    async def _on_joining(self, body: Body) -> None:
        user, channel = member_of(body)
        self._go_on(self._app.member_came_back(user, user.workspace, channel))

    async def _on_change(self, body: Body) -> None:
        """An account that was switched off, or on again, or that is an admin's now, or no longer."""
        told = body["event"]["user"]
        user = UserRef(PLATFORM, team_of(body), told["id"])
        with suppress(DeliveryError):
            (await self._teams.of(user.workspace)).directory.hear(told)
        if told.get("deleted"):
            self._go_on(self._app.member_left(user, user.workspace))
        else:
            self._go_on(self._app.member_came_back(user, user.workspace))

    async def _on_removal(self, body: Body) -> None:
        self._go_on(self._removed(team_of(body)))

    async def _removed(self, team: str) -> None:
        """Slack may tell it late, and again, when the app was installed anew in between."""
        if await self._teams.forget(team):
            await self._app.workspace_lost(PLATFORM, team)

    async def _on_form(self, ack: Any, body: Body) -> None:
        """Errors can only be told with the acknowledgement, so that waits for the reply a while."""
        try:
            team = await self._teams.of(team_of(body))
        except DeliveryError as error:
            # The form stays open with what was typed.
            await ack(response_action="errors", errors=dict.fromkeys(values_of(body["view"]), str(error)))
            return
        person = await team.directory.person(body["user"]["id"], body["user"].get("name", ""))
        form = read_form(body, person, self._clock.now())
        work = asyncio.ensure_future(self._app.handle(form, CAPABILITIES))
        done, _ = await asyncio.wait([work], timeout=ANSWER_WITHIN)
        if done and isinstance(reply := work.result(), FormErrors):
            await ack(response_action="errors", errors=errors_of(reply.form, reply.errors))
            return
        await ack()
        _, place = opened_at(body["view"])
        replier = Replier(team, self._pictures, body["user"]["id"], place, body["trigger_id"])
        self._go_on(self._form(work, replier, form))

    async def _form(self, work: asyncio.Future[Reply], replier: Replier, form: FormSubmitted) -> None:
        await self._settle(work, replier)
        if replier.place.home:
            await self._show_home(replier.team, asks_for_home(form.origin))

    async def _command(self, body: Body, respond: Respond) -> None:
        team = await self._teams.of(team_of(body))
        user, place = body["user_id"], Place(body["channel_id"])
        replier = Replier(team, self._pictures, user, place, body["trigger_id"], respond)
        person = await team.directory.person(user, body.get("user_name", ""))
        commands = self._app.commands_for(CAPABILITIES)
        try:
            used = read_slash(body, commands, person, self._clock.now())
        except ParseError as error:
            slowly = self._app.too_fast(UserRef(PLATFORM, team_of(body), user))
            await replier.say_fault(slowly or str(error))
            return
        ask = with_channels if used.channels else with_obstacle if needs_place(used, commands) else None
        await self._serve(used, replier, partial(_resolved, team, ask) if ask else None)

    async def _action(self, body: Body, respond: Respond) -> None:
        team = await self._teams.of(team_of(body))
        user = body["user"]["id"]
        person = await team.directory.person(user, body["user"].get("name", ""))
        # In App Home there is no message to answer to: the answer is a direct message.
        answering = respond if body.get("response_url") else None
        replier = Replier(team, self._pictures, user, place_of(body), body["trigger_id"], answering)
        await self._serve(read_action(body, person), replier)

    async def _opened(self, body: Body) -> None:
        team = await self._teams.of(team_of(body))
        asked = read_home(body, await team.directory.person(body["event"]["user"]))
        if asked:
            await self._show_home(team, asked)

    async def _show_home(self, team: Team, asked: HomeOpened) -> None:
        reply = await self._app.handle(asked, CAPABILITIES)
        place, user = Place(asked.origin.channel.id, home=True), asked.origin.user.id
        try:
            if isinstance(reply, Send):
                await publish(team, self._pictures, user, reply.message, place)
        except DeliveryError as error:
            log.warning("the home of a member could not be shown: %s", error)

    async def _reply(self, body: Body) -> None:
        event = body["event"]
        if not is_reply(event) or not await self._app.concerned(*place_of_reply(body)):
            return
        team = await self._teams.of(team_of(body))
        written = read_reply(body, await team.directory.person(event["user"]))
        if written:
            await self._serve(
                written, Replier(team, self._pictures, event["user"], Place(event["channel"]), "")
            )

    async def _serve(
        self, interaction: Interaction, replier: Replier, resolver: EventResolver | None = None
    ) -> None:
        work = asyncio.ensure_future(self._app.handle(interaction, CAPABILITIES, resolver))
        await self._settle(work, replier)

    async def _settle(self, work: asyncio.Future[Reply], replier: Replier) -> None:
        try:
            await replier.carry_out(await work)
        except DeliveryError as error:
            log.warning("an answer did not arrive: %s", error)
            await replier.say_fault(_SORRY)

    def _go_on(self, work: Coroutine[Any, Any, None]) -> None:
        """Serve after the acknowledgement, counted, so that a stop waits for it."""
        task = asyncio.create_task(self._when_acknowledged(work))
        self._serving.add(task)
        task.add_done_callback(_tell_fault)

    async def _when_acknowledged(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await self._bolt.all_acknowledged()
        except BaseException:
            work.close()
            raise
        await work


async def _resolved(team: Team, ask: _Ask, interaction: Interaction) -> Interaction:
    """Look up what the event does not tell: if the channels that posts are to come to can be used."""
    return await ask(interaction, team) if isinstance(interaction, CommandInvoked) else interaction


def _tell_fault(task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if isinstance(error, DeliveryError):
        log.warning("somebody could not be served: %s", error)
    elif error:
        log.error("a fault while serving", exc_info=error)
