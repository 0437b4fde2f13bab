"""Forms as Slack takes them, and what they carry."""

import json

from adapters.slack.forms import CALLBACK, Place, completed_in, errors_of, opened_at, values_of, view
from bot.chat import (
    Choice,
    Field,
    Form,
)


def test_a_field_with_suggestions_asks_for_them_while_it_is_filled_in():
    zone = Field("zone", "Zone", "Europe/Berlin", "Such as UTC", completes=("study setup", "zone"))
    made = view(Form("Set up", "mp1|setup.sent|", (zone, Field("why", "Why"))), Place("C1"))
    element = made["blocks"][0]["element"]
    assert (element["type"], element["initial_option"]["value"]) == ("external_select", "Europe/Berlin")
    assert completed_in(made, "zone") == ("study setup", "zone")
    assert completed_in(made, "why") is None
    state = {"zone": {"zone": {"type": "external_select", "selected_option": {"value": "UTC"}}}}
    assert values_of({"state": {"values": state}}) == {"zone": "UTC"}


def test_a_form_opened_by_an_older_version_is_still_read():
    older = {"private_metadata": json.dumps({"action": "mp1|x|", "channel": "C1", "message": "1.2"})}
    assert opened_at(older) == ("mp1|x|", Place("C1", "1.2"))
    assert completed_in(older, "zone") is None


def test_a_form_carries_what_is_needed_to_go_on():
    fields = (
        Field("zone", "Zone", "Europe/Berlin", "Such as UTC"),
        Field("why", "Why", long=True, required=False, max_length=5000),
        Field("pack", "Roadmap", "b", options=(Choice("A", "a"), Choice("B", "b"))),
    )
    form = Form("Set up", "mp1|setup.sent|", fields)
    made = view(form, Place("C1", "12.3"))
    assert (made["callback_id"], made["title"]["text"]) == (CALLBACK, "Set up")
    zone, why, pack = made["blocks"]
    assert zone["element"]["initial_value"] == "Europe/Berlin"
    assert (why["optional"], why["element"]["multiline"], why["element"]["max_length"]) == (
        True,
        True,
        3000,
    )
    assert pack["element"]["initial_option"]["value"] == "b"
    assert opened_at(made) == ("mp1|setup.sent|", Place("C1", "12.3"))
    assert len(made["private_metadata"]) <= 3000
    assert errors_of(form, {"": "All wrong.", "why": "Too long."}) == {
        "zone": "All wrong.",
        "why": "Too long.",
    }
    state = {
        "zone": {"zone": {"type": "plain_text_input", "value": "UTC"}},
        "why": {"why": {"type": "plain_text_input", "value": None}},
        "pack": {"pack": {"type": "static_select", "selected_option": {"value": "a"}}},
    }
    assert values_of({"state": {"values": state}}) == {"zone": "UTC", "why": "", "pack": "a"}
