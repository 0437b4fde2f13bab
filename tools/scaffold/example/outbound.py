"""Messages of the core, as the platform shows them. Pure. ``degrade`` has fitted them already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.chat import (
    Actions,
    Block,
    Button,
    Code,
    Divider,
    Facts,
    File,
    Footnote,
    Form,
    Heading,
    Item,
    Link,
    Message,
    Picture,
    Select,
    Text,
    in_plain_words,
)
from tools.scaffold.example.room import Drawn


def draw(message: Message) -> Drawn:
    """Return the message in plain lines. A platform that knows Markdown shows ``Text`` as it is."""
    items = [item for block in message.blocks if isinstance(block, Actions) for item in block.items]
    return Drawn(
        "\n".join(line for block in message.blocks for line in _lines(block)) or message.summary,
        {item.label: item.action for item in items if isinstance(item, Button) and item.enabled},
        {
            option.label: (item.action, option.value)
            for item in items
            if isinstance(item, Select)
            for option in item.options
        },
    )


def form_words(form: Form, errors: Mapping[str, str]) -> str:
    """Return the form in plain lines, with what is wrong."""
    lines = [form.title, *(f"{field.label}: {field.value or field.placeholder}" for field in form.fields)]
    return "\n".join([*lines, *errors.values()])


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(text) | Footnote(text):
            yield text
        case Text(markdown):
            yield in_plain_words(markdown)
        case Code(source):
            yield source
        case Facts(pairs):
            yield from (f"{label}: {value}" for label, value in pairs)
        case Picture(alt=alt):
            yield f"[{alt}]"
        case File(title=title, instead=instead):
            yield f"{title}: {instead}"
        case Divider():
            yield "---"
        case Actions(items):
            yield " ".join(_item(item) for item in items)


def _item(item: Item) -> str:
    match item:
        case Button(label=label, enabled=enabled):
            return f"[{label}]" if enabled else f"({label})"
        case Link(label, url):
            return f"{label}: {url}"
        case Select(placeholder, _, options):
            return f"{placeholder} {' | '.join(option.label for option in options)}"
