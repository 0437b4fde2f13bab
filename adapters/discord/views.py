"""Prebuilt views and modals that discord.py sends without keeping them in memory.

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
    """A view of prebuilt components; the last one has the ``mark`` as its id, if there is one."""

    def __init__(self, content: Shown, mark: int | None = None) -> None:
        super().__init__(timeout=None)
        self._components = list(content.components)
        if mark is not None:
            self._components[-1] = {**self._components[-1], "id": mark}
        # discord.py would keep a private answer in memory for a quarter of an hour.
        self.stop()

    def to_components(self) -> list[dict[str, Any]]:
        """Return the components as Discord's JSON."""
        return self._components

    def has_components_v2(self) -> bool:
        """Return True: containers are components of version 2."""
        return True


class RawModal(discord.ui.Modal):
    """A modal of a prebuilt payload."""

    def __init__(self, form: Form) -> None:
        super().__init__(title=form.title, timeout=None, custom_id=form.action)
        self._payload = modal(form)
        # discord.py remembers each modal that is not finished.
        self.stop()

    def to_dict(self) -> dict[str, Any]:
        """Return the modal as Discord's JSON."""
        return self._payload


def marker_of(key: str) -> int:
    """Return a component id for an idempotency key, by which its message is found again.

    Numbers that Discord gives to the other components of a message begin at 1 and stay far below.
    """
    return 1 << 30 | zlib.crc32(key.encode()) & (1 << 30) - 1


def has_marker(message: Mapping[str, Any], mark: int) -> bool:
    """Return True if a message, in Discord's JSON, has the marker."""
    return any(part.get("id") == mark for part in walk(message.get("components", ())))


def files(content: Shown) -> list[discord.File]:
    """Return the files, made anew for each try: sending uses them up."""
    return [
        discord.File(io.BytesIO(file.content), file.name, description=file.alt) for file in content.files
    ]


def mentions(content: Shown) -> discord.AllowedMentions:
    """Return the allowed mentions: the role that the core names, and no other."""
    if not content.mention_role:
        return NOBODY
    return discord.AllowedMentions(
        everyone=False, users=False, roles=[discord.Object(int(content.mention_role))], replied_user=False
    )
