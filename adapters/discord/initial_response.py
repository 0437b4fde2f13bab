"""Send the initial response to an interaction, without asking Discord to return the message.

discord.py asks for the message and builds two objects of it. They aren't needed here, and took as long as
deciding what to answer. A message with files still goes discord.py's own way.
"""

from __future__ import annotations

from typing import Any

import discord
from discord.http import Route
from discord.webhook.async_ import async_context

from adapters.discord.inbound import Native
from adapters.discord.outbound import Shown
from adapters.discord.views import NOBODY, RawView, files

_SEND, _EDIT = 4, 7
_EPHEMERAL, _COMPONENTS = 1 << 6, 1 << 15
_NOBODY = NOBODY.to_dict()


async def send(native: Native, content: Shown, *, ephemeral: bool) -> None:
    """Answer with a message. Raises what discord.py raises."""
    if content.files:
        await native.response.send_message(
            view=RawView(content), files=files(content), ephemeral=ephemeral, allowed_mentions=NOBODY
        )
        return
    data = {"flags": _COMPONENTS | (_EPHEMERAL if ephemeral else 0), "components": list(content.components)}
    await _respond(native, _SEND, data)


async def edit(native: Native, content: Shown) -> None:
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
