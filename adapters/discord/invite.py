"""The install link of the bot, with the least permissions that posting needs."""

from __future__ import annotations

import base64
import binascii

import discord

from adapters.discord.settings import Settings
from bot.chat import SetupError

NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "attach_files": "Attach Files",
}
"""Permissions without which posts do not arrive, each as Discord calls it."""

USEFUL = {
    "create_public_threads": "Create Public Threads",
    "read_message_history": "Read Message History",
}
"""Without these a prompt opens no discussion, and nothing finds a post whose arrival is in doubt."""

FOR_ROLES = {"manage_roles": "Manage Roles"}
"""For organisers who reward a streak with a role."""

SCOPES = ("bot", "applications.commands")


def invite(settings: Settings, *, roles: bool = False) -> str:
    """The address at which a server's manager installs the bot. Raises SetupError without a token.

    ``roles`` also asks for the permission to give a role for a streak.
    """
    names = (*NEEDED, *USEFUL, *(FOR_ROLES if roles else ()))
    permissions = discord.Permissions(**dict.fromkeys(names, True))
    return discord.utils.oauth_url(application_id(settings.token), permissions=permissions, scopes=SCOPES)


def application_id(token: str) -> int:
    """The bot's id, which the first part of its token holds. Raises SetupError for what is no token."""
    first = token.split(".", maxsplit=1)[0]
    try:
        return int(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (binascii.Error, ValueError):
        raise SetupError(
            "DISCORD_TOKEN isn't a bot token. Copy it from the Bot page of the developer portal."
        ) from None
