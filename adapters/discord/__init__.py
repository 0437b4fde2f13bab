"""Discord, through discord.py, which is imported only when it is needed: that takes half a second."""

# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.discord.limits import PLATFORM
from adapters.discord.settings import Settings
from bot.chat import AdjustableClock, ChannelRef, Clock, Command, OpenState, SetupError
from bot.toolkit.checks import Check

if TYPE_CHECKING:
    from adapters import discord
    from adapters.discord.adapter import Discord
    from bot.chat import Platform

    _KEEPS_THE_CONTRACT: Platform = discord

__all__ = ["PLATFORM", "Settings", "build", "examine", "extend"]

ROLES = "Also ask for permission to give a role for a streak."


def build(settings: Settings, _clock: Clock, _demo_clock: AdjustableClock | None = None) -> Discord:
    """The adapter, not yet started. Raises SetupError without a token, and for what is none."""
    from adapters.discord.adapter import Discord

    if settings.problem:
        raise SetupError(settings.problem)
    return Discord(settings)


def examine(
    settings: Settings,
    commands: Sequence[Command],
    channels: Sequence[ChannelRef],
    _open_state: OpenState | None = None,
) -> AsyncIterator[Check]:
    """Check Discord for ``milepost doctor``; ``channels`` are those that groups live in."""
    from adapters.discord.doctor import examine

    return examine(settings, commands, channels)


def extend(cli: typer.Typer, _commands: Sequence[Command]) -> None:
    """Add Discord's own commands to the command line."""

    @cli.command("discord-invite")
    def discord_invite(*, roles: Annotated[bool, typer.Option("--roles", help=ROLES)] = False) -> None:
        """Print the link that installs the bot in a Discord server, asking for no more than it needs."""
        from adapters.discord.invite import invite

        settings = Settings.read()
        if settings.problem:
            raise SetupError(settings.problem)
        typer.echo(invite(settings, roles=roles))
