"""Convert the page's requests to interactions. Pure: the time and the places are arguments."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.playground.config import (
    PLATFORM,
    Person,
    PlaygroundConfig,
    channel_ref,
    direct_person,
    user_ref,
)
from adapters.playground.people import among
from bot.chat import (
    ActionInvoked,
    Command,
    CommandInvoked,
    FormSubmitted,
    Kind,
    MessageRef,
    Origin,
    ParsedCommand,
    ReplyReceived,
    read_command,
)
from bot.toolkit.text import clean_text, storable

MOST_BYTES = 256 * 1024
MOST_TEXT = 4_000
_MOST_VALUE = 12_000
_MOST_VALUES = 50

_EVENT = re.compile(r"[0-9a-zA-Z-]{8,64}\Z")


class BadRequest(ValueError):
    """The page sent what it never should. Its text is one sentence for the person."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A person's own words to the others, of no concern to the core."""

    origin: Origin
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON object of which every part is checked as it is taken out."""

    parts: Mapping[str, Any]

    @classmethod
    def parse(cls, raw: bytes) -> Body:
        """Read the bytes of a request. Raises BadRequest unless they are a JSON object."""
        try:
            parts = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise BadRequest("That request couldn't be read. Please reload the page.") from error
        if not isinstance(parts, dict):
            raise BadRequest("That request wasn't an object. Please reload the page.")
        return cls(parts)

    def text(self, name: str, most: int = 200) -> str:
        """A text of at most ``most`` characters, empty if it is absent."""
        return _clean(name, self.parts.get(name, ""), most)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, empty if it is absent."""
        values = self.parts.get(name, [])
        if not isinstance(values, list) or len(values) > _MOST_VALUES:
            raise BadRequest(f"The part {name!r} of that request is not a short list.")
        return tuple(_clean(name, value, 200) for value in values)

    def mapping(self, name: str) -> dict[str, str]:
        """Texts by name, empty if it is absent."""
        values = self.parts.get(name, {})
        if not isinstance(values, dict) or len(values) > _MOST_VALUES:
            raise BadRequest(f"The part {name!r} of that request is not a short mapping.")
        return {_clean(name, key, 200): _clean(name, value, _MOST_VALUE) for key, value in values.items()}


def person_of(body: Body, config: PlaygroundConfig) -> Person:
    """Return who acts. Raises BadRequest for a stranger."""
    person = config.person(body.text("as"))
    if person is None:
        raise BadRequest("Nobody of that name is here. Choose a person in the sidebar.")
    return person


def channel_of(body: Body, person: Person, config: PlaygroundConfig) -> str:
    """Return the channel that is meant. Raises BadRequest for one that this person does not have."""
    channel = body.text("channel")
    if not config.has_channel(channel) or direct_person(channel) not in {None, person.id}:
        raise BadRequest("That channel doesn't exist. Choose one in the sidebar.")
    return channel


def event_in(body: Body) -> str:
    """Return the id that the page gave to one act, the same in retries. Raises BadRequest."""
    event = body.text("event")
    if not _EVENT.match(event):
        raise BadRequest("That request had no event id. Please reload the page.")
    return event


def event_of(body: Body, person: Person) -> str:
    """The id of one click or one sending, told apart from other people's. Raises BadRequest without one."""
    # Neither a person's id nor the page's part can hold a colon.
    return f"{PLATFORM}:{person.id}:{event_in(body)}"


def origin_of(body: Body, config: PlaygroundConfig, now: dt.datetime) -> Origin:
    """Return who acts, where and when. The browser makes one event id a click, the same in retries."""
    person = person_of(body, config)
    message = body.text("message")
    place = channel_ref(channel_of(body, person, config))
    return Origin(
        event_id=event_of(body, person),
        user=user_ref(person.id),
        display_name=person.name,
        channel=place,
        happened_at=now,
        message=MessageRef(place, message) if message else None,
        is_admin=person.organiser,
        zone=person.zone,
    )


def said(
    body: Body, origin: Origin, commands: Sequence[Command], config: PlaygroundConfig
) -> CommandInvoked | ReplyReceived | Chat:
    """Typed text: a command after a slash, a reply when it answers a message, else chat.

    Raises BadRequest for empty text and ParseError for a command that cannot be sent.
    """
    typed = body.text("text", MOST_TEXT).strip()
    text = clean_text(typed)
    if not text:
        raise BadRequest("Type something to send first.")
    if origin.message:
        return ReplyReceived(origin, text)
    if not text.startswith("/"):
        return Chat(origin, text)
    read = read_command(typed, commands, among(config.people, config.channels))
    named = [option.name for option in read.command.options if option.kind is Kind.CHANNEL]
    channels = {name: channel_ref(read.args[name]) for name in named if name in read.args}
    called = {name: f"#{dict(config.channels)[ref.id]}" for name, ref in channels.items()}
    called |= _people_called(read, config)
    return CommandInvoked(origin, read.command.name, read.args, called, channels=channels)


def _people_called(read: ParsedCommand, config: PlaygroundConfig) -> dict[str, str]:
    """The names of the people whom the command's options name, by option."""
    named = [option.name for option in read.command.options if option.kind is Kind.MEMBER]
    people = {name: config.person(read.args[name]) for name in named if name in read.args}
    return {name: person.name for name, person in people.items() if person}


def pressed(body: Body, origin: Origin) -> ActionInvoked:
    """A button pressed or an option chosen. Raises BadRequest without a message or an action.

    Whether the message has such a button is for the room to say.
    """
    action = body.text("action")
    if not action or origin.message is None:
        raise BadRequest("That button isn't known. Please reload the page.")
    return ActionInvoked(origin, action, body.texts("choice"))


def form_sent(body: Body, origin: Origin) -> FormSubmitted:
    """A form handed in. Raises BadRequest without an action."""
    action = body.text("action")
    if not action:
        raise BadRequest("That form isn't known. Please reload the page.")
    return FormSubmitted(origin, action, body.mapping("values"))


def _clean(name: str, value: Any, most: int) -> str:
    if not isinstance(value, str):
        raise BadRequest(f"The part {name!r} of that request is not text.")
    if len(value) > most:
        raise BadRequest(f"That is too long: {len(value)} characters, and {most} is the most.")
    return storable(value.replace("\r\n", "\n"))
