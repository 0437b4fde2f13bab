"""Forms as Slack's views. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.limits import MOST_INPUT, MOST_PLACEHOLDER
from adapters.slack.outbound import option, plain
from bot import Field, Form

Json = dict[str, Any]

CALLBACK = "milepost-form"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a form was opened; it comes back with the form, since Slack itself forgets it."""

    channel: str
    message: str = ""


def view(form: Form, place: Place) -> Json:
    """The form as a modal view. What is needed to go on after a restart travels in its metadata."""
    metadata = {"action": form.action, "channel": place.channel, "message": place.message}
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(form.title),
        "submit": plain(form.submit),
        "close": plain("Cancel"),
        "private_metadata": json.dumps(metadata),
        "blocks": [_input(field) for field in form.fields],
    }


def errors_of(form: Form, errors: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by input; what concerns the whole form is said at its first one."""
    first = form.fields[0].name
    return {name or first: sentence for name, sentence in errors.items()}


def opened_at(sent: Mapping[str, Any]) -> tuple[str, Place]:
    """The action and the place that a view which was handed in carries. Raises KeyError or ValueError."""
    metadata = json.loads(sent["private_metadata"])
    return metadata["action"], Place(metadata["channel"], metadata["message"])


def values_of(sent: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by field."""
    states = sent["state"]["values"]
    return {name: _value(next(iter(inputs.values()))) for name, inputs in states.items()}


def _value(state: Mapping[str, Any]) -> str:
    chosen = state.get("selected_option")
    return (chosen or {}).get("value", "") if "selected_option" in state else state.get("value") or ""


def _input(field: Field) -> Json:
    return {
        "type": "input",
        "block_id": field.name,
        "optional": not field.required,
        "label": plain(field.label),
        "element": _select(field) if field.options else _line(field),
    }


def _line(field: Field) -> Json:
    most = min(field.max_length, MOST_INPUT)
    element: Json = {
        "type": "plain_text_input",
        "action_id": field.name,
        "multiline": field.long,
        "max_length": most,
    }
    if field.value:
        element["initial_value"] = field.value[:most]
    if field.placeholder:
        element["placeholder"] = plain(field.placeholder[:MOST_PLACEHOLDER])
    return element


def _select(field: Field) -> Json:
    entries = [option(choice) for choice in field.options]
    element: Json = {"type": "static_select", "action_id": field.name, "options": entries}
    chosen = next((entry for entry in entries if entry["value"] == field.value), None)
    return {**element, "initial_option": chosen} if chosen else element
