"""What becomes of the core's reply: messages go to the room, forms to the one window that asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from adapters.playground.room import Draft, Room
from bot import (
    CommandUsed,
    Form,
    FormErrors,
    FormSent,
    Interaction,
    Message,
    OpenForm,
    Quiet,
    Replace,
    Reply,
    ReplyWritten,
    Say,
    SayDirect,
    Visibility,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the window gets at once. Without a form there is nothing more to do for it."""

    form: Form | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def settle(reply: Reply, interaction: Interaction, room: Room) -> Answer:
    """Carry the reply out. Doing it again for the same event posts nothing twice."""
    match reply:
        case OpenForm(form):
            return Answer(form)
        case FormErrors(form, errors):
            return Answer(_keep_typed(form, interaction), errors)
        case Say(message, visibility):
            _say(message, visibility, interaction, room)
        case SayDirect(message):
            _say(message, Visibility.PRIVATE, interaction, room)
        case Replace(message):
            _replace(message, interaction, room)
        case Quiet():
            pass
    return Answer()


def _say(message: Message, visibility: Visibility, interaction: Interaction, room: Room) -> None:
    origin = interaction.origin
    command = interaction if isinstance(interaction, CommandUsed) else None
    alone = visibility is Visibility.PRIVATE or origin.channel.direct
    room.post(
        Draft(
            channel=origin.channel.id,
            message=message,
            only_for=origin.user.id if alone else "",
            reply_to=origin.message.id if origin.message else "",
            by=origin.user.id if command else "",
            used=command.name if command else "",
            key=f"reply:{origin.event_id}",
        )
    )


def _replace(message: Message, interaction: Interaction, room: Room) -> None:
    """Change the message acted on; if it is no longer there, the person gets the new one alone."""
    acted_on = interaction.origin.message
    # A written reply answers a post of all, which its writer has no say over.
    if acted_on and not isinstance(interaction, ReplyWritten):
        try:
            room.edit(acted_on.id, message)
        except LookupError:
            pass
        else:
            return
    _say(message, Visibility.PRIVATE, interaction, room)


def _keep_typed(form: Form, interaction: Interaction) -> Form:
    if not isinstance(interaction, FormSent):
        return form
    typed = interaction.values
    fields = (replace(f, value=f.value or typed.get(f.name, "")) for f in form.fields)
    return replace(form, fields=tuple(fields))
