"""Messages as Slack takes them."""

import json

import pytest

from adapters.slack.limits import CAPABILITIES
from adapters.slack.outbound import action_of, blocks, summary
from bot.chat import (
    Actions,
    Button,
    Choice,
    Code,
    Divider,
    Facts,
    Footnote,
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
