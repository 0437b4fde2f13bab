"""Discord's checks for ``milepost doctor``: token, commands, and permissions in each channel."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import aiohttp
import discord

from adapters.discord.client import Client, nobody_serves, point_at
from adapters.discord.commands import digest, payloads
from adapters.discord.invite import NEEDED, USEFUL
from adapters.discord.settings import Settings
from bot.chat import ChannelRef, Command
from bot.toolkit.checks import Check

_FEW_STARTS = 50
_TROUBLE = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)


async def examine(
    settings: Settings, commands: Sequence[Command], channels: Sequence[ChannelRef]
) -> AsyncIterator[Check]:
    """Yield one check after another; the first that fails for good ends it. Changes nothing."""
    point_at(settings)
    client = Client(settings, *nobody_serves())
    try:
        try:
            await client.login(settings.token)
        except discord.LoginFailure:
            yield Check(
                "discord token",
                ok=False,
                says="Discord doesn't accept DISCORD_TOKEN: copy it again from the developer portal",
            )
            return
        except _TROUBLE as error:
            yield Check("discord", ok=False, says=f"{settings.api_url} can't be reached: {error}")
            return
        yield Check("discord token", ok=True, says=f"it belongs to {client.user}")
        yield await _commands(client, commands)
        yield await _starts(client)
        for channel in channels:
            yield await _channel(client, channel)
    finally:
        await client.close()


async def _commands(client: Client, commands: Sequence[Command]) -> Check:
    assert client.application_id is not None, "known once logged in"
    try:
        published = await client.http.get_global_commands(client.application_id)
    except _TROUBLE as error:
        return Check("discord commands", ok=False, says=f"they can't be read: {error}")
    wanted = payloads(commands)
    if digest(published) == digest(wanted):
        return Check("discord commands", ok=True, says=f"{len(wanted)} are published")
    says = f"{len(published)} are published but out of date: the next milepost run publishes them again"
    return Check("discord commands", ok=False, says=says)


async def _starts(client: Client) -> Check:
    """Discord lets a bot start so often a day, then it takes the token away."""
    try:
        limits = await client.fetch_session_start_limits()
    except _TROUBLE as error:
        return Check("discord starts", ok=False, says=f"they can't be read: {error}")
    enough = limits.remaining > _FEW_STARTS
    advice = "" if enough else ": find out why it starts so often, and wait until tomorrow"
    return Check("discord starts", enough, f"{limits.remaining} of {limits.total} are left today{advice}")


async def _channel(client: Client, place: ChannelRef) -> Check:
    name = f"discord channel {place.id}"
    try:
        guild = await client.fetch_guild(int(place.workspace), with_counts=False)
        channel = await guild.fetch_channel(int(place.id))
        assert client.user is not None, "known once logged in"
        me = await guild.fetch_member(client.user.id)
    except discord.NotFound:
        return Check(
            name, ok=False, says="it's gone, or I've been removed: invite me again, or set up a new channel"
        )
    except discord.Forbidden:
        return Check(name, ok=False, says="I can't see it: give my role View Channel there")
    except (*_TROUBLE, ValueError) as error:
        return Check(name, ok=False, says=f"I couldn't check it: {error}")
    held = channel.permissions_for(me)
    missing = [word for permission, word in NEEDED.items() if not getattr(held, permission)]
    wanting = [word for permission, word in USEFUL.items() if not getattr(held, permission)]
    where = f"#{channel.name} in {guild.name}"
    if missing:
        return Check(name, ok=False, says=f"in {where} give my role: {', '.join(missing)}")
    extra = f"; it would help to give my role: {', '.join(wanting)}" if wanting else ""
    return Check(name, ok=True, says=f"I can post in {where}{extra}")
