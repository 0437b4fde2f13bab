"""Forms as Discord's modals. Pure."""

from __future__ import annotations

from typing import Any

from adapters.discord.limits import MOST_FORM_PLACEHOLDER, MOST_INPUT
from bot.chat import Field, Form
from bot.toolkit.text import cut

_STRING_SELECT, _INPUT, _LABEL = 3, 4, 18
_SHORT, _LONG = 1, 2


def modal(form: Form) -> dict[str, Any]:
    """The payload of a modal. Its id and the names of its fields say what to do after a restart."""
    return {
        "custom_id": form.action,
        "title": form.title,
        "components": [
            {
                "type": _LABEL,
                "label": field.label,
                "component": _select(field) if field.options else _input(field),
            }
            for field in form.fields
        ],
    }


def _input(field: Field) -> dict[str, Any]:
    most = min(field.max_length, MOST_INPUT)
    box: dict[str, Any] = {
        "type": _INPUT,
        "custom_id": field.name,
        "style": _LONG if field.long else _SHORT,
        "required": field.required,
        "max_length": most,
    }
    if field.value:
        box["value"] = field.value[:most]
    if field.placeholder:
        box["placeholder"] = cut(field.placeholder, MOST_FORM_PLACEHOLDER)
    return box


def _select(field: Field) -> dict[str, Any]:
    chosen = field.value.split(", ") if field.several else [field.value]
    options = [
        {"label": option.label, "value": option.value, "default": option.value in chosen}
        for option in field.options
    ]
    return {
        "type": _STRING_SELECT,
        "custom_id": field.name,
        "required": field.required,
        "min_values": 1 if field.required else 0,
        "max_values": len(options) if field.several else 1,
        "options": options,
    }
