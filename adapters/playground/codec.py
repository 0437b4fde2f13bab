"""Messages to plain data and back, for the transcript.

Each border value carries the name of its type; all else follows the dataclasses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from bot.chat import (
    Actions,
    Button,
    Choice,
    Code,
    Divider,
    Facts,
    File,
    Footnote,
    Heading,
    Link,
    Message,
    Picture,
    Select,
    Style,
    Text,
)

_TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        Actions,
        Button,
        Choice,
        Code,
        Divider,
        Facts,
        File,
        Footnote,
        Heading,
        Link,
        Message,
        Picture,
        Select,
        Text,
    )
}


def plain(value: Any) -> Any:
    """The value as JSON can hold it; a border type is marked with its name under ``is``."""
    if is_dataclass(value) and not isinstance(value, type):
        name = type(value).__name__
        marked = {"is": name} if name in _TYPES else {}
        return marked | {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return value


def message_from(data: Mapping[str, Any]) -> Message:
    """The reverse of :func:`plain`. Raises ValueError, KeyError or TypeError for anything else."""
    message = _rebuilt(data)
    if not isinstance(message, Message):
        raise ValueError(f"{data.get('is')!r} is no message")  # noqa: TRY004 - the data is at fault
    return message


def _rebuilt(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_rebuilt(part) for part in value)
    if not isinstance(value, dict):
        return value
    kind = _TYPES[value["is"]]
    parts = {name: _rebuilt(part) for name, part in value.items() if name != "is"}
    if kind is Button:
        parts["style"] = Style(parts["style"])
    return kind(**parts)
