"""Channels that people name in an option: found on Discord before the core hears of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import discord
from discord.abc import Snowflake

from adapters.discord.inbound import refusal_of
from adapters.discord.limits import CANNOT_POST, PLATFORM
from adapters.discord.rest import RestClient
from adapters.discord.roles import ATTACH_FILES, Place, Told
from bot.chat import ChannelRef, Command, CommandInvoked, DeliveryError, Kind, Transient

# A mention, a link from "Copy Link", or the bare id.
_CHANNEL = re.compile(r"(?:<#(\d{15,20})>|https?://[\w.]+/channels/\d+/(\d{15,20})(?:/\d+)?/?|(\d{15,20}))")
_THREAD_KINDS = {
    discord.ChannelType.public_thread.value,
    discord.ChannelType.private_thread.value,
    discord.ChannelType.news_thread.value,
}

UNREADABLE = "I can't read that channel. Right-click it, choose Copy Link, and paste the link here."
NOT_FOUND = "I can't find that channel. Can I see it, and are you a member of its server?"

NO_WRITING = "You aren't allowed to write in that channel, so I can't post there for you."
NOT_TOLD = "Discord isn't telling me about that channel. Please try again in a moment."


async def with_channels(
    used: CommandInvoked,
    commands: Sequence[Command],
    http: discord.http.HTTPClient,
    rest: RestClient,
    bot: Snowflake | None,
) -> CommandInvoked:
    """The command with the channels that its options name, or with what is wrong with them.

    A channel counts only where the person could write themselves: its id can be guessed.
    """
    for option in _channel_options(used, commands):
        found = _CHANNEL.fullmatch(used.args[option].strip())
        if not found:
            used = replace(used, invalid_options={**used.invalid_options, option: UNREADABLE})
            continue
        try:
            used = await _with_channel(used, option, int(found[1] or found[2] or found[3]), http, rest, bot)
        except DeliveryError as error:
            sentence = NOT_TOLD if isinstance(error, Transient) else NOT_FOUND
            used = replace(used, invalid_options={**used.invalid_options, option: sentence})
    return used


def _channel_options(used: CommandInvoked, commands: Sequence[Command]) -> list[str]:
    command = next((command for command in commands if command.name == used.name), None)
    options = command.options if command else ()
    return [option.name for option in options if option.kind is Kind.CHANNEL and option.name in used.args]


async def _with_channel(
    used: CommandInvoked,
    option: str,
    number: int,
    http: discord.http.HTTPClient,
    rest: RestClient,
    bot: Snowflake | None,
) -> CommandInvoked:
    """Raises a DeliveryError for a channel that is not there, or of a server that the person is not in."""
    told = await _channel(number, http, rest)
    if told.get("type") in _THREAD_KINDS and told.get("parent_id"):
        told = await _channel(int(told["parent_id"]), http, rest)
    guild = told.get("guild_id")
    if guild is None:
        return replace(used, invalid_options={**used.invalid_options, option: NOT_FOUND})
    person: Any = await rest.look_up(lambda: http.get_member(int(guild), int(used.origin.user.id)))
    server: Any = await rest.look_up(lambda: http.get_guild(int(guild), with_counts=False))
    own: Any = await rest.look_up(lambda: http.get_member(int(guild), bot.id)) if bot else None
    if refusal := _why_not(Place(server), told, person, own):
        return replace(used, invalid_options={**used.invalid_options, option: refusal})
    channel = ChannelRef(PLATFORM, str(guild), str(told["id"]))
    return replace(
        used,
        args={**used.args, option: channel.id},
        names={**used.names, option: f"#{told.get('name', '')}"},
        channels={**used.channels, option: channel},
    )


def _why_not(place: Place, channel: Told, person: Told, bot: Told | None) -> str:
    """Why the person may not bring a group into the channel; who may not see it learns nothing of it."""
    if not place.may_see(person, channel):
        return NOT_FOUND
    if refusal := refusal_of(channel["type"]):
        return refusal
    if not place.may_write(person, channel):
        return NO_WRITING
    attaches = bot is None or place.permissions(bot, channel) & ATTACH_FILES
    return "" if attaches and (bot is None or place.may_write(bot, channel)) else CANNOT_POST


async def _channel(number: int, http: discord.http.HTTPClient, rest: RestClient) -> Mapping[str, Any]:
    # What Discord tells depends on the kind of channel; discord.py has a type for each.
    told: Any = await rest.look_up(lambda: http.get_channel(number))
    return dict(told)
