"""Send the core's reply to the person who acted."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from adapters.slack.forms import Place, view
from adapters.slack.mrkdwn import escaped
from adapters.slack.outbound import Json, summary
from adapters.slack.pictures import Pictures
from adapters.slack.teams import Team
from adapters.slack.web_api import called
from bot.chat import (
    DeliveryError,
    File,
    FormErrors,
    Message,
    NoReply,
    OpenForm,
    Rejected,
    Replace,
    Reply,
    Send,
    SendDirect,
    Transient,
    Visibility,
)

log = logging.getLogger(__name__)

Respond = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Replier:
    """Answers one interaction. Without ``respond``, as after a form, it posts for the person alone."""

    team: Team
    pictures: Pictures
    user: str
    place: Place
    trigger: str
    respond: Respond | None = None

    async def carry_out(self, reply: Reply) -> None:
        """Raises a DeliveryError."""
        match reply:
            case OpenForm(form):
                client = self.team.client
                await called(client.views_open(trigger_id=self.trigger, view=view(form, self.place)))
            case FormErrors(_, errors):
                await self._tell(" ".join(errors.values()))
            case Send(message, Visibility.PUBLIC):
                await self._say(message, private=False)
            case Replace(message) if self.respond:
                await self._replace(self.respond, message)
            case Send(message) | Replace(message) | SendDirect(message):
                await self._say(message, private=True)
            case NoReply():
                pass

    async def say_fault(self, sentence: str) -> None:
        """Tell the person in one sentence; what cannot be told is logged."""
        try:
            await self._tell(sentence)
        except DeliveryError as error:
            log.warning("a member could not be told: %s", error)

    async def _tell(self, sentence: str) -> None:
        await self._send(escaped(sentence), None, private=True)

    async def _say(self, message: Message, *, private: bool) -> None:
        async def send(shown: list[Json]) -> None:
            await self._send(summary(message), shown, private=private)

        for block in message.blocks:
            if private and isinstance(block, File):
                await self.pictures.give(self.team, self.user, block)
        await self.pictures.sent(self.team, message, send, self.user if private else "")

    async def _replace(self, respond: Respond, message: Message) -> None:
        async def send(shown: list[Json]) -> None:
            await _responded(respond, text=summary(message), blocks=shown, replace_original=True)

        await self.pictures.sent(self.team, message, send, self.user)

    async def _send(self, words: str, shown: list[Json] | None, *, private: bool) -> None:
        client, channel = self.team.client, self.place.channel
        if self.respond:
            kind = "ephemeral" if private else "in_channel"
            await _responded(
                self.respond, text=words, blocks=shown, response_type=kind, replace_original=False
            )
        elif private and not self.place.channel.startswith("D"):
            await called(
                client.chat_postEphemeral(channel=channel, user=self.user, text=words, blocks=shown)
            )
        else:
            await called(
                client.chat_postMessage(channel=channel, text=words, blocks=shown, unfurl_links=False)
            )


async def _responded(respond: Respond, **body: Any) -> None:
    """Answer at the address that came with the act. Raises a DeliveryError: the SDK itself raises none."""
    answer = await called(respond(**body))
    if answer.status_code == 200:
        return
    if answer.status_code == 429 or answer.status_code >= 500:
        raise Transient(f"Slack is having problems ({answer.status_code}).")
    # It may repeat what was written, but for its name of the fault.
    fault = re.search(r"[a-z]+(_[a-z]+)+", answer.body)
    raise Rejected(f"Slack didn't accept the answer ({fault[0] if fault else answer.status_code}).")
