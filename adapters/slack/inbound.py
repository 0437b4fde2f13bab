"""Convert Slack's payloads to the core's interactions. Pure: the time and the person are arguments."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.slack.forms import Place, completed_in, opened_at, place_in, values_of
from adapters.slack.limits import CAPABILITIES, EVERYTHING, PLATFORM
from adapters.slack.mrkdwn import as_typed, channels_in, people_in, with_people_marked
from adapters.slack.outbound import action_of
from bot.chat import (
    ActionInvoked,
    ChannelRef,
    Command,
    CommandInvoked,
    CommandOption,
    FormSubmitted,
    HomeOpened,
    Kind,
    MessageRef,
    Origin,
    ParseError,
    ReplyReceived,
    UserRef,
    in_plain_text,
    looks_like_answer,
    read_command,
)
from bot.toolkit.text import isolated

Body = Mapping[str, Any]

_MENTION = re.compile(r"<@([A-Z0-9]+)>")
_CHANNEL = re.compile(
    r"(?:<#([CG][A-Z0-9]+)>|https://[\w.-]+/archives/([CG][A-Z0-9]+)\S*|([CG][A-Z0-9]{7,}))"
)
_SAID = {"", "file_share", "me_message", "thread_broadcast"}
"""Kinds of message that people write: plain, with files, by /me, and "also send to channel"."""
_DIRECT = "D"


@dataclass(frozen=True, slots=True)
class Person:
    """A person's entry in Slack's directory; ``zone`` is an IANA name.

    ``doubt`` is a sentence on why it does not say whether they are an admin, empty where it does.
    """

    name: str
    zone: str | None = None
    admin: bool = False
    doubt: str = ""


def read_slash(body: Body, commands: Sequence[Command], person: Person, now: dt.datetime) -> CommandInvoked:
    """A slash command. Slack does not say when it was sent. Raises ParseError."""
    name, words = body["command"].removeprefix("/"), body.get("text", "")
    names = {**dict(people_in(words)), **dict(channels_in(words))}
    line = with_people_marked(words if name == EVERYTHING else f"{name} {words}")
    try:
        typed = read_command(f"/{line.strip() or 'help'}", commands, _lookup)
    except ParseError as error:
        raise ParseError(in_plain_text(as_typed(str(error), names), CAPABILITIES)) from None
    args = {option: as_typed(text, names) for option, text in typed.args.items()}
    origin = _origin(body, body["user_id"], Place(body["channel_id"]), body["trigger_id"], person, now)
    named = [option.name for option in typed.command.options if option.kind is Kind.CHANNEL]
    channels = {name: channel_ref(team_of(body), args[name]) for name in named if name in args}
    called = {name: f"#{names.get(f'#{ref.id}') or ref.id}" for name, ref in channels.items()}
    people = [option.name for option in typed.command.options if option.kind is Kind.MEMBER]
    called |= {name: names[args[name]] for name in people if names.get(args.get(name, ""))}
    return CommandInvoked(origin, typed.command.name, args, called, channels=channels)


def read_action(body: Body, person: Person) -> ActionInvoked:
    """A button or menu. The instant is the click's own."""
    action = body["actions"][0]
    at = action["action_ts"]
    place = place_of(body)
    event_id = f"{place.channel}|{place.message}|{at}|{action['action_id']}"
    chosen = action.get("selected_option")
    choice = (chosen["value"],) if chosen else ()
    origin = _origin(body, body["user"]["id"], place, event_id, person, _instant(at))
    return ActionInvoked(origin, action_of(action["action_id"]), choice)


def read_form(body: Body, person: Person, now: dt.datetime) -> FormSubmitted:
    """A form that was handed in. Raises KeyError or ValueError.

    The same view may be handed in again after it was refused; with the same values it is the same event.
    """
    sent = body["view"]
    action, place = opened_at(sent)
    values = values_of(sent)
    typed = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]
    event_id = f"{sent['id']}|{sent['hash']}|{typed}"
    origin = _origin(body, body["user"]["id"], place, event_id, person, now)
    return FormSubmitted(origin, action, values)


def read_typing(body: Body) -> tuple[str, str, str, ChannelRef, UserRef] | None:
    """Typing into a menu of a form: command and option to suggest for, what was typed, where, by whom."""
    sent = body.get("view") or {}
    wanted = completed_in(sent, body["action_id"]) if sent.get("private_metadata") else None
    if wanted is None:
        return None
    channel = channel_ref(team_of(body), place_in(sent).channel)
    return *wanted, body.get("value", ""), channel, UserRef(PLATFORM, team_of(body), body["user"]["id"])


def read_home(body: Body, person: Person) -> HomeOpened | None:
    """App Home was opened; None for another of its tabs."""
    event = body["event"]
    if event.get("tab") != "home":
        return None
    place = Place(event["channel"], home=True)
    origin = _origin(body, event["user"], place, body["event_id"], person, _instant(event["event_ts"]))
    return asks_for_home(origin)


def asks_for_home(origin: Origin) -> HomeOpened:
    """Return the event that refreshes the App Home of the person who acted."""
    return HomeOpened(replace(origin, event_id=f"{origin.event_id}|home", message=None))


def is_reply(event: Body) -> bool:
    """Tell if a person wrote it in a thread, or a letter as an answer into the channel.

    Edits and messages of apps or of Slack's own are none.
    """
    written = "user" in event and (event.get("subtype") or "") in _SAID and not event.get("bot_id")
    return written and (bool(_parent(event)) or looks_like_answer(event.get("text") or ""))


def place_of_reply(body: Body) -> tuple[ChannelRef, MessageRef | None]:
    """The channel that somebody wrote in, and the message whose thread it was, if any."""
    event = body["event"]
    channel, parent = channel_ref(team_of(body), event["channel"]), _parent(event)
    return channel, MessageRef(channel, parent) if parent else None


def _parent(event: Body) -> str:
    """The message whose thread it is in, empty where it is in none."""
    parent = str(event.get("thread_ts") or "")
    return "" if parent == event["ts"] else parent


def read_reply(body: Body, person: Person) -> ReplyReceived | None:
    """Return the reply that an event brings (see ``is_reply``); None for any other event.

    A reply of files alone says their titles. Nobody is looked up whom it mentions: its words are not kept.
    """
    event = body["event"]
    if not is_reply(event):
        return None
    place = Place(event["channel"], _parent(event))
    event_id = f"{event['channel']}|{event['ts']}"
    origin = _origin(body, event["user"], place, event_id, person, _instant(event["ts"]))
    words = as_typed(event.get("text") or "").strip()
    return ReplyReceived(origin, words or ", ".join(_attached(event)))


def _attached(event: Body) -> Iterator[str]:
    """Return what stands for each file, or for a message that was passed on."""
    for file in event.get("files") or ():
        # Of a file that was deleted Slack tells the id alone.
        yield str(file.get("title") or file.get("name") or "a file")
    for attachment in event.get("attachments") or ():
        yield as_typed(str(attachment.get("text") or attachment.get("fallback") or "a message"))


def member_of(body: Body) -> tuple[UserRef, str]:
    """Return who has left or joined a channel, and which."""
    event = body["event"]
    return UserRef(PLATFORM, team_of(body), event["user"]), event["channel"]


def place_of(body: Body) -> Place:
    """Return where a button was pressed; in App Home, the direct conversation without a message."""
    container = body.get("container", {})
    if container.get("type") == "view":
        return place_in(body["view"])
    channel = body.get("channel", {}).get("id") or container.get("channel_id", "")
    return Place(channel, container.get("message_ts", ""))


def team_of(body: Body) -> str:
    """The workspace."""
    team = body.get("team_id") or body.get("team") or ""
    return team["id"] if isinstance(team, Mapping) else team


def channel_ref(team: str, channel: str) -> ChannelRef:
    """A channel as the core names it."""
    return ChannelRef(PLATFORM, team, channel, direct=channel.startswith(_DIRECT))


def _origin(body: Body, user: str, place: Place, event_id: str, person: Person, at: dt.datetime) -> Origin:
    team = team_of(body)
    channel = channel_ref(team, place.channel)
    return Origin(
        event_id=event_id,
        user=UserRef(PLATFORM, team, user),
        display_name=person.name,
        channel=channel,
        happened_at=at,
        message=MessageRef(channel, place.message) if place.message else None,
        is_admin=person.admin,
        zone=person.zone,
        doubt=person.doubt,
    )


def _lookup(option: CommandOption, typed: str) -> str:
    found = _MENTION.fullmatch(typed)
    if option.kind is Kind.MEMBER and found:
        return found[1]
    if option.kind is Kind.ROLE:
        return typed
    place = _CHANNEL.fullmatch(typed)
    if option.kind is Kind.CHANNEL:
        if place:
            return place[1] or place[2] or place[3]
        raise ParseError("I can't read that channel. Type # and choose from what Slack offers.")
    raise ParseError(
        f"I don't know {isolated(typed[:40])}. Please type @name and choose from what Slack offers."
    )


def _instant(ts: str) -> dt.datetime:
    return dt.datetime.fromtimestamp(float(ts), dt.UTC)
