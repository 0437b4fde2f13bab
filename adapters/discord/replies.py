"""Send the core's reply to the person who acted: at once, or announced and filled in later."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

import aiohttp
import discord
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

_SEND, _EDIT = 4, 7
_EPHEMERAL, _COMPONENTS = 1 << 6, 1 << 15
_NOBODY = NOBODY.to_dict()


def has_picture(message: Message) -> bool:
    """Return True if the message has a picture, and so takes time to render."""
    return any(isinstance(block, Picture) for block in message.blocks)


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


async def send_response(native: Native, content: Shown, *, ephemeral: bool) -> None:
    """Answer with a message, without asking Discord to return it. Raises what discord.py raises.

    discord.py asks for the message and builds two objects of it. They aren't needed here, and took as long
    as deciding what to answer. A message with files still goes discord.py's own way.
    """
    if content.files:
        await native.response.send_message(
            view=RawView(content), files=files(content), ephemeral=ephemeral, allowed_mentions=NOBODY
        )
        return
    data = {"flags": _COMPONENTS | (_EPHEMERAL if ephemeral else 0), "components": list(content.components)}
    await _respond(native, _SEND, data)


async def edit_response(native: Native, content: Shown) -> None:
    """Answer by changing the message that was acted on. Raises what discord.py raises."""
    if content.files:
        await native.response.edit_message(
            view=RawView(content), attachments=files(content), allowed_mentions=NOBODY
        )
        return
    data = {"flags": _COMPONENTS, "components": list(content.components), "attachments": []}
    await _respond(native, _EDIT, data)


class _Callback(Route):
    """The route of an initial response, made without quoting: ids and tokens need none."""

    def __init__(self, native: Native) -> None:
        self.method, self.metadata = "POST", None
        self.path = f"/interactions/{native.id}/{native.token}/callback"
        self.url = self.BASE + self.path
        self.webhook_id, self.webhook_token = native.id, native.token


async def _respond(native: Native, kind: int, data: dict[str, Any]) -> None:
    http: discord.http.HTTPClient = native.client.http
    await async_context.get().request(
        _Callback(native),
        native._session,  # noqa: SLF001 - discord.py has no public way to it
        payload={"type": kind, "data": data | {"allowed_mentions": _NOBODY}},
        proxy=http.proxy,
        proxy_auth=http.proxy_auth,
    )


class Replier:
    """Answers one interaction. ``defer_after`` is in seconds; Discord waits three."""

    def __init__(
        self,
        native: Native,
        renderer: Renderer,
        defer_after: float,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._native = native
        self._renderer = renderer
        self._defer_after = defer_after
        self._sleep = sleep
        self._acknowledged = False

    async def answer(self, policy: ReplyPolicy, reply: Awaitable[Reply]) -> None:
        """Acknowledge in the manner of the route, then carry the reply out. What fails is logged."""
        try:
            said = await self._in_time(reply, self._defer_after_for(policy), policy)
            await self._carry_out(said, await self._content(policy, said))
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("the answer to interaction %s did not arrive: %s", self._native.id, error)

    async def _announce(self, policy: ReplyPolicy) -> None:
        private = policy.visibility is Visibility.PRIVATE
        await self._first(lambda: self._native.response.defer(ephemeral=private, thinking=True))

    async def _content(self, policy: ReplyPolicy, reply: Reply) -> Shown:
        """Render the reply, ``DONE`` if it has no message. A picture that takes long is announced."""
        match reply:
            case Send(message) | Replace(message) | SendDirect(message):
                if not has_picture(message):
                    return await self._drawn(message)
            case _:
                return DONE
        return await self._in_time(self._drawn(message), DRAWN_WITHIN, policy)

    async def _drawn(self, message: Message) -> Shown:
        try:
            return await self._renderer.render(message, self._native.user.id)
        except Exception:
            log.exception("a message cannot be shown")
            return UNSHOWN

    async def _in_time(self, work: Awaitable[T], seconds: float, policy: ReplyPolicy) -> T:
        """Await the work, announcing the reply if it takes longer and nothing was said before.

        What takes no time at all is announced too where ``seconds`` is 0.
        """
        announcing: list[asyncio.Task[None]] = []

        def announce() -> None:
            announcing.append(asyncio.create_task(self._announce(policy)))

        if self._acknowledged:
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

    def _defer_after_for(self, policy: ReplyPolicy) -> float:
        """Seconds. Without a form in time, which can only come first, a person reads of a failure."""
        match policy.latency:
            case Latency.SLOW:
                return 0
            case Latency.QUICK:
                return self._defer_after
            case Latency.OPENS_FORM:
                return max(self._defer_after, LAST_MOMENT)

    async def _carry_out(self, reply: Reply, content: Shown) -> None:
        match reply:
            case OpenForm(form):
                await self._open(RawModal(form))
            case Replace() if self._may_replace:
                await self._replace(content)
            case Send(visibility=visibility):
                await self._say(content, visibility)
            case Replace() | SendDirect():
                await self._say(content, Visibility.PRIVATE)
            case NoReply():
                await self._acknowledge()
            case FormErrors():
                raise AssertionError("Discord has no form errors; the core is told so")

    @property
    def _may_replace(self) -> bool:
        """Return True for the message of a pressed button, or the person's own behind a form."""
        message = self._native.message
        if message is None or self._acknowledged:
            return False
        own = message.flags.ephemeral or self._native.guild_id is None
        return self._native.type is discord.InteractionType.component or own

    async def _say(self, content: Shown, visibility: Visibility) -> None:
        if self._acknowledged:
            await self._fill_in(content)
            return
        ephemeral = visibility is Visibility.PRIVATE and self._native.guild_id is not None
        await self._first(lambda: send_response(self._native, content, ephemeral=ephemeral))

    async def _replace(self, content: Shown) -> None:
        await self._first(lambda: edit_response(self._native, content))

    async def _open(self, form: RawModal) -> None:
        if self._acknowledged:
            await self._fill_in(AGAIN)
            return
        await self._first(lambda: self._native.response.send_modal(form))

    async def _acknowledge(self) -> None:
        if self._acknowledged or self._native.type is discord.InteractionType.application_command:
            await self._say(DONE, Visibility.PRIVATE)
            return
        await self._first(self._native.response.defer)

    async def _fill_in(self, content: Shown) -> None:
        """Put the message where the announcement stands, however often that takes."""
        async for attempt in retrying(self._sleep):
            with attempt:
                await self._native.edit_original_response(
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
                async for attempt in retrying(self._sleep):
                    with attempt:
                        await acknowledge()
        except discord.HTTPException as error:
            if error.code != _ANSWERED_ALREADY:
                raise
            log.info("interaction %s was answered by an earlier try", self._native.id)
        self._acknowledged = True
