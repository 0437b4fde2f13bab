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
    named = message.mention_role
    role = named if named.isascii() and named.isdecimal() else ""
    mention = ({"type": _TEXT, "content": f"<@&{role}>"},) if role else ()
    texts, blocks = CAPABILITIES.max_text, CAPABILITIES.max_blocks
    fitting = message
    while True:
        components = (*mention, _container(fitting))
        every = walk(components)
        too_long = sum(len(part["content"]) for part in every if part["type"] == _TEXT) - MOST_TEXT
        too_many = len(every) - MOST_COMPONENTS
        if too_long <= 0 and too_many <= 0:
            return Shown(components, tuple(_files(fitting, pngs or {})), role)
        texts = max(texts - max(too_long, 0), 1)
        blocks = max(blocks - (too_many > 0), 1)
        reply = degrade(Send(fitting), replace(CAPABILITIES, max_text=texts, max_blocks=blocks))
        assert isinstance(reply, Send), "what can be said in private stays a message"
        fitting = reply.message


def walk(components: Sequence[Component]) -> list[Component]:
    """Return every component, each before those that are nested in it."""
    every = []
    waiting = list(reversed(components))
    while waiting:
        component = waiting.pop()
        every.append(component)
        waiting += reversed(component.get("components", ()))
    return every


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


def _container(message: Message) -> Component:
    """The blocks of a message in a frame; its summary if it has none."""
    numbers = count()
    parts = [part for block in message.blocks for part in _parts(block, numbers)]
    if not parts:
        parts = [{"type": _TEXT, "content": plain(message.summary) or "\u200b"}]
    return {"type": _CONTAINER, "accent_color": ACCENT, "components": parts}


def _parts(block: Block, numbers: Iterator[int]) -> list[Component]:
    """Return one component, or rows of buttons and menus. ``numbers`` tell the pictures apart."""
    match block:
        case Heading(text):
            content = f"### {plain(text)}"
        case Text(markdown):
            content = with_moments(markdown, timestamp)
        case Code(source, language):
            grammar = "text" if language in _PLAIN_LANGUAGES else language
            content = f"{_FENCE}{grammar}\n{source.replace(_FENCE, _BROKEN_FENCE)}\n{_FENCE}"
        case Facts(pairs):
            content = "\n".join(f"**{plain(label)}** {plain(value)}" for label, value in pairs)
        case Footnote(text):
            content = f"-# {plain(text)}"
        case Divider():
            return [{"type": _SEPARATOR, "divider": True, "spacing": 1}]
        case Picture(alt=alt):
            media = {"url": f"attachment://{_name(next(numbers))}"}
            return [{"type": _GALLERY, "items": [{"media": media, "description": cut(alt, MOST_ALT)}]}]
        case File(name):
            return [{"type": _FILE, "file": {"url": f"attachment://{name}"}}]
        case Actions(items):
            return _rows(items)
    return [{"type": _TEXT, "content": content}]


def _rows(items: Sequence[Item]) -> list[Component]:
    """Return a row for each menu, then rows of five buttons."""
    menus: list[list[Component]] = []
    buttons: list[Component] = []
    for item in items:
        match item:
            case Select():
                menus.append([_menu(item)])
            case Link(label, url):
                buttons.append({"type": _BUTTON, "style": _LINK, "label": label, "url": url})
            case Button(label, action, style):
                button = {"type": _BUTTON, "style": _STYLES[style], "label": label, "custom_id": action}
                buttons.append(button if item.enabled else {**button, "disabled": True})
    most = CAPABILITIES.max_row
    shared = [buttons[start : start + most] for start in range(0, len(buttons), most)]
    return [{"type": _ROW, "components": row} for row in (*menus, *shared)]


def _menu(item: Select) -> Component:
    return {
        "type": _STRING_SELECT,
        "custom_id": item.action,
        "placeholder": cut(item.placeholder, MOST_PLACEHOLDER),
        "options": [{"label": option.label, "value": option.value} for option in item.options],
    }
