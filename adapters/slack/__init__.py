"""Slack, through slack-bolt, which is imported only when it is needed."""

# ruff: noqa: PLC0415

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.slack.limits import PLATFORM
from adapters.slack.settings import Settings
from bot.chat import AdjustableClock, ChannelRef, Clock, Command, OpenState, SetupError, SystemClock
from bot.toolkit.checks import Check

if TYPE_CHECKING:
    from adapters import slack
    from adapters.slack.adapter import Slack
    from bot.chat import Platform

    _KEEPS_THE_CONTRACT: Platform = slack

__all__ = ["PLATFORM", "Settings", "build", "examine", "extend"]

SOCKET = "For Socket Mode, which needs no public address. This is the default without --http."
HTTP = "For HTTP mode at this public address; with --socket, only for installing."
ROTATE = (
    "Let tokens expire after 12 hours. For many workspaces only; it can't be switched off again in Slack."
)
_ADDRESS = re.compile(r"https://[^\s/?#]+(/[^\s?#]*)?")


def build(settings: Settings, clock: Clock, _demo_clock: AdjustableClock | None = None) -> Slack:
    """The adapter, not yet started. Raises SetupError for settings that do not go together."""
    from adapters.slack.adapter import Slack

    if settings.problem:
        raise SetupError(settings.problem)
    return Slack(settings, clock)


def examine(
    settings: Settings,
    _commands: Sequence[Command],
    channels: Sequence[ChannelRef],
    open_state: OpenState | None = None,
) -> AsyncIterator[Check]:
    """Check Slack for ``milepost doctor``; ``channels`` are those that groups live in.

    ``open_state`` opens what platforms keep, None while there is no database.
    """
    from adapters.slack.doctor import examine

    return examine(settings, channels, open_state, SystemClock())


def extend(cli: typer.Typer, commands: Sequence[Command]) -> None:
    """Add Slack's own commands to the command line."""

    @cli.command("slack-manifest")
    def slack_manifest(
        *,
        socket: Annotated[bool, typer.Option("--socket", help=SOCKET)] = False,
        http: Annotated[str, typer.Option("--http", metavar="URL", help=HTTP)] = "",
        rotate: Annotated[bool, typer.Option("--rotate-tokens", help=ROTATE)] = False,
    ) -> None:
        """Print the manifest that Slack makes an app from, with every command of this version."""
        from adapters.slack.manifest import manifest

        if http and not _ADDRESS.fullmatch(http):
            raise SetupError("--http takes a public address, such as https://milepost.example.org.")
        made = manifest(commands, url=http.rstrip("/"), socket=socket, rotates=rotate)
        typer.echo(json.dumps(made, indent=2))

    @cli.command("slack-key")
    def slack_key() -> None:
        """Print a new key for SLACK_TOKEN_KEY, which encrypts the tokens of workspaces."""
        from adapters.slack.token_cipher import new_key

        typer.echo(new_key())
