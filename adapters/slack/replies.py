"""How the core's reply reaches the person who acted."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.forms import Place, view
from adapters.slack.outbound import blocks, escaped, summary
from adapters.slack.wire import called
from bot import (
    DeliveryError,
    FormErrors,
    Message,
    OpenForm,
    Quiet,
    Replace,
    Reply,
    Say,
    SayDirect,
    Visibility,
)

log = logging.getLogger(__name__)

Respond = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Replier:
    """Answers one interaction. Without ``respond``, as after a form, it posts for the person alone."""

    client: AsyncWebClient
    user: str
    place: Place
    trigger: str
    respond: Respond | None = None

    async def carry_out(self, reply: Reply) -> None:
        """Raises a DeliveryError."""
        match reply:
            case OpenForm(form):
                await called(self.client.views_open(trigger_id=self.trigger, view=view(form, self.place)))
            case FormErrors(_, errors):
                await self._tell(" ".join(errors.values()))
            case Say(message, Visibility.PUBLIC):
                await self._say(message, private=False)
            case Replace(message) if self.respond:
                await called(
                    self.respond(text=summary(message), blocks=blocks(message), replace_original=True)
                )
            case Say(message) | Replace(message) | SayDirect(message):
                await self._say(message, private=True)
            case Quiet():
                pass

    async def say_fault(self, sentence: str) -> None:
        """Tell the person in one sentence; what cannot be told is logged."""
        try:
            await self._tell(sentence)
        except DeliveryError as error:
            log.warning("%s could not be told: %s", self.user, error)

    async def _tell(self, sentence: str) -> None:
        await self._send(escaped(sentence), None, private=True)

    async def _say(self, message: Message, *, private: bool) -> None:
        await self._send(summary(message), blocks(message), private=private)

    async def _send(self, words: str, shown: list[dict[str, Any]] | None, *, private: bool) -> None:
        if self.respond:
            kind = "ephemeral" if private else "in_channel"
            await called(self.respond(text=words, blocks=shown, response_type=kind, replace_original=False))
        elif private and not self.place.channel.startswith("D"):
            await called(
                self.client.chat_postEphemeral(
                    channel=self.place.channel, user=self.user, text=words, blocks=shown
                )
            )
        else:
            await called(
                self.client.chat_postMessage(
                    channel=self.place.channel, text=words, blocks=shown, unfurl_links=False
                )
            )
