"""Outbound messages and forms as plain data.

Every text is plain text, shown as it is, except ``Text.markdown`` (CommonMark: bold, italic, code spans,
links, lists, quotes). People's words enter Markdown only through :func:`literal`, and any other line with
more words in it through :func:`bot.toolkit.text.isolated`. An instant is named by
:func:`bot.chat.text_tokens.moment`, never written out: each reader has a time zone of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from bot.toolkit.text import isolated, visible

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


@lru_cache(maxsize=4096)
def literal(text: str) -> str:
    """Return Markdown that shows what is ``visible`` of ``text`` on one line, isolated if need be.

    CommonMark lets a backslash stand before any ASCII punctuation character (section 2.4), so no character
    of ``text`` can start a mention, link or format.
    """
    return _PUNCTUATION.sub(r"\\\g<0>", isolated(visible(text)))


class Style(StrEnum):
    """The weight of a button: one PRIMARY in a row at most; DANGER for what cannot be taken back."""

    PLAIN = "plain"
    PRIMARY = "primary"
    SUCCESS = "success"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that names what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph or more of Markdown."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Code:
    """Source shown in a fixed-width block."""

    source: str
    language: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Short label and value pairs."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as SVG and the words that stand in for it.

    The SVG brings its own background, so that it reads on light and dark pages alike. A platform
    that shows no SVG draws it with ``bot.toolkit.drawing.png_of``.
    """

    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class File:
    """A text file for its reader to keep; ``instead`` says where to read it in a chat that shows no files.

    ``title`` says what it is. Only replies that one person sees have files.
    """

    name: str
    content: str
    title: str
    instead: str


@dataclass(frozen=True, slots=True)
class Divider:
    """A thin line."""


@dataclass(frozen=True, slots=True)
class Footnote:
    """A line in small print."""

    text: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button that sends ``action`` back when pressed.

    ``aloud`` is its name for screen readers, where the label says too little by itself, such as a letter.
    """

    label: str
    action: str
    style: Style = Style.PLAIN
    enabled: bool = True
    aloud: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens ``url``."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a Select; ``value`` comes back in ``ActionInvoked.choice``."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Select:
    """A menu that sends ``action`` back with the values chosen."""

    placeholder: str
    action: str
    options: tuple[Choice, ...]


Item = Button | Link | Select


@dataclass(frozen=True, slots=True)
class Actions:
    """A row of things to press."""

    items: tuple[Item, ...]


Block = Heading | Text | Code | Facts | Picture | File | Divider | Footnote | Actions


@dataclass(frozen=True, slots=True)
class Message:
    """A message. ``summary`` is the plain line that notifications and screen readers get.

    ``mention_role`` is the role whose members are notified when it is posted; an edit names it and notifies
    nobody. ``discussion`` is the title of a conversation to open beside it. Empty is none; a platform that
    has no such thing leaves it out.
    """

    summary: str
    blocks: tuple[Block, ...]
    mention_role: str = ""
    discussion: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a Form. With ``options`` it is a choice, else a line, or lines if ``long``.

    With ``several`` any number of the options can be chosen; their values come back with ", " between.

    ``completes`` names the command and the option whose suggestions fit it too: a platform that can asks
    ``App.complete`` while it is filled in. None where there is nothing to suggest.
    """

    name: str
    label: str
    value: str = ""
    placeholder: str = ""
    long: bool = False
    required: bool = True
    max_length: int = 1000
    options: tuple[Choice, ...] = ()
    completes: tuple[str, str] | None = None
    several: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form that asks for values; ``action`` comes back with them."""

    title: str
    action: str
    fields: tuple[Field, ...]
    submit: str = "Send"


Change = Callable[[str], str]


def with_texts(message: Message, change: Change, *, on_items: Change) -> Message:
    """The message with its texts changed; ``on_items`` is for what stands on buttons and menus.

    Source code stays as it is.
    """
    blocks = tuple([_block(block, change, on_items) for block in message.blocks])
    return Message(change(message.summary), blocks, message.mention_role, message.discussion)


def form_with_texts(form: Form, change: Change) -> Form:
    """The form with its title, labels and hints changed. What a person typed stays as it is."""
    fields = tuple(_field(field, change) for field in form.fields)
    return replace(form, title=change(form.title), fields=fields, submit=change(form.submit))


def _block(block: Block, change: Change, on_items: Change) -> Block:
    match block:
        case Text(text) | Heading(text) | Footnote(text):
            return type(block)(change(text))
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
            return replace(item, label=change(label), aloud=change(name))
        case Link(label):
            return replace(item, label=change(label))
        case _:
            options = tuple(replace(option, label=change(option.label)) for option in item.options)
            return replace(item, placeholder=change(item.placeholder), options=options)


def _field(field: Field, change: Change) -> Field:
    options = tuple(replace(option, label=change(option.label)) for option in field.options)
    hint = change(field.placeholder)
    return replace(field, label=change(field.label), placeholder=hint, options=options)
