"""Slack, through slack-bolt, which is imported only when it is needed."""

# ruff: noqa: PLC0415

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from adapters.slack.limits import PLATFORM
from adapters.slack.settings import Settings
from bot import Clock, Command, Rehearsal, SetupError

if TYPE_CHECKING:
    from adapters.slack.adapter import Slack

__all__ = ["PLATFORM", "Settings", "build", "extend"]

WITHOUT_TOKENS = "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are needed: set them to those of your Slack app."


def build(settings: Settings, clock: Clock, _rehearsal: Rehearsal | None = None) -> Slack:
    """The adapter, not yet started. Raises SetupError without tokens."""
    from adapters.slack.adapter import Slack

    if not settings.set_up:
        raise SetupError(WITHOUT_TOKENS)
    return Slack(settings, clock)


def extend(cli: typer.Typer, commands: Sequence[Command]) -> None:
    """Add Slack's own commands to the command line."""

    @cli.command("slack-manifest")
    def slack_manifest() -> None:
        """Print the manifest that Slack makes an app from, with every command of this version."""
        from adapters.slack.manifest import manifest

        typer.echo(json.dumps(manifest(commands), indent=2))
