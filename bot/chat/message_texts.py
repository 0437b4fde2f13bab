"""Changes to every text of a message or form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.chat.messages import (
    Actions,
    Block,
    Button,
    Facts,
    Field,
    Footnote,
    Form,
    Heading,
    Item,
    Link,
    Message,
    Picture,
    Text,
)

Change = Callable[[str], str]


def with_texts(message: Message, change: Change, *, on_items: Change) -> Message:
    """The message with its texts changed; ``on_items`` is for what stands on buttons and menus.

    Source code stays as it is.
    """
    blocks = tuple([_block(block, change, on_items) for block in message.blocks])
    return Message(change(message.summary), blocks, message.calls, message.discussion)


def form_with_texts(form: Form, change: Change) -> Form:
    """The form with its title, labels and hints changed. What a person typed stays as it is."""
    fields = tuple(_field(field, change) for field in form.fields)
    return replace(form, title=change(form.title), fields=fields, submit=change(form.submit))


def _block(block: Block, change: Change, on_items: Change) -> Block:
    match block:
        case Text(text) | Heading(text) | Footnote(text):
            changed = change(text)
            return block if changed is text else type(block)(changed)
        case Facts(pairs):
            return Facts(tuple([(change(label), change(value)) for label, value in pairs]))
        case Picture(svg, alt):
            return Picture(svg, on_items(alt))
        case Actions(items):
            return Actions(tuple([_item(item, on_items) for item in items]))
        case _:
            return block


def _item(item: Item, change: Change) -> Item:
    match item:
        case Button(label, aloud=name):
            changed, said = change(label), change(name)
            same = changed is label and said is name
            return item if same else replace(item, label=changed, aloud=said)
        case Link(label):
            return replace(item, label=change(label))
        case _:
            options = tuple(replace(option, label=change(option.label)) for option in item.options)
            return replace(item, placeholder=change(item.placeholder), options=options)


def _field(field: Field, change: Change) -> Field:
    options = tuple(replace(option, label=change(option.label)) for option in field.options)
    hint = change(field.placeholder)
    return replace(field, label=change(field.label), placeholder=hint, options=options)
