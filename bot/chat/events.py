"""Inbound events: a person's act, as an adapter hands it to the core, and as the core cleans it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.domain.refs import ChannelRef, MessageRef, UserRef
from bot.domain.role_use import Denial
from bot.toolkit.text import clean_name, clean_text, storable

SOMEBODY = "Somebody"
"""Name of a person whose own name shows nothing."""

PLACE_LENGTH = 100
"""Characters of a channel's name, at most."""

EVENT_DIGEST = 32
"""Characters of an event's id as it is stored."""

_LETTER = r"\(?[a-f]\)?"
_ANSWER = re.compile(
    rf"\(?([a-e]|true|false)[).!]?|{_LETTER}(\s*(,|;|/|&|>|->|→|\band\b)\s*{_LETTER})+[.!]?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Origin:
    """The context of an event: the person, the place and the instant.

    ``event_id`` is the platform's own id of the event, the same at each redelivery. ``happened_at`` is the
    aware instant of the click, never of its processing. ``message`` is the message that was acted on, None
    for a command. ``is_admin`` says that the platform lets this person manage the place. ``zone`` is the
    IANA name from the person's profile, None when the platform tells none.
    ``cannot_post_reason`` is a sentence on what hinders Milepost from posting in the channel, or the person
    from writing there, empty where the platform tells of nothing; an adapter that must ask for it asks
    after commands that bring posts alone (``Command.brings_posts``). ``elsewhere`` is the channel's name if
    the act was in a part of it, such as a thread; empty if it was in the channel. ``doubt`` is a sentence
    on why the platform does not say whether the person may manage the place, empty where it does. ``left``
    has the workspaces that the person is known to have left: the core finds it out, no adapter need tell
    it.
    """

    event_id: str
    user: UserRef
    display_name: str
    channel: ChannelRef
    happened_at: dt.datetime
    message: MessageRef | None = None
    is_admin: bool = False
    zone: str | None = None
    cannot_post_reason: str = ""
    elsewhere: str = ""
    doubt: str = ""
    left: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CommandInvoked:
    """A command with its typed options as text, such as ``study schedule`` with ``{"kind": "quiz"}``.

    ``names`` is what the platform calls the person or role that an option names, by option; empty
    where ids are typed. ``invalid_options`` has a sentence for each option whose value the platform knows
    to be of no use in any command, such as a channel that takes no posts: the core refuses it in these
    words. ``channels`` has the channel that an option names, where the platform has found it. ``denials``
    says of each option with a purpose why the person may not use the role that it names; one is absent
    if they may.
    """

    origin: Origin
    name: str
    args: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    invalid_options: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, ChannelRef] = field(default_factory=dict)
    denials: Mapping[str, Denial] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActionInvoked:
    """A button pressed or options chosen. ``action`` is the id that the core gave to the item."""

    origin: Origin
    action: str
    choice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormSubmitted:
    """A form handed in; ``values`` by field name, an empty field as the empty string."""

    origin: Origin
    action: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReplyReceived:
    """A person answered a post of ours in writing, in its thread or as a reply to it.

    Without ``origin.message`` it was written to the channel: an adapter that reads channels hands over only
    what ``looks_like_answer``.
    """

    origin: Origin
    text: str


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """A person opened their own page, or it must be made anew: the reply is what stands there.

    For platforms with ``Capabilities.home``.
    """

    origin: Origin


Interaction = CommandInvoked | ActionInvoked | FormSubmitted | ReplyReceived | HomeOpened


def written(interaction: Interaction) -> Iterator[str]:
    """Return what the person wrote or chose, with their name: it is nobody else's, so it is in no log."""
    yield interaction.origin.display_name
    match interaction:
        case CommandInvoked(_, _, args, names):
            yield from (*args.values(), *names.values())
        case ActionInvoked(_, _, choice):
            yield from choice
        case FormSubmitted(_, _, values):
            yield from values.values()
        case ReplyReceived(_, text):
            yield text


def looks_like_answer(text: str) -> bool:
    """Tell if a text is only the label of a question's button, or several labels in a row.

    >>> [looks_like_answer(text) for text in ("B", "b)", "A, C", "maybe B")]
    [True, True, True, False]
    """
    return bool(_ANSWER.fullmatch(text.strip()))


def cleaned(interaction: Interaction) -> Interaction:
    """Return the interaction with everything that people typed, or are called, cleaned.

    Options of commands are left as they are: one may be an id, so each is cleaned where its kind is known.
    """
    origin = interaction.origin
    name = clean_name(origin.display_name) or SOMEBODY
    elsewhere = clean_name(origin.elsewhere, PLACE_LENGTH)
    if (name, elsewhere) != (origin.display_name, origin.elsewhere):
        origin = replace(origin, display_name=name, elsewhere=elsewhere)
    match interaction:
        case CommandInvoked(_, command, _, names):
            called = {storable(option): clean_name(text) for option, text in names.items()}
            named = {option: text for option, text in called.items() if text}
            return replace(interaction, origin=origin, name=storable(command), names=named)
        case ActionInvoked(_, action, choice):
            return ActionInvoked(origin, storable(action), tuple(map(storable, choice)))
        case FormSubmitted(_, action, values):
            typed = {storable(name): clean_text(value) for name, value in values.items()}
            return FormSubmitted(origin, storable(action), typed)
        case ReplyReceived(_, text):
            return ReplyReceived(origin, clean_text(text))
        case HomeOpened():
            return HomeOpened(origin)


def scoped(interaction: Interaction) -> Interaction:
    """Return the interaction with its ids as they are stored.

    A database takes each of them. The id of the event is unique to its place and person and names neither:
    platforms promise no more than that their ids are unique among themselves, and a stored id must not say
    whose event it was, so it is a digest (``storage`` digested older ones).
    """
    origin = interaction.origin
    user, channel, message = origin.user, origin.channel, origin.message
    ids = f"{user.workspace}|{user.id}|{channel.workspace}|{channel.id}|{message and message.id}"
    if storable(ids) != ids:  # as hardly ever: platforms make ids such that a database takes them
        user = replace(user, workspace=storable(user.workspace), id=storable(user.id))
        channel = replace(channel, workspace=storable(channel.workspace), id=storable(channel.id))
        message = MessageRef(channel, storable(message.id)) if message else None
    event = storable(f"{user.platform}|{user.workspace}|{user.id}|{origin.event_id}")
    event_id = hashlib.sha256(event.encode()).hexdigest()[:EVENT_DIGEST]
    origin = replace(origin, event_id=event_id, user=user, channel=channel, message=message)
    return replace(interaction, origin=origin)
