"""Tell what Slack sends from what only has its signature."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.request.payload_utils import (
    to_action,
    to_command,
    to_event,
    to_message,
    to_options,
    to_shortcut,
    to_step,
    to_view,
)

from adapters.slack.forms import CALLBACK, Place
from adapters.slack.inbound import (
    Body,
    Person,
    is_reply,
    place_of,
    read_action,
    read_form,
    read_home,
    read_reply,
    read_typing,
    team_of,
)
from bot.chat import CommandInvoked, Interaction

UNREADABLE = (
    LookupError,
    TypeError,
    AttributeError,
    ValueError,
    OverflowError,
    RecursionError,
    StopIteration,
)
"""Errors of reading a payload with a part that is missing, or of another kind than Slack's."""

_BOLTS = (to_action, to_command, to_event, to_message, to_options, to_shortcut, to_step, to_view)
"""Bolt's own readers of a body, which it calls before a listener."""

_NOBODY, _NEVER = Person(""), dt.datetime.fromtimestamp(0, dt.UTC)
_ABOUT_CHANNELS = {"member_left_channel", "member_joined_channel"}


def require_wellformed(asked: AsyncBoltRequest) -> None:
    """Read everything that serving it will read. Raises one of ``UNREADABLE``."""
    body = asked.body
    # These are looked up in dictionaries, where what is no text may be refused as a key.
    _texts(asked.context, "team_id", "enterprise_id", "user_id", "channel_id", "thread_ts", optional=True)
    for look in _BOLTS:
        look(body)
    if "ssl_check" in body or body.get("type") == "url_verification":
        return
    _text(team_of(body))
    if not team_of(body):
        raise ValueError("no workspace")
    if "command" in body:
        _texts(body, "command", "user_id", "channel_id", "trigger_id")
        _texts(body, "text", "user_name", optional=True)
        _address(body["response_url"])
        return
    match body["type"]:
        case "block_actions":
            _action(body)
        case "block_suggestion":
            _texts(body, "action_id")
            _typing(body)
        case "view_submission":
            _user(body)
            _texts(body, "trigger_id")
            if body["view"]["callback_id"] != CALLBACK:
                raise ValueError("no form of ours")
            _interaction(read_form(body, _NOBODY, _NEVER))
        case "event_callback":
            _event(body, body["event"])
        case kind:
            raise ValueError(f"unknown kind {str(kind)[:40]!r}")


def _action(body: Body) -> None:
    action = body["actions"][0]
    _texts(action, "action_id")
    _user(body)
    _texts(body, "trigger_id")
    if body.get("response_url") is not None:
        _address(body["response_url"])
    if "|" in action["action_id"] and not action.get("url"):
        _place(place_of(body))
        _interaction(read_action(body, _NOBODY))


def _typing(body: Body) -> None:
    wanted = read_typing(body)
    for each in wanted[:3] if wanted else ():
        _text(each)


def _event(body: Body, event: Body) -> None:
    """Of events that nobody listens to, nothing but the kind."""
    _texts(event, "type")
    if event["type"] == "message":
        _texts(event, "user", "channel", optional=True)
        _message(body, event)
    elif event["type"] == "app_home_opened":
        _texts(event, "user", "channel")
        asked = read_home(body, _NOBODY)
        if asked:
            _interaction(asked)
    elif event["type"] in _ABOUT_CHANNELS:
        _texts(event, "user", "channel")
    elif event["type"] == "user_change":
        _texts(event["user"], "id")


def _message(body: Body, event: Body) -> None:
    _texts(event, "text", "subtype", "thread_ts", "bot_id", optional=True)
    if is_reply(event):
        written = read_reply(body, _NOBODY)
        assert written is not None
        _interaction(written)


def _interaction(read: Interaction) -> None:
    """Every text of it is one."""
    origin = read.origin
    for each in (origin.event_id, origin.user.id, origin.user.workspace, origin.channel.id):
        _text(each)
    match read:
        case CommandInvoked():
            return
    values: Any = getattr(read, "values", {})
    for each in (getattr(read, "action", ""), *getattr(read, "choice", ()), *values, *values.values()):
        _text(each)


def _user(body: Body) -> None:
    _texts(body["user"], "id")
    _texts(body["user"], "name", optional=True)


def _place(place: Place) -> None:
    _text(place.channel)
    _text(place.message)


def _address(found: Any) -> None:
    """Slack's own for answers, on whatever host."""
    _text(found)
    parts = urlsplit(found)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
        raise ValueError("no address to answer to")


def _texts(parts: Mapping[str, Any], *names: str, optional: bool = False) -> None:
    for name in names:
        found = parts.get(name) if optional else parts[name]
        if found is not None or not optional:
            _text(found)


def _text(found: Any) -> None:
    if not isinstance(found, str):
        raise TypeError(f"{type(found).__name__} instead of text")
