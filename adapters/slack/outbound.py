"""Convert the core's messages to Block Kit. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from adapters.slack.limits import (
    MOST_ALOUD,
    MOST_ALT,
    MOST_BUTTON,
    MOST_CONTEXT,
    MOST_HEADER,
    MOST_OPTION_VALUE,
    MOST_PLACEHOLDER,
)
from adapters.slack.mrkdwn import escaped
from adapters.slack.richtext import date_format, inline, preformatted, rich_text, section, text
from bot.chat import (
    Actions,
    Block,
    Button,
    Choice,
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
    Style,
    Text,
    aloud,
    in_words,
    pieces,
)
from bot.toolkit.text import cut, visible

Json = dict[str, Any]

_NO_MARKS = str.maketrans({mark: f"{mark}\u2060" for mark in "*_~`"})
"""A mark that is followed by a word joiner begins no format."""

_STYLES = {Style.PRIMARY: "primary", Style.SUCCESS: "primary", Style.DANGER: "danger"}


def blocks(message: Message, files: Mapping[Picture, str] | None = None) -> list[Json]:
    """The message in blocks. A picture that is not among the uploaded ``files`` is said in words."""
    numbers, uploaded = count(), files or {}
    return [part for block in message.blocks for part in _shown(block, numbers, uploaded)]


def summary(message: Message) -> str:
    """The text for notifications and screen readers, to whom Slack gives no blocks."""
    return marked(aloud(message, MOST_ALOUD)) or " "


def marked(words: str) -> str:
    """Return the text with instants in each reader's zone. Source: "Formatting text", date formatting."""
    return "".join(escaped(piece) if isinstance(piece, str) else _date(piece) for piece in pieces(words))


def _date(moment: Moment) -> str:
    return f"<!date^{moment.unix}^{date_format(moment)}|{escaped(moment.words)}>"


def plain(words: str) -> Json:
    """A text object in which nothing is formatted, linked or turned into a picture."""
    return {"type": "plain_text", "text": in_words(words) or " ", "emoji": False}


def action_of(action_id: str) -> str:
    """The core's action behind a component: in front stands a number, since ids must differ."""
    return action_id.partition("|")[2]


def option(choice: Choice) -> Json:
    """One entry of a menu."""
    return {"text": plain(cut(choice.label, MOST_BUTTON)), "value": choice.value[:MOST_OPTION_VALUE]}


def _shown(block: Block, numbers: Iterator[int], files: Mapping[Picture, str]) -> Iterator[Json]:
    if isinstance(block, Picture) and block in files:
        alt = cut(visible(block.alt), MOST_ALT) or " "
        yield {"type": "image", "slack_file": {"id": files[block]}, "alt_text": alt}
    elif isinstance(block, File):
        yield {
            "type": "context",
            "elements": [plain(f"{visible(block.name)} is in your messages with me.")],
        }
    else:
        yield from _parts(block, numbers)


def _parts(block: Block, numbers: Iterator[int]) -> Iterator[Json]:
    match block:
        case Heading(words) if len(words) <= MOST_HEADER and words == in_words(words):
            yield {"type": "header", "text": plain(visible(words))}
        case Heading(words):
            yield _rich(section(*inline(visible(words), bold=True)))
        case Text(markdown):
            yield rich_text(markdown)
        case Code(source, _):
            yield _rich(preformatted(source))
        case Facts(pairs):
            yield _rich(*(section(*_pair(label, value, n)) for n, (label, value) in enumerate(pairs)))
        case Footnote(words):
            yield {"type": "context", "elements": [_small(visible(words))]}
        case Picture(alt=alt):
            yield {"type": "context", "elements": [plain(cut(visible(alt), MOST_CONTEXT))]}
        case Divider():
            yield {"type": "divider"}
        case Actions(items):
            yield from _row(items, numbers)


def _rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def _pair(label: str, value: str, number: int) -> list[Json]:
    start = "\n" if number else ""
    return [text(f"{start}{visible(label)} ", bold=True), *inline(visible(value) or " ")]


def _small(words: str) -> Json:
    """Small print; with an instant it must be text in which Slack reads marks, so nothing else is one."""
    if words == in_words(words):
        return plain(cut(words, MOST_CONTEXT))
    return {"type": "mrkdwn", "text": marked(words.translate(_NO_MARKS)), "verbatim": True}


def _row(items: Sequence[Item], numbers: Iterator[int]) -> Iterator[Json]:
    """Slack knows no button that cannot be pressed: what such a one says stays as small print."""
    pressed = [item for item in items if not isinstance(item, Button) or item.enabled]
    resting = [item.label for item in items if isinstance(item, Button) and not item.enabled]
    if pressed:
        yield {"type": "actions", "elements": [_element(item, next(numbers)) for item in pressed]}
    if resting:
        yield {"type": "context", "elements": [plain(" · ".join(map(visible, resting)))]}


def _element(item: Item, number: int) -> Json:
    match item:
        case Button(label, action, style, aloud=name):
            button = {"type": "button", "text": plain(label), "action_id": f"{number}|{action}"}
            named = {"accessibility_label": name[:MOST_BUTTON]} if name else {}
            return {**button, **named, **({"style": _STYLES[style]} if style in _STYLES else {})}
        case Link(label, url):
            return {"type": "button", "text": plain(label), "action_id": f"{number}|", "url": url}
        case Select(placeholder, action, options):
            return {
                "type": "static_select",
                "action_id": f"{number}|{action}",
                "placeholder": plain(cut(placeholder, MOST_PLACEHOLDER)),
                "options": [option(choice) for choice in options],
            }
