"""The gateway connection: discord.py with slim caches, and one listener for every interaction."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.state import AutoShardedConnectionState
from yarl import URL

from adapters.discord.inbound import Native
from adapters.discord.settings import Settings, Shards
from adapters.discord.views import NOBODY
from bot.toolkit.redaction import discreet, texts_in

_KEPT = ("id", "name", "owner_id", "member_count", "unavailable")


@dataclass(frozen=True, slots=True)
class MessageStub:
    """The id and flags of the message whose button was pressed."""

    id: int
    flags: discord.MessageFlags


class SlimConnectionState(AutoShardedConnectionState[Any]):
    """discord.py's connection state without its caches of channels, roles and threads.

    The caches would take 9 KiB for a server of 15 channels and 10 roles, where this takes 1.4. Every
    interaction brings its own channel and permissions, so they are not needed.
    """

    def parse_guild_create(self, data: Any) -> None:
        """Cache the server without its channels, roles and members."""
        super().parse_guild_create({key: data[key] for key in _KEPT if key in data})

    def parse_guild_update(self, data: Any) -> None:
        """Drop roles and channels from server updates, as in ``parse_guild_create``."""
        super().parse_guild_update({key: data[key] for key in _KEPT if key in data})

    def parse_interaction_create(self, data: Any) -> None:
        """Dispatch to the one listener, without discord.py's lookup among its views and commands.

        The message acted on becomes a ``MessageStub``: building all its objects takes long.
        """
        message = data.pop("message", None)
        interaction: discord.Interaction[Any] = discord.Interaction(data=data, state=self)
        if message:
            flags = discord.MessageFlags._from_value(message.get("flags", 0))  # noqa: SLF001 - has no other
            interaction.message = MessageStub(int(message["id"]), flags)  # type: ignore[assignment]
        self.dispatch("interaction", interaction)

    def parse_channel_create(self, data: Any) -> None:
        """Ignore the event: nothing here is cached."""

    def parse_thread_create(self, data: Any) -> None:
        """Ignore the event: nothing here is cached."""

    def parse_thread_update(self, data: Any) -> None:
        """Ignore the event: discord.py would cache the thread."""

    def parse_thread_list_sync(self, data: Any) -> None:
        """Ignore the event: nothing here is cached."""

    def parse_guild_role_create(self, data: Any) -> None:
        """Ignore the event: nothing here is cached."""


log = logging.getLogger(__name__)

IDENTIFY_PAUSE = 5.0
"""Seconds between two identifies of one bucket. Source: Discord's documentation, "Sharding"."""

# Milepost speaks in no voice channel: nobody is to be told that what it takes is missing.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

Serve = Callable[[Native], Awaitable[None]]
Lost = Callable[[str], Awaitable[None]]
Found = Callable[[Collection[str]], Awaitable[None]]
Known = Callable[[], Awaitable[Collection[str]]]


class Client(discord.AutoShardedClient):
    """``serve`` gets every interaction; ``lost`` and ``found`` hear of servers left and joined, by id.

    ``known`` tells the servers with groups, so that those that were left unheard are found out.
    """

    def __init__(
        self,
        settings: Settings,
        serve: Serve,
        lost: Lost,
        found: Found,
        known: Known,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        shards = Shards.read(settings.shards) if settings.shards else None
        chosen: dict[str, Any] = (
            {"shard_ids": list(shards.ids), "shard_count": shards.count} if shards else {}
        )
        super().__init__(
            # Commands, clicks and forms come without any intent; servers left and joined do not.
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            # Nothing waits for servers to be described, so the start need not either.
            guild_ready_timeout=0.2,
            allowed_mentions=NOBODY,
            **chosen,
        )
        self._settings = settings
        self._serve = serve
        self._lost = lost
        self._found = found
        self._known = known
        self._sleep = sleep
        self._buckets = 1
        self._identified: dict[int, float] = {}

    def _get_state(self, **options: Any) -> SlimConnectionState:
        return SlimConnectionState(
            dispatch=self.dispatch, handlers=self._handlers, hooks=self._hooks, http=self.http, **options
        )

    async def setup_hook(self) -> None:
        """Ask where the gateway is, how many shards there are, and how many may identify at a time."""
        shards, address, limits = await self.http.get_bot_gateway()
        self.shard_count = self.shard_count or shards
        self._buckets = max(limits["max_concurrency"], 1)
        DiscordWebSocket.DEFAULT_GATEWAY = URL(self._settings.gateway_url or address)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002
        """Wait until this shard's bucket may identify again; buckets do not wait for each other."""
        bucket = (shard_id or 0) % self._buckets
        free_at = self._identified.get(bucket, -IDENTIFY_PAUSE) + IDENTIFY_PAUSE
        now = time.monotonic()
        self._identified[bucket] = max(now, free_at)
        if free_at > now:
            await self._sleep(free_at - now)

    async def on_interaction(self, native: Native) -> None:
        """Serve an interaction, whichever message it is on. A fault is logged, and harms no other.

        The log has neither the person's name and words nor the token that lets one answer in our place.
        """
        said = texts_in(native.data, {"value", "values"})
        with discreet((native.user.display_name, native.token, *said)):
            try:
                await self._serve(native)
            except Exception:
                log.exception("a fault while handling an interaction")

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Milepost was invited, perhaps again."""
        await self._found({str(guild.id)})

    async def on_ready(self) -> None:
        """Report the servers joined and left while nobody listened."""
        present = {str(guild.id) for guild in self.guilds}
        await self._found(present)
        for workspace in await self._known():
            if workspace.isdecimal() and workspace not in present and self._is_of_our_shards(workspace):
                await self._lost(workspace)

    def _is_of_our_shards(self, workspace: str) -> bool:
        """Source of the rule: Discord's documentation, "Sharding"."""
        return (int(workspace) >> 22) % (self.shard_count or 1) in self.shards

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Milepost was put out. A server that is merely unavailable does not come here."""
        await self._lost(str(guild.id))

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """A fault in one event is logged and harms no other."""
        # discord.py calls this while it handles the error.
        log.exception("a fault while handling %s", event_method)  # noqa: LOG004


def nobody_serves() -> tuple[Serve, Lost, Found, Known]:
    """Listeners for a client that only asks questions."""

    async def ignore(_event: object) -> None:
        """Ignore the event."""

    async def nothing() -> Collection[str]:
        return ()

    return ignore, ignore, ignore, nothing


def point_at(settings: Settings) -> None:
    """Send every request of this process to the address in the settings: discord.py has one for all."""
    Route.BASE = settings.api_url
