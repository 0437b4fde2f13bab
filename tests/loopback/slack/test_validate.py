"""Refusals of the loopback Slack are those of Slack: each limit is exceeded once and met once."""

from types import SimpleNamespace

import pytest

from tests.loopback.slack import LoopbackSlack, validate
from tests.loopback.slack.refusals import Refused


def words(text, kind="plain_text"):
    return {"type": kind, "text": text}


def section(text="x", **more):
    return {"type": "section", "text": words(text, "mrkdwn"), **more}


def button(**more):
    return {"type": "button", "text": words("B"), **more}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def select(*options, **more):
    return {"type": "static_select", "options": list(options), **more}


def option(label="One", value="1"):
    return {"text": words(label), "value": value}


def message(blocks, **body):
    """The problems of a message with these blocks, through the validator that every call passes."""
    server, team = LoopbackSlack(), SimpleNamespace(files={})
    try:
        validate.message(server, team, {"text": "x", "blocks": blocks, **body})
    except Refused as refusal:
        return refusal.error, " ".join(refusal.problems)
    return None, " ".join(sentence for refusal in server.refused for sentence in refusal.problems)


PASS = [
    [section()] * 50,
    [section("x" * 3000)],
    [{"type": "section", "fields": [words("x" * 1000)] * 10}],
    [{"type": "header", "text": words("x" * 150)}],
    [{"type": "context", "elements": [words("x")] * 10}],
    [{"type": "markdown", "text": "x" * 12_000}],
    [actions(*[button(action_id=f"a{n}") for n in range(25)])],
    [actions(button(text=words("x" * 75), value="x" * 2000, action_id="x" * 255))],
    [actions(select(*[option("x" * 75, f"{n:0150}") for n in range(100)], placeholder=words("x" * 150)))],
    [{"type": "image", "alt_text": "x" * 2000, "image_url": "https://x/" + "y" * 2990}],
    [section(accessory=button(confirm={"title": words("x" * 100), "text": words("x" * 300),
                                       "confirm": words("Yes"), "deny": words("No")}))],
    [section(block_id="a"), section(block_id="b")],
    [{"type": "divider"}, {"type": "rich_text", "elements": []}],
]  # fmt: skip

REFUSE = [
    ([section()] * 51, "no more than 50"),
    ([section("")], "/blocks/0/text/text"),
    ([section("x" * 3001)], "less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ([{"type": "section"}], "text or fields"),
    ([{"type": "section", "fields": [words("x")] * 11}], "no more than 10"),
    ([{"type": "section", "fields": [words("x" * 2001)]}], "/fields/0/text"),
    ([{"type": "header", "text": words("x" * 151)}], "151"),
    ([{"type": "header", "text": words("x", "mrkdwn")}], "must be one of plain_text"),
    ([{"type": "context", "elements": [words("x")] * 11}], "no more than 10"),
    ([{"type": "context", "elements": []}], "no fewer than 1"),
    ([{"type": "markdown", "text": "x" * 6001}] * 2, "12001 characters in all"),
    ([actions(*[button()] * 26)], "no more than 25"),
    ([actions(button(text=words("x" * 76)))], "/elements/0/text/text"),
    ([actions(button(value="x" * 2001))], "/elements/0/value"),
    ([actions(button(action_id="x" * 256))], "/elements/0/action_id"),
    ([actions(button(style="loud"))], "primary, danger"),
    ([actions(button(disabled=True))], "invalid additional property: disabled"),
    ([actions(button(action_id="a"), button(action_id="a"))], "action_id must be unique: a"),
    ([section(block_id="a"), section(block_id="a")], "block_id must be unique: a"),
    ([section(block_id="x" * 256)], "/blocks/0/block_id"),
    ([actions(select(*[option(value=str(n)) for n in range(101)]))], "no more than 100"),
    ([actions(select(option("x" * 76)))], "/options/0/text/text"),
    ([actions(select(option(value="x" * 151)))], "/options/0/value"),
    ([actions(select(option(), placeholder=words("x" * 151)))], "/placeholder/text"),
    ([actions(select(option(), initial_option=option("Two", "2")))], "initial option"),
    ([actions(select())], "no fewer than 1"),
    ([actions({"type": "plain_text_input"})], "unsupported type: plain_text_input"),
    ([section(accessory=button(confirm={"title": words("x")}))], "missing required field: confirm"),
    ([{"type": "image", "image_url": "https://x/y"}], "/blocks/0/alt_text"),
    ([{"type": "image", "alt_text": "x" * 2001, "image_url": "https://x/y"}], "/blocks/0/alt_text"),
    ([{"type": "image", "alt_text": "x", "image_url": "https://x/" + "y" * 2991}], "/image_url"),
    ([{"type": "image", "alt_text": "x"}], "exactly one of image_url and slack_file"),
    ([{"type": "image", "alt_text": "x", "slack_file": {"id": "F404"}}], "invalid slack file"),
    ([{"type": "input", "label": words("x"), "element": {"type": "plain_text_input"}}], "not allowed in a"),
    ([{"type": "carousel"}], "unsupported type: carousel"),
    (["text"], "array of objects"),
    ("text", "array of objects"),
]  # fmt: skip


@pytest.mark.parametrize("blocks", PASS, ids=range(len(PASS)))
def test_what_fits_is_taken(blocks):
    assert message(blocks) == (None, "")


@pytest.mark.parametrize(("blocks", "why"), REFUSE, ids=[why for _, why in REFUSE])
def test_what_does_not_fit_is_refused_and_says_where(blocks, why):
    error, said = message(blocks)
    assert error == "invalid_blocks"
    assert why in said


def test_all_words_of_a_message_together():
    assert message([section("x" * 2640)] * 5) == (None, "")
    assert message([section("x" * 2641)] * 5)[0] == "msg_blocks_too_long"
    assert message(None, text="x" * 40_001)[0] == "msg_too_long"
    assert message(None, text="")[0] == "no_text"


def test_rules_of_our_own_are_noted_but_not_refused():
    assert message([section()], text="") == (None, "ours: notifications and screen readers need a text")
    assert "4000" in message(None, text="x" * 4001)[1]
    assert "calls everybody" in message([section("<!here> look")])[1]
    assert message([{"type": "header", "text": words("<!here> is a word")}]) == (None, "")


@pytest.mark.parametrize(
    ("metadata", "fits"),
    [
        ({"event_type": "post", "event_payload": {"id": "17", "tags": ["a"]}}, True),
        ({"event_type": "post"}, False),
        ({"event_type": "", "event_payload": {}}, False),
        ({"event_type": "post", "event_payload": "17"}, False),
        ({"event_type": "post", "event_payload": {"a": {"b": 1}}}, False),
        ("text", False),
    ],
)
def test_metadata_has_a_shape(metadata, fits):
    assert message(None, metadata=metadata)[0] == (None if fits else "invalid_metadata_format")


def view(**more):
    """The problems of a form."""
    usual = {"type": "modal", "title": words("Title"), "submit": words("Send"), "blocks": [section()]}
    given = {key: value for key, value in {**usual, **more}.items() if value is not None}
    try:
        validate.view(SimpleNamespace(files={}), given)
    except Refused as refusal:
        return f"{refusal.error} {' '.join(refusal.problems)}"
    return ""


def field(**more):
    return {"type": "input", "label": words("Name"), "element": {"type": "plain_text_input", **more}}


@pytest.mark.parametrize(
    "more",
    [
        {"title": words("x" * 24), "submit": words("x" * 24), "close": words("x" * 24)},
        {"private_metadata": "x" * 3000, "callback_id": "x" * 255},
        {"blocks": [section()] * 100},
        {"blocks": [field(max_length=3000, initial_value="x" * 3000)]},
        {"blocks": [field(max_length=5, min_length=5)]},
    ],
)
def test_a_form_that_fits_is_taken(more):
    assert view(**more) == ""


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"title": words("x" * 25)}, "/view/title/text"),
        ({"submit": words("x" * 25)}, "/view/submit/text"),
        ({"close": words("x" * 25)}, "/view/close/text"),
        ({"title": None}, "missing required field: title"),
        ({"private_metadata": "x" * 3001}, "/view/private_metadata"),
        ({"callback_id": "x" * 256}, "/view/callback_id"),
        ({"blocks": [section()] * 101}, "no more than 100"),
        ({"blocks": []}, "no fewer than 1"),
        ({"blocks": [field(max_length=3001)]}, "/max_length"),
        ({"blocks": [field(max_length=5, initial_value="x" * 6)]}, "/initial_value"),
        ({"blocks": [field(min_length=6, max_length=5)]}, "/min_length"),
        ({"blocks": [field()], "submit": None}, "there are input blocks"),
        ({"blocks": [{"type": "markdown", "text": "x"}]}, "not allowed in a modal"),
        ({"type": "home"}, "must be one of modal"),
        ({"colour": "red"}, "invalid additional property: colour"),
    ],
)
def test_a_form_that_does_not_fit_is_refused(more, why):
    said = view(**more)
    assert said.startswith("invalid_arguments")
    assert why in said
