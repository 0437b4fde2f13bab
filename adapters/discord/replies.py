"""Send the core's reply to the person who acted: at once, or announced and filled in later."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

import aiohttp
import discord
from discord import InteractionResponseType as ResponseType
from discord.http import Route
from discord.webhook.async_ import async_context

from adapters.discord.inbound import Native
from adapters.discord.outbound import Shown, shown
from adapters.discord.rest import is_transient, retrying
from adapters.discord.views import NOBODY, RawModal, RawView, files
from bot.chat import (
    FormErrors,
    Heading,
    Latency,
    Message,
    NoReply,
    OpenForm,
    Picture,
    Replace,
    Reply,
    ReplyPolicy,
    Send,
    SendDirect,
    Text,
    Visibility,
    literal,
)
from bot.toolkit.drawing import RenderQueue

log = logging.getLogger(__name__)

T = TypeVar("T")

_ANSWERED_ALREADY = 40060

LAST_MOMENT = 2.5
"""Seconds that a form is waited for. What comes later could not be shown any more."""

DRAWN_WITHIN = 0.5
"""Seconds that a picture is waited for. With the wait for the reply it must stay under three."""

DONE = shown(Message("Done.", (Heading("Done."),)))
AGAIN = shown(Message("That took too long.", (Heading("That took too long. Please try again."),)))
UNSHOWN = shown(
    Message(
        "This can't be shown.",
        (Heading("I can't show this because of a problem on my side. Please try again."),),
    )
)

_CALLBACK = "/interactions/{webhook_id}/{webhook_token}/callback"
_EPHEMERAL, _COMPONENTS = 1 << 6, 1 << 15
_NOBODY = NOBODY.to_dict()


class Renderer:
    """Draws one picture at a time, in turn for each person."""

    def __init__(self) -> None:
        self._render_queue = RenderQueue()

    async def render(self, message: Message, who: int | None = None) -> Shown:
        """Return the message for Discord, at once where it holds no picture; ``who`` is whom it is for.

        A picture that cannot be had in time is said in words.
        """
        blocks, pngs = list(message.blocks), {}
        for place, block in enumerate(message.blocks):
            if isinstance(block, Picture):
                png = await self._render_queue.png(block, who)
                if png is None:
                    blocks[place] = Text(literal(block.alt))
                else:
                    pngs[block] = png
        return shown(replace(message, blocks=tuple(blocks)), pngs)


async def respond(native: Native, kind: ResponseType, content: Shown, *, ephemeral: bool = False) -> None:
    """Give the first answer with a message, without asking Discord to return it.

    discord.py asks for the message and builds two objects of it. They aren't needed here, and took as long
    as deciding what to answer. A message with files still goes discord.py's own way. Raises what discord.py
    raises.
    """
    edits = kind is ResponseType.message_update
    if content.files:
        shared: dict[str, Any] = {"view": RawView(content), "allowed_mentions": NOBODY}
        if edits:
            await native.response.edit_message(attachments=files(content), **shared)
        else:
            await native.response.send_message(files=files(content), ephemeral=ephemeral, **shared)
        return
    data = {
        "flags": _COMPONENTS | (_EPHEMERAL if ephemeral else 0),
        "components": list(content.components),
        "allowed_mentions": _NOBODY,
    }
    http: discord.http.HTTPClient = native.client.http
    await async_context.get().request(
        Route("POST", _CALLBACK, webhook_id=native.id, webhook_token=native.token),
        native._session,  # noqa: SLF001 - discord.py has no public way to it
        payload={"type": kind.value, "data": data | ({"attachments": []} if edits else {})},
        proxy=http.proxy,
        proxy_auth=http.proxy_auth,
    )


@dataclass(slots=True)
class Replier:
    """Answers one interaction. ``defer_after`` is in seconds; Discord waits three."""

    native: Native
    renderer: Renderer
    defer_after: float
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    acknowledged: bool = field(default=False, init=False)

    async def answer(self, policy: ReplyPolicy, reply: Awaitable[Reply]) -> None:
        """Acknowledge in the manner of the route, then carry the reply out. What fails is logged.

        A picture that takes long is announced, as a reply is.
        """
        # Without a form in time, which can only come first, a person reads of a failure.
        patience = {
            Latency.SLOW: 0.0,
            Latency.QUICK: self.defer_after,
            Latency.OPENS_FORM: max(self.defer_after, LAST_MOMENT),
        }
        try:
            said = await self._in_time(reply, patience[policy.latency], policy)
            content = DONE
            if isinstance(said, Send | Replace | SendDirect):
                content = await self._in_time(self._drawn(said.message), DRAWN_WITHIN, policy)
            await self._carry_out(said, content)
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("the answer to interaction %s did not arrive: %s", self.native.id, error)

    async def _in_time(self, work: Awaitable[T], seconds: float, policy: ReplyPolicy) -> T:
        """Await the work, announcing the reply if it takes longer and nothing was said before.

        What takes no time at all is announced too where ``seconds`` is 0.
        """
        announcing: list[asyncio.Task[None]] = []

        def announce() -> None:
            announcing.append(asyncio.create_task(self._announce(policy)))

        if self.acknowledged:
            return await work
        timer = asyncio.get_running_loop().call_later(seconds, announce) if seconds else None
        if timer is None:
            announce()
        try:
            return await work
        finally:
            if timer:
                timer.cancel()
            for announced in announcing:
                await announced

    async def _announce(self, policy: ReplyPolicy) -> None:
        private = policy.visibility is Visibility.PRIVATE
        await self._first(partial(self.native.response.defer, ephemeral=private, thinking=True))

    async def _drawn(self, message: Message) -> Shown:
        try:
            return await self.renderer.render(message, self.native.user.id)
        except Exception:
            log.exception("a message cannot be shown")
            return UNSHOWN

    async def _carry_out(self, reply: Reply, content: Shown) -> None:
        """Fill an announcement in; without one, give the first answer."""
        assert not isinstance(reply, FormErrors), "Discord has no form errors; the core is told so"
        native = self.native
        if self.acknowledged:
            await self._fill_in(AGAIN if isinstance(reply, OpenForm) else content)
            return
        match reply:
            case OpenForm(form):
                await self._first(partial(native.response.send_modal, RawModal(form)))
            case Replace() if self._may_replace:
                await self._first(partial(respond, native, ResponseType.message_update, content))
            case NoReply() if native.type is not discord.InteractionType.application_command:
                await self._first(native.response.defer)
            case Send() | Replace() | SendDirect() | NoReply():
                public = isinstance(reply, Send) and reply.visibility is Visibility.PUBLIC
                alone = not public and native.guild_id is not None
                says = partial(respond, native, ResponseType.channel_message, content, ephemeral=alone)
                await self._first(says)

    @property
    def _may_replace(self) -> bool:
        """Return True for the message of a pressed button, or the person's own behind a form."""
        message = self.native.message
        if message is None:
            return False
        own = message.flags.ephemeral or self.native.guild_id is None
        return self.native.type is discord.InteractionType.component or own

    async def _fill_in(self, content: Shown) -> None:
        """Put the message where the announcement stands, however often that takes."""
        async for attempt in retrying(self.sleep):
            with attempt:
                await self.native.edit_original_response(
                    view=RawView(content), attachments=files(content), allowed_mentions=NOBODY
                )

    async def _first(self, acknowledge: Callable[[], Awaitable[object]]) -> None:
        """Give the first answer, with retries, which are set up only once the first try has failed.

        Discord says so when it took an earlier try whose own answer was lost.
        """
        try:
            try:
                await acknowledge()
            except Exception as error:
                if not is_transient(error):
                    raise
                async for attempt in retrying(self.sleep):
                    with attempt:
                        await acknowledge()
        except discord.HTTPException as error:
            if error.code != _ANSWERED_ALREADY:
                raise
            log.info("interaction %s was answered by an earlier try", self.native.id)
        self.acknowledged = True
