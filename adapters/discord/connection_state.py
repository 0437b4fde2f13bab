"""What discord.py remembers of servers, cut down to what Milepost asks for.

It would keep every channel, role and thread: 9 KiB for a server of 15 channels and 10 roles, where this
keeps 1.4. Every interaction brings its own channel and permissions, so nothing misses them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord
from discord.state import AutoShardedConnectionState

_KEPT = ("id", "name", "owner_id", "member_count", "unavailable")


@dataclass(frozen=True, slots=True)
class MessageStub:
    """The message whose button was pressed, as far as anybody asks for it."""

    id: int
    flags: discord.MessageFlags

    @classmethod
    def of(cls, message: dict[str, Any]) -> MessageStub:
        """From what the gateway tells of it."""
        flags = discord.MessageFlags._from_value(message.get("flags", 0))  # noqa: SLF001 - has no other
        return cls(int(message["id"]), flags)


class SlimConnectionState(AutoShardedConnectionState[Any]):
    """The state of a connection that knows of each server only that it is there."""

    def parse_guild_create(self, data: Any) -> None:
        """Take the server without its parts."""
        super().parse_guild_create({key: data[key] for key in _KEPT if key in data})

    def parse_guild_update(self, data: Any) -> None:
        """The same: it would bring every role back."""
        super().parse_guild_update({key: data[key] for key in _KEPT if key in data})

    def parse_interaction_create(self, data: Any) -> None:
        """Tell the one listener. Nothing is looked for among views and commands that discord.py keeps.

        Of the message that was acted on only what is asked for is kept: making all its objects takes long.
        """
        message = data.pop("message", None)
        interaction: discord.Interaction[Any] = discord.Interaction(data=data, state=self)
        if message:
            interaction.message = MessageStub.of(message)  # type: ignore[assignment]
        self.dispatch("interaction", interaction)

    def parse_channel_create(self, data: Any) -> None:
        """Nothing asks for it."""

    def parse_thread_create(self, data: Any) -> None:
        """Nothing asks for it."""

    def parse_thread_update(self, data: Any) -> None:
        """Nothing asks for it, and discord.py would keep each thread that it hears of."""

    def parse_thread_list_sync(self, data: Any) -> None:
        """Nothing asks for it."""

    def parse_guild_role_create(self, data: Any) -> None:
        """Nothing asks for it."""
