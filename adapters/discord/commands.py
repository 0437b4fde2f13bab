"""Convert the core's commands to Discord's application commands, and publish them."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import discord

from adapters.discord.limits import CAPABILITIES, MOST_DESCRIPTION
from bot.chat import App, Command, CommandOption, Kind

log = logging.getLogger(__name__)

Payload = dict[str, Any]

_CHAT_INPUT, _SUBCOMMAND = 1, 1
# A channel is typed as text: in a direct conversation Discord offers no channels of servers.
_KINDS = {Kind.TEXT: 3, Kind.MEMBER: 6, Kind.ROLE: 8, Kind.CHANNEL: 3}
_MANAGE_SERVER = str(1 << 5)
_IN_SERVER, _IN_DIRECT = 0, 1
_INSTALLED_IN_SERVER = 0


def payloads(commands: Sequence[Command]) -> list[Payload]:
    """Return the payloads to publish: commands of two words become subcommands of the first word."""
    listed = [command for command in commands if not command.hidden]
    families = groupby(sorted(listed, key=_family), key=_family)
    return [_payload(name, list(family)) for name, family in families]


def digest(published: Iterable[Mapping[str, Any]]) -> str:
    """Return a hash that ignores the fields Discord adds: declared and published commands compare equal."""
    known = sorted(
        (_told(command, _COMMAND_KEYS) for command in published), key=lambda told: str(told["name"])
    )
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


async def publish(client: discord.Client, app: App) -> bool:
    """Publish the commands where they differ from those on Discord. Returns True if they did."""
    assert client.application_id is not None, "known once logged in"
    wanted = payloads(app.commands_for(CAPABILITIES))
    published = await client.http.get_global_commands(client.application_id)
    if digest(published) == digest(wanted):
        return False
    await client.http.bulk_upsert_global_commands(client.application_id, wanted)
    log.info("published %s commands on Discord", len(wanted))
    return True


def _family(command: Command) -> str:
    return command.name.split()[0]


def _payload(name: str, family: Sequence[Command]) -> Payload:
    only_organisers = all(command.organiser_only for command in family)
    payload: Payload = {
        "type": _CHAT_INPUT,
        "name": name,
        "integration_types": [_INSTALLED_IN_SERVER],
        "contexts": [_IN_SERVER, _IN_DIRECT],
        "default_member_permissions": _MANAGE_SERVER if only_organisers else None,
    }
    if len(family) == 1 and family[0].name == name:
        return payload | _described(family[0])
    subcommands = [
        {"type": _SUBCOMMAND, "name": command.name.split()[1], **_described(command)}
        for command in family
        if " " in command.name
    ]
    return payload | {
        "description": _short(f"{name.capitalize()}: {', '.join(str(sub['name']) for sub in subcommands)}"),
        "options": subcommands,
    }


def _described(command: Command) -> Payload:
    # Discord wants the required options first.
    options = sorted(command.options, key=lambda option: not option.required)
    return {"description": _short(command.summary), "options": [_option(option) for option in options]}


def _option(option: CommandOption) -> Payload:
    payload: Payload = {
        "type": _KINDS[option.kind],
        "name": option.name,
        "description": _short(option.summary),
        "required": option.required,
    }
    if option.choices:
        payload["choices"] = [{"name": choice.label, "value": choice.value} for choice in option.choices]
    elif option.completes:
        payload["autocomplete"] = True
    if option.kind in (Kind.TEXT, Kind.CHANNEL) and not option.choices:
        payload["max_length"] = option.max_length
    return payload


def _short(text: str) -> str:
    return text if len(text) <= MOST_DESCRIPTION else f"{text[: MOST_DESCRIPTION - 1]}…"


_COMMAND_KEYS = (
    "type", "name", "description", "options", "integration_types", "contexts", "default_member_permissions",
)  # fmt: skip
_OPTION_KEYS = (
    "type",
    "name",
    "description",
    "required",
    "choices",
    "autocomplete",
    "max_length",
    "options",
)


def _told(value: Mapping[str, Any], keys: Sequence[str]) -> Payload:
    """Keep the fields that we declare, without empty ones: Discord omits some and adds defaults."""
    told = {key: value[key] for key in keys if value.get(key) not in (None, False, [], ())}
    if "options" in told:
        told["options"] = [_told(option, _OPTION_KEYS) for option in told["options"]]
    if "choices" in told:
        told["choices"] = [[choice["name"], choice["value"]] for choice in told["choices"]]
    for key in ("contexts", "integration_types"):
        if key in told:
            told[key] = sorted(told[key])
    return told
