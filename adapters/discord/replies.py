"""How the core's reply reaches the person who acted: at once, or announced and filled in later."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import aiohttp
import discord

from adapters.discord.inbound import Native
from adapters.discord.parts import NOBODY, Ready, ReadyForm, files, prepared
from adapters.discord.wire import patiently
from bot import (
    FormErrors,
    Heading,
    Manner,
    Message,
    OpenForm,
    Pace,
    Quiet,
    Replace,
    Reply,
    Say,
    SayDirect,
    Visibility,
)

log = logging.getLogger(__name__)

_ANSWERED_ALREADY = 40060
DONE = Message("Done.", (Heading("Done."),))
AGAIN = Message("This took too long.", (Heading("This took too long. Please do it once more."),))


class Replier:
    """Answers one interaction. ``patience`` is in seconds; Discord waits three."""

    def __init__(
        self, native: Native, patience: float, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._native = native
        self._patience = patience
        self._sleep = sleep
        self._acknowledged = False

    async def answer(self, manner: Manner, reply: Awaitable[Reply]) -> None:
        """Acknowledge in the manner of the route, then carry the reply out. What fails is logged."""
        work = asyncio.ensure_future(reply)
        try:
            if await self._must_announce(manner, work):
                await self._first(
                    lambda: self._native.response.defer(
                        ephemeral=manner.visibility is Visibility.PRIVATE, thinking=True
                    )
                )
            await self._carry_out(await work)
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("the answer to interaction %s did not arrive: %s", self._native.id, error)

    @staticmethod
    async def _wait(work: asyncio.Future[Reply], seconds: float) -> bool:
        done, _ = await asyncio.wait([work], timeout=seconds)
        return bool(done)

    async def _must_announce(self, manner: Manner, work: asyncio.Future[Reply]) -> bool:
        match manner.pace:
            case Pace.SLOW:
                return True
            case Pace.QUICK:
                return not await self._wait(work, self._patience)
            case Pace.OPENS_FORM:
                # A form can only be the first answer.
                return False

    async def _carry_out(self, reply: Reply) -> None:
        match reply:
            case OpenForm(form):
                await self._open(ReadyForm(form))
            case Replace(message) if self._may_replace:
                await self._replace(message)
            case Say(message, visibility):
                await self._say(message, visibility)
            case Replace(message) | SayDirect(message):
                await self._say(message, Visibility.PRIVATE)
            case Quiet():
                await self._acknowledge()
            case FormErrors():
                raise AssertionError("Discord has no form errors; the core is told so")

    @property
    def _may_replace(self) -> bool:
        """Only the message of a button that was pressed, or the person's own behind a form."""
        message = self._native.message
        if message is None or self._acknowledged:
            return False
        own = message.flags.ephemeral or self._native.guild_id is None
        return self._native.type is discord.InteractionType.component or own

    async def _say(self, message: Message, visibility: Visibility) -> None:
        content = await prepared(message)
        if self._acknowledged:
            await self._fill_in(message)
            return
        await self._first(
            lambda: self._native.response.send_message(
                view=Ready(content),
                files=files(content),
                ephemeral=visibility is Visibility.PRIVATE and self._native.guild_id is not None,
                allowed_mentions=NOBODY,
            )
        )

    async def _replace(self, message: Message) -> None:
        content = await prepared(message)
        await self._first(
            lambda: self._native.response.edit_message(
                view=Ready(content), attachments=files(content), allowed_mentions=NOBODY
            )
        )

    async def _open(self, form: ReadyForm) -> None:
        if self._acknowledged:
            await self._fill_in(AGAIN)
            return
        await self._first(lambda: self._native.response.send_modal(form))

    async def _acknowledge(self) -> None:
        if self._acknowledged or self._native.type is discord.InteractionType.application_command:
            await self._say(DONE, Visibility.PRIVATE)
            return
        await self._first(self._native.response.defer)

    async def _fill_in(self, message: Message) -> None:
        """Put the message where the announcement stands, however often that takes."""
        content = await prepared(message)
        async for attempt in patiently(self._sleep):
            with attempt:
                await self._native.edit_original_response(
                    view=Ready(content), attachments=files(content), allowed_mentions=NOBODY
                )

    async def _first(self, acknowledge: Callable[[], Awaitable[object]]) -> None:
        """The first answer. Discord says so when it took an earlier try whose own answer was lost."""
        async for attempt in patiently(self._sleep):
            with attempt:
                try:
                    await acknowledge()
                except discord.HTTPException as error:
                    if error.code != _ANSWERED_ALREADY:
                        raise
                    log.info("interaction %s was answered by an earlier try", self._native.id)
        self._acknowledged = True
