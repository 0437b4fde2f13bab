"""Forms as Slack's views. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from adapters.slack.limits import MOST_INPUT, MOST_PLACEHOLDER
from adapters.slack.outbound import option, plain
from bot.chat import Choice, Field, Form
from bot.toolkit.text import cut

Json = dict[str, Any]

CALLBACK = "milepost-form"


@dataclass(frozen=True, slots=True)
class Place:
    """The channel and message that a form was opened from, which the form carries: Slack forgets them.

    ``home`` says that it was in App Home, with ``channel`` the direct conversation of the person.
    """

    channel: str
    message: str = ""
    home: bool = False


def view(form: Form, place: Place) -> Json:
    """The form as a modal view. What is needed to go on after a restart travels in its metadata."""
    completes = {field.name: field.completes for field in form.fields if field.completes}
    metadata = {"action": form.action, "completes": completes, **asdict(place)}
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
    """Return error texts by input; one that concerns the whole form is at its first input."""
    first = form.fields[0].name
    return {name or first: sentence for name, sentence in errors.items()}


def opened_at(sent: Mapping[str, Any]) -> tuple[str, Place]:
    """The action and the place that a view which was handed in carries. Raises KeyError or ValueError."""
    return json.loads(sent["private_metadata"])["action"], place_in(sent)


def place_in(sent: Mapping[str, Any]) -> Place:
    """The place that a view carries. Raises KeyError or ValueError."""
    metadata = json.loads(sent["private_metadata"])
    return Place(metadata["channel"], metadata.get("message", ""), metadata.get("home", False))


def completed_in(sent: Mapping[str, Any], name: str) -> tuple[str, str] | None:
    """The command and the option whose suggestions a field of the view takes; None for another field."""
    found = json.loads(sent["private_metadata"]).get("completes", {}).get(name)
    return (found[0], found[1]) if found else None


def values_of(sent: Mapping[str, Any]) -> dict[str, str]:
    """Return the values that were filled in, by field."""
    states = sent["state"]["values"]
    return {name: _value(next(iter(inputs.values()))) for name, inputs in states.items()}


def _value(state: Mapping[str, Any]) -> str:
    if "selected_options" in state:
        return ", ".join(each["value"] for each in state["selected_options"])
    chosen = state.get("selected_option")
    return (chosen or {}).get("value", "") if "selected_option" in state else state.get("value") or ""


def _input(field: Field) -> Json:
    return {
        "type": "input",
        "block_id": field.name,
        "optional": not field.required,
        "label": plain(field.label),
        "element": _element(field),
    }


def _element(field: Field) -> Json:
    if field.options:
        return _select(field)
    return _suggested(field) if field.completes else _line(field)


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
        element["placeholder"] = plain(cut(field.placeholder, MOST_PLACEHOLDER))
    return element


def _suggested(field: Field) -> Json:
    """A menu that asks what to offer while somebody types."""
    element: Json = {"type": "external_select", "action_id": field.name, "min_query_length": 1}
    if field.value:
        element["initial_option"] = option(Choice(field.value, field.value))
    if field.placeholder:
        element["placeholder"] = plain(cut(field.placeholder, MOST_PLACEHOLDER))
    return element


def _select(field: Field) -> Json:
    entries = [option(choice) for choice in field.options]
    if field.several:
        return _ticks(field, entries)
    element: Json = {"type": "static_select", "action_id": field.name, "options": entries}
    chosen = next((entry for entry in entries if entry["value"] == field.value), None)
    return {**element, "initial_option": chosen} if chosen else element


def _ticks(field: Field, entries: list[Json]) -> Json:
    """A menu in which several entries can be chosen."""
    element: Json = {"type": "multi_static_select", "action_id": field.name, "options": entries}
    chosen = [entry for entry in entries if entry["value"] in field.value.split(", ")]
    return {**element, "initial_options": chosen} if chosen else element
