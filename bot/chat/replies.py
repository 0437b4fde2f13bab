"""Replies of the core to an interaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.chat.messages import Form, Message


class Visibility(StrEnum):
    """Visibility of a reply: only the person who acted, or the whole channel."""

    PRIVATE = "private"
    PUBLIC = "public"


class Latency(StrEnum):
    """The time until a reply comes: at once, after work worth a waiting sign, or as a form at once."""

    QUICK = "quick"
    SLOW = "slow"
    OPENS_FORM = "opens_form"


@dataclass(frozen=True, slots=True)
class ReplyPolicy:
    """The reply policy of a route.

    Platforms need it before the reply exists: they fix privacy and latency at the first acknowledgement.
    """

    visibility: Visibility = Visibility.PRIVATE
    latency: Latency = Latency.QUICK


@dataclass(frozen=True, slots=True)
class Send:
    """A reply as a new message."""

    message: Message
    visibility: Visibility = Visibility.PRIVATE


@dataclass(frozen=True, slots=True)
class Replace:
    """A reply that replaces the message that was acted on."""

    message: Message


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A reply that shows a form to the person who acted."""

    form: Form


@dataclass(frozen=True, slots=True)
class FormErrors:
    """A reply that refuses a form; ``errors`` by field name. ``form`` is the form to show again.

    The empty name holds what concerns the form as a whole.
    """

    form: Form
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoReply:
    """A reply that shows nothing; the platform's acknowledgement is enough."""


@dataclass(frozen=True, slots=True)
class SendDirect:
    """A reply for platforms without private ones: send ``message`` to the person alone.

    If that is refused, show ``notice`` in the channel instead, never the message.
    """

    message: Message
    notice: Message


Reply = Send | SendDirect | Replace | OpenForm | FormErrors | NoReply
