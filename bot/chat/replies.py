"""What the core answers to an interaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.chat.messages import Form, Message


class Visibility(StrEnum):
    """Who sees the reply: only the person who acted, or the whole channel."""

    PRIVATE = "private"
    PUBLIC = "public"


class Latency(StrEnum):
    """How soon a reply comes: at once, after work worth a waiting sign, or as a form at once."""

    QUICK = "quick"
    SLOW = "slow"
    OPENS_FORM = "opens_form"


@dataclass(frozen=True, slots=True)
class ReplyPolicy:
    """How a route replies.

    Platforms need it before the reply exists: they fix privacy and pace at the first acknowledgement.
    """

    visibility: Visibility = Visibility.PRIVATE
    pace: Latency = Latency.QUICK


@dataclass(frozen=True, slots=True)
class Send:
    """A new message."""

    message: Message
    visibility: Visibility = Visibility.PRIVATE


@dataclass(frozen=True, slots=True)
class Replace:
    """The message that was acted on becomes this one."""

    message: Message


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Show a form to the person who acted."""

    form: Form


@dataclass(frozen=True, slots=True)
class FormErrors:
    """The form was refused; ``errors`` by field name. ``form`` is what to show again.

    The empty name holds what concerns the form as a whole.
    """

    form: Form
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoReply:
    """Nothing to show; the platform's acknowledgement is enough."""


@dataclass(frozen=True, slots=True)
class SendDirect:
    """For platforms without private replies: send ``message`` to the person alone.

    If that is refused, show ``notice`` in the channel instead, never the message.
    """

    message: Message
    notice: Message


Reply = Send | SendDirect | Replace | OpenForm | FormErrors | NoReply
