"""Channels that people name in an option: found on Discord before the core hears of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import discord

from adapters.discord.inbound import refusal_of
from adapters.discord.limits import PLATFORM
from adapters.discord.wire import Wire
from bot import ChannelRef, Command, CommandUsed, DeliveryError, Kind, Transient

# A mention, a link from "Copy Link", or the bare id.
_CHANNEL = re.compile(r"(?:<#(\d{15,20})>|https?://[\w.]+/channels/\d+/(\d{15,20})(?:/\d+)?/?|(\d{15,20}))")
_THREAD_KINDS = {
    discord.ChannelType.public_thread.value,
    discord.ChannelType.private_thread.value,
    discord.ChannelType.news_thread.value,
}

UNREADABLE = "I can't read that channel. Right-click it, choose Copy Link, and paste the link here."
NOT_FOUND = "I can't find that channel. Can I see it, and are you a member of its server?"

NOT_TOLD = "Discord isn't telling me about that channel. Please try again in a moment."


async def with_channels(
    used: CommandUsed, commands: Sequence[Command], http: discord.http.HTTPClient, wire: Wire
) -> CommandUsed:
    """The command with the channels that its options name, or with what is wrong with them.

    A channel counts only where the person is in its server: its id can be guessed.
    """
    for option in _channel_options(used, commands):
        found = _CHANNEL.fullmatch(used.args[option].strip())
        if not found:
            used = replace(used, unfit={**used.unfit, option: UNREADABLE})
            continue
        try:
            used = await _with_channel(used, option, int(found[1] or found[2] or found[3]), http, wire)
        except DeliveryError as error:
            sentence = NOT_TOLD if isinstance(error, Transient) else NOT_FOUND
            used = replace(used, unfit={**used.unfit, option: sentence})
    return used


def _channel_options(used: CommandUsed, commands: Sequence[Command]) -> list[str]:
    command = next((command for command in commands if command.name == used.name), None)
    options = command.options if command else ()
    return [option.name for option in options if option.kind is Kind.CHANNEL and option.name in used.args]


async def _with_channel(
    used: CommandUsed, option: str, number: int, http: discord.http.HTTPClient, wire: Wire
) -> CommandUsed:
    """Raises a DeliveryError for a channel that is not there, or of a server that the person is not in."""
    told = await _channel(number, http, wire)
    if told.get("type") in _THREAD_KINDS and told.get("parent_id"):
        told = await _channel(int(told["parent_id"]), http, wire)
    guild = told.get("guild_id")
    refusal = refusal_of(told["type"]) if guild is not None else NOT_FOUND
    if guild is None or refusal:
        return replace(used, unfit={**used.unfit, option: refusal})
    await wire.look_up(lambda: http.get_member(int(guild), int(used.origin.user.id)))
    channel = ChannelRef(PLATFORM, str(guild), str(told["id"]))
    return replace(
        used,
        args={**used.args, option: channel.id},
        names={**used.names, option: f"#{told.get('name', '')}"},
        channels={**used.channels, option: channel},
    )


async def _channel(number: int, http: discord.http.HTTPClient, wire: Wire) -> Mapping[str, Any]:
    # What Discord tells depends on the kind of channel; discord.py has a type for each.
    told: Any = await wire.look_up(lambda: http.get_channel(number))
    return dict(told)
