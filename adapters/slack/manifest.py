"""The app manifest that Slack makes an app from: made from the core's one declaration of commands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from adapters.slack.limits import CAPABILITIES, EVERYTHING, SLACKS_OWN
from bot.chat import Command, offered

Json = dict[str, Any]

SCOPES = {
    "commands": "slash commands",
    "chat:write": "posts and private answers",
    "im:write": "messages to one person",
    "files:write": "the picture of a member's progress, and their data when they ask for it",
    "users:read": "who is an admin, and everyone's time zone",
    "channels:join": "posts in public channels that Milepost wasn't invited to",
    "channels:history": "replies to prompts, and checking whether a post arrived",
    "groups:history": "the same, in private channels",
    "im:history": "the same, in direct messages",
    "channels:read": "who left a channel",
    "groups:read": "the same, in private channels",
}
"""Scopes of the bot, each with its purpose."""

EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "tokens_revoked",
    "user_change",
)
_MOST_HINT, _MOST_SUMMARY = 1000, 2000


def manifest(
    commands: Sequence[Command], *, url: str = "", socket: bool = False, rotates: bool = False
) -> Json:
    """The manifest: for Socket Mode, or with a public ``url`` for HTTP.

    With both, ``url`` is where the app is installed from alone. ``rotates`` lets tokens end after 12 hours.
    """
    events = "" if socket else url
    back = {"redirect_urls": [f"{url}/slack/oauth_redirect"]} if url else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Milepost",
            "description": "Guides a study group along a roadmap, here in your channel.",
        },
        "features": {
            "bot_user": {"display_name": "Milepost", "always_online": True},
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "slash_commands": [_slash(command, events) for command in _slash_commands(commands)],
        },
        "oauth_config": {**back, "scopes": {"bot": list(SCOPES)}},
        "settings": _settings(events, rotates=rotates),
    }


def _settings(url: str, *, rotates: bool) -> Json:
    address = {"request_url": f"{url}/slack/events"} if url else {}
    return {
        "event_subscriptions": {**address, "bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True, **address},
        "org_deploy_enabled": False,
        "socket_mode_enabled": not url,
        "token_rotation_enabled": rotates,
    }


def _slash(command: Json, url: str) -> Json:
    return {**command, "url": f"{url}/slack/events"} if url else command


def _slash_commands(commands: Sequence[Command]) -> list[Json]:
    listed = [command for command in offered(commands, CAPABILITIES) if not command.hidden]
    families = groupby(sorted(listed, key=_first_word), key=_first_word)
    ours = [_family(name, list(family)) for name, family in families if name not in SLACKS_OWN]
    names = " | ".join(dict.fromkeys(map(_first_word, listed)))
    all_in_one = _command(EVERYTHING, "Everything Milepost can do, in one command", names)
    return [*ours, all_in_one]


def _first_word(command: Command) -> str:
    return command.name.split()[0]


def _family(name: str, family: Sequence[Command]) -> Json:
    usages = [command.usage.removeprefix(f"/{name}").strip() for command in family]
    return _command(name, family[0].summary, " | ".join(usage for usage in usages if usage))


def _command(name: str, summary: str, hint: str) -> Json:
    command: Json = {
        "command": f"/{name}",
        "description": summary[:_MOST_SUMMARY],
        # Mentions of people arrive with their ids, not as names that may be anybody's.
        "should_escape": True,
    }
    return {**command, "usage_hint": hint[:_MOST_HINT]} if hint else command
