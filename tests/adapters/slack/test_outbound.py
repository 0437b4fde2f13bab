"""Messages, forms and the manifest as Slack takes them."""

import json

import pytest

from adapters.slack.forms import CALLBACK, Place, completed_in, errors_of, opened_at, values_of, view
from adapters.slack.limits import CAPABILITIES
from adapters.slack.manifest import EVERYTHING, manifest
from adapters.slack.outbound import action_of, blocks, summary
from bot.chat import (
    Actions,
    Button,
    Choice,
    Code,
    Divider,
    Facts,
    Field,
    Footnote,
    Form,
    Heading,
    Link,
    Message,
    Picture,
    Select,
    Send,
    Style,
    Text,
    degrade,
)
from bot.handlers import all_routes


def shown(*parts):
    return blocks(Message("Summary", parts))


def test_each_block_has_its_place():
    found = shown(
        Heading("Question"), Text("Why?"), Code("x = 1", "python"), Facts((("Streak", "3 days"),)),
        Picture("<svg/>", "A calendar"), Divider(), Footnote("Small"),
    )  # fmt: skip
    assert [block["type"] for block in found] == [
        "header", "rich_text", "rich_text", "rich_text", "context", "divider", "context",
    ]  # fmt: skip
    assert found[4]["elements"][0]["text"] == "A calendar"


def test_an_uploaded_picture_is_shown_with_its_words():
    picture, other = Picture("<svg/>", "A calendar"), Picture("<svg></svg>", "Another")
    image, words = blocks(Message("Summary", (picture, other)), {picture: "F1"})
    assert image == {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A calendar"}
    assert words["elements"][0]["text"] == "Another"


def test_buttons_and_menus_send_the_cores_action_back():
    (row,) = shown(
        Actions(
            (
                Button("A", "mp1|quiz.answer|o=a;p=1", Style.PRIMARY),
                Button("B", "mp1|quiz.answer|o=a;p=1"),
                Link("Docs", "https://docs.python.org"),
                Select("Choose", "mp1|roadmap.step|", (Choice("One", "1"),)),
            )
        )
    )
    ids = [element["action_id"] for element in row["elements"]]
    assert len(set(ids)) == 4
    assert [action_of(found) for found in ids] == [
        "mp1|quiz.answer|o=a;p=1", "mp1|quiz.answer|o=a;p=1", "", "mp1|roadmap.step|",
    ]  # fmt: skip
    assert row["elements"][0]["style"] == "primary"
    assert "style" not in row["elements"][1]


def test_a_button_that_cannot_be_pressed_is_words():
    (note,) = shown(Actions((Button("Closed", "mp1|x|", enabled=False),)))
    assert (note["type"], note["elements"][0]["text"]) == ("context", "Closed")


def test_a_long_heading_is_a_bold_line():
    (block,) = shown(Heading("x" * 151))
    assert block["elements"][0]["elements"][0]["style"] == {"bold": True}


@pytest.mark.parametrize("words", ["<!channel>", "<@U1>", "a & b <b>"])
def test_nothing_in_a_summary_is_a_mention(words):
    assert "<" not in summary(Message(words, ()))


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


def test_the_longest_message_keeps_within_slacks_limits():
    parts = [Text("word " * 900) for _ in range(30)]
    parts += [Actions(tuple(Button(f"Button {n} {'x' * 90}", f"mp1|x|n={n}") for n in range(12)))] * 8
    reply = degrade(Send(Message("s" * 5000, tuple(parts))), CAPABILITIES)
    found = blocks(reply.message)
    assert len(found) <= 50
    assert len(json.dumps(found)) < 40_000
    for block in found:
        for element in block.get("elements", ()):
            if element.get("type") == "button":
                assert len(element["text"]["text"]) <= 75


def test_the_manifest_has_every_command_and_no_more_than_is_needed():
    commands = tuple(all_routes().commands.values())
    made = manifest(commands)
    names = [command["command"] for command in made["features"]["slash_commands"]]
    assert set(names) >= {
        "/progress", "/quiz", "/roadmap", "/streak", "/leaderboard", "/challenge", "/study",
        f"/{EVERYTHING}",
    }  # fmt: skip
    assert "/help" not in names
    assert len(names) == len(set(names)) <= 50
    assert made["settings"]["socket_mode_enabled"]
    assert "url" not in made["features"]["slash_commands"][0]
    assert not any(
        "write.customize" in scope or "admin" in scope for scope in made["oauth_config"]["scopes"]["bot"]
    )
    public = manifest(commands, url="https://milepost.example")
    assert not public["settings"]["socket_mode_enabled"]
    assert all(command["url"].startswith("https://") for command in public["features"]["slash_commands"])
