"""Carry out the core's replies: messages go to the store, forms to the window that asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from adapters.playground.chat_store import ChatStore, Draft
from adapters.playground.transcript import Entry
from bot.chat import (
    ActionInvoked,
    Actions,
    Button,
    CommandInvoked,
    Form,
    FormErrors,
    FormSubmitted,
    Interaction,
    Item,
    Message,
    NoReply,
    OpenForm,
    Replace,
    Reply,
    Select,
    Send,
    SendDirect,
    Visibility,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The window's immediate answer: a form to open, or nothing."""

    form: Form | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def may_press(press: ActionInvoked, entry: Entry) -> bool:
    """Return True if the message offers this button, or lost it to this very press, sent again."""
    return _offers(press, entry) or entry.replaced_by == _mark(press)


def apply_reply(reply: Reply, interaction: Interaction, store: ChatStore) -> Answer:
    """Carry the reply out. Doing it again for the same event posts nothing twice."""
    match reply:
        case OpenForm(form):
            return Answer(form)
        case FormErrors(form, errors):
            return Answer(_keep_typed(form, interaction), errors)
        case Send(message, visibility):
            _say(message, visibility, interaction, store)
        case SendDirect(message):
            _say(message, Visibility.PRIVATE, interaction, store)
        case Replace(message):
            _replace(message, interaction, store)
        case NoReply():
            pass
    return Answer()


def _say(message: Message, visibility: Visibility, interaction: Interaction, store: ChatStore) -> None:
    origin = interaction.origin
    command = interaction if isinstance(interaction, CommandInvoked) else None
    alone = visibility is Visibility.PRIVATE or origin.channel.direct
    store.post(
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


def _replace(message: Message, interaction: Interaction, store: ChatStore) -> None:
    """Change the message acted on; if that is not the person's to change, they get the new one alone."""
    origin = interaction.origin
    entry = store.visible(origin.message.id, origin.user.id) if origin.message else None
    if entry is None or entry.message is None or not _may_replace(interaction, entry):
        _say(message, Visibility.PRIVATE, interaction, store)
    elif isinstance(interaction, ActionInvoked):
        store.edit(entry.id, message, _mark(interaction))
    else:
        store.edit(entry.id, message)


def _may_replace(interaction: Interaction, entry: Entry) -> bool:
    """Return True for the person's own message, or a message of all whose own button they pressed.

    Forms and written replies name a message of all that they have no say over. And somebody else
    may have changed it since the button was pressed.
    """
    if isinstance(interaction, ActionInvoked):
        return may_press(interaction, entry) or entry.only_for == interaction.origin.user.id
    return isinstance(interaction, FormSubmitted) and entry.only_for == interaction.origin.user.id


def _offers(press: ActionInvoked, entry: Entry) -> bool:
    blocks = entry.message.blocks if entry.message else ()
    items = (item for block in blocks if isinstance(block, Actions) for item in block.items)
    return any(_is_item(press, item) for item in items)


def _is_item(press: ActionInvoked, item: Item) -> bool:
    match item:
        case Button(action=action, enabled=enabled):
            return enabled and press.action == action and not press.choice
        case Select(action=action, options=options):
            values = {option.value for option in options}
            return press.action == action and len(press.choice) == 1 and press.choice[0] in values
        case _:
            return False


def _mark(press: ActionInvoked) -> str:
    """The press as an entry remembers it, so that a press sent again does not count as a stranger's."""
    return json.dumps([press.origin.event_id, press.action, *press.choice])


def _keep_typed(form: Form, interaction: Interaction) -> Form:
    if not isinstance(interaction, FormSubmitted):
        return form
    typed = interaction.values
    fields = (replace(f, value=f.value or typed.get(f.name, "")) for f in form.fields)
    return replace(form, fields=tuple(fields))
