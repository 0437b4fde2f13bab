"""Convert the core's messages to Discord's Components V2. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count
from typing import Any

from adapters.discord.limits import (
    CAPABILITIES,
    MOST_ALT,
    MOST_COMPONENTS,
    MOST_PLACEHOLDER,
    MOST_TEXT,
)
from bot.chat import (
    Actions,
    Block,
    Button,
    Code,
    Divider,
    Facts,
    File,
    Footnote,
    Heading,
    Item,
    Link,
    Message,
    Moment,
    Picture,
    Select,
    Send,
    Style,
    Text,
    TimeStyle,
    degrade,
    pieces,
    with_moments,
)
from bot.toolkit.drawing import png_of
from bot.toolkit.text import cut, visible

Component = dict[str, Any]

ACCENT = 0x2F74BD
_ROW, _BUTTON, _STRING_SELECT, _TEXT, _GALLERY, _FILE, _SEPARATOR, _CONTAINER = 1, 2, 3, 10, 12, 13, 14, 17
_STYLES = {Style.PRIMARY: 1, Style.PLAIN: 2, Style.SUCCESS: 3, Style.DANGER: 4}
_LINK = 5
_FENCE = "```"
_BROKEN_FENCE = "`\u200b`\u200b`"
_PLAIN_LANGUAGES = frozenset({"log", "traceback"})
"""Languages that highlight.js, which colours Discord's blocks, has no grammar for."""

_MEANT = re.compile(r"([\\*_~`|<>\[\]#@]|:(?=//|\w+:))")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that a message shows or brings."""

    name: str
    content: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A message for Discord: its components, the files that these refer to, and the role it mentions."""

    components: tuple[Component, ...]
    files: tuple[Attached, ...] = ()
    mention_role: str = ""


def shown(message: Message, pngs: Mapping[Picture, bytes] | None = None) -> Shown:
    """The message in components. What grows beyond a limit by its marks is cut once more.

    ``pngs`` are the pictures that have been drawn; the others are drawn here.
    """
    texts, blocks = CAPABILITIES.max_text, CAPABILITIES.max_blocks
    fitting = message
    while True:
        components = _components(fitting)
        too_long, too_many = _excess(components)
        if too_long <= 0 and too_many <= 0:
            return Shown(components, tuple(_files(fitting, pngs or {})), _role(message))
        texts = max(texts - max(too_long, 0), 1)
        blocks = max(blocks - (too_many > 0), 1)
        reply = degrade(Send(fitting), replace(CAPABILITIES, max_text=texts, max_blocks=blocks))
        assert isinstance(reply, Send), "what can be said in private stays a message"
        fitting = reply.message


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Escape the visible part of a text: nothing in it formats, links or mentions but its instants.

    Only what means something to Discord is escaped, so that previews without Markdown stay readable.
    """
    return "".join(
        _MEANT.sub(r"\\\1", piece) if isinstance(piece, str) else timestamp(piece)
        for piece in pieces(visible(text))
    )


def timestamp(moment: Moment) -> str:
    """The instant as each reader's own client shows it. Source: "Message formatting", timestamps."""
    match moment.style:
        case TimeStyle.TIME:
            return f"<t:{moment.unix}:t>"
        case TimeStyle.UNTIL:
            return f"<t:{moment.unix}:f> (<t:{moment.unix}:R>)"
        case TimeStyle.AT:
            return f"<t:{moment.unix}:f>"


def walk(components: Sequence[Component]) -> Iterator[Component]:
    """Every component, nested ones included."""
    for component in components:
        yield component
        yield from walk(component.get("components", ()))


def _excess(components: Sequence[Component]) -> tuple[int, int]:
    """Characters and components beyond what Discord takes."""
    every = list(walk(components))
    length = sum(len(part["content"]) for part in every if part["type"] == _TEXT)
    return length - MOST_TEXT, len(every) - MOST_COMPONENTS


def _files(message: Message, pngs: Mapping[Picture, bytes]) -> Iterator[Attached]:
    pictures = [block for block in message.blocks if isinstance(block, Picture)]
    for number, picture in enumerate(pictures):
        png = pngs.get(picture) or png_of(picture)
        yield Attached(_name(number), png, cut(picture.alt, MOST_ALT))
    for block in message.blocks:
        if isinstance(block, File):
            yield Attached(block.name, block.content.encode(), cut(block.title, MOST_ALT))


def _name(number: int) -> str:
    return f"picture-{number}.png"


def _components(message: Message) -> tuple[Component, ...]:
    numbers = count()
    inner = [part for block in message.blocks for part in _parts(block, numbers)]
    container = {
        "type": _CONTAINER,
        "accent_color": ACCENT,
        "components": inner or [_text(plain(message.summary) or "\u200b")],
    }
    role = _role(message)
    return (_text(f"<@&{role}>"), container) if role else (container,)


def _role(message: Message) -> str:
    """The id of the role to mention, empty for none and for what is no id."""
    return (
        message.mention_role if message.mention_role.isascii() and message.mention_role.isdecimal() else ""
    )


def _parts(block: Block, numbers: Iterator[int]) -> Iterator[Component]:
    match block:
        case Heading(text):
            yield _text(f"### {plain(text)}")
        case Text(markdown):
            yield _text(with_moments(markdown, timestamp))
        case Code(source, language):
            grammar = "text" if language in _PLAIN_LANGUAGES else language
            yield _text(f"{_FENCE}{grammar}\n{source.replace(_FENCE, _BROKEN_FENCE)}\n{_FENCE}")
        case Facts(pairs):
            yield _text("\n".join(f"**{plain(label)}** {plain(value)}" for label, value in pairs))
        case Footnote(text):
            yield _text(f"-# {plain(text)}")
        case Divider():
            yield {"type": _SEPARATOR, "divider": True, "spacing": 1}
        case Picture(alt=alt):
            media = {"url": f"attachment://{_name(next(numbers))}"}
            yield {"type": _GALLERY, "items": [{"media": media, "description": cut(alt, MOST_ALT)}]}
        case File(name):
            yield {"type": _FILE, "file": {"url": f"attachment://{name}"}}
        case Actions(items):
            yield from _rows(items)


def _text(content: str) -> Component:
    return {"type": _TEXT, "content": content}


def _rows(items: Sequence[Item]) -> Iterator[Component]:
    """A menu has a row of its own; buttons share rows of five."""
    buttons: list[Component] = []
    for item in items:
        if isinstance(item, Select):
            yield _row(_menu(item))
        else:
            buttons.append(_button(item))
    for start in range(0, len(buttons), CAPABILITIES.max_row):
        yield _row(*buttons[start : start + CAPABILITIES.max_row])


def _row(*components: Component) -> Component:
    return {"type": _ROW, "components": list(components)}


def _button(item: Button | Link) -> Component:
    if isinstance(item, Link):
        return {"type": _BUTTON, "style": _LINK, "label": item.label, "url": item.url}
    style = _STYLES[item.style]
    button = {"type": _BUTTON, "style": style, "label": item.label, "custom_id": item.action}
    return button if item.enabled else {**button, "disabled": True}


def _menu(item: Select) -> Component:
    return {
        "type": _STRING_SELECT,
        "custom_id": item.action,
        "placeholder": cut(item.placeholder, MOST_PLACEHOLDER),
        "options": [{"label": option.label, "value": option.value} for option in item.options],
    }
