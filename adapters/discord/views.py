"""Messages and forms in the shape that discord.py sends, without it remembering them.

discord.py keeps each view with buttons in memory to call it back. Ours have no children to be called:
every click comes to the one listener, so a restart changes nothing.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from typing import Any

import discord

from adapters.discord.forms import modal
from adapters.discord.outbound import Shown, walk
from bot.chat import Form

NOBODY = discord.AllowedMentions.none()


class RawView(discord.ui.LayoutView):
    """Components that are made already; the last of them bears the ``mark``, if there is one."""

    def __init__(self, content: Shown, mark: int | None = None) -> None:
        super().__init__(timeout=None)
        self._components = list(content.components)
        if mark is not None:
            self._components[-1] = {**self._components[-1], "id": mark}
        # discord.py would keep a private answer in memory for a quarter of an hour.
        self.stop()

    def to_components(self) -> list[dict[str, Any]]:
        """As Discord takes them."""
        return self._components

    def has_components_v2(self) -> bool:
        """Containers are."""
        return True


class RawModal(discord.ui.Modal):
    """A form that is made already."""

    def __init__(self, form: Form) -> None:
        super().__init__(title=form.title, timeout=None, custom_id=form.action)
        self._payload = modal(form)
        # discord.py remembers each modal that is not finished.
        self.stop()

    def to_dict(self) -> dict[str, Any]:
        """As Discord takes it."""
        return self._payload


def marker_of(key: str) -> int:
    """A number for a key that a component keeps as its own, for as long as the message stands.

    Numbers that Discord gives to the other components of a message begin at 1 and stay far below.
    """
    return 1 << 30 | zlib.crc32(key.encode()) & (1 << 30) - 1


def has_marker(message: Mapping[str, Any], mark: int) -> bool:
    """Whether a message, as Discord tells it, bears the mark."""
    return any(part.get("id") == mark for part in walk(message.get("components", ())))


def files(content: Shown) -> list[discord.File]:
    """The files, made anew for each try: sending uses them up."""
    return [
        discord.File(io.BytesIO(file.content), file.name, description=file.alt) for file in content.files
    ]


def mentions(content: Shown) -> discord.AllowedMentions:
    """Nobody is called but whom the core names."""
    if not content.calls:
        return NOBODY
    return discord.AllowedMentions(
        everyone=False, users=False, roles=[discord.Object(int(content.calls))], replied_user=False
    )
