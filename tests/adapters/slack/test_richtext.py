"""Markdown becomes a tree in which no words can be taken for a mention, link or format."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.richtext import rich_text
from bot.chat import literal

SECTION = "rich_text_section"


def sections(markdown):
    """Per element: its type, and per piece its words, style and address."""
    return [
        (
            element["type"],
            [
                (piece.get("text"), tuple(sorted(piece.get("style", {}))), piece.get("url"))
                for inner in element["elements"]
                for piece in inner.get("elements", [inner])
            ],
        )
        for element in rich_text(markdown)["elements"]
    ]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("plain", [(SECTION, [("plain", (), None)])]),
        (
            "**bold** and `code`",
            [(SECTION, [("bold", ("bold",), None), (" and ", (), None), ("code", ("code",), None)])],
        ),
        ("***both***", [(SECTION, [("both", ("bold", "italic"), None)])]),
        (
            "[docs](https://docs.python.org)",
            [(SECTION, [("docs", (), "https://docs.python.org")])],
        ),
        (
            "one\n\ntwo",
            [(SECTION, [("one", (), None)]), (SECTION, [("\n", (), None), ("two", (), None)])],
        ),
        ("a\nb", [(SECTION, [("a", (), None), ("\n", (), None), ("b", (), None)])]),
        ("> said", [("rich_text_quote", [("said", (), None)])]),
        ("- a\n- b", [("rich_text_list", [("a", (), None), ("b", (), None)])]),
        ("```py\nx = 1\n```", [("rich_text_preformatted", [("x = 1", (), None)])]),
        ("", [(SECTION, [(" ", (), None)])]),
        ("[x](javascript:alert)", [(SECTION, [("[x](javascript:alert)", (), None)])]),
        ("<@U123> &amp; <!channel>", [(SECTION, [("<@U123> & <!channel>", (), None)])]),
    ],
)  # fmt: skip
def test_markdown_is_a_tree(markdown, expected):
    assert sections(markdown) == expected


def test_lists_nest_with_their_own_marks():
    elements = rich_text("1. a\n   - b\n2. c")["elements"]
    assert [(e["style"], e["indent"], len(e["elements"])) for e in elements] == [
        ("ordered", 0, 1),
        ("bullet", 1, 1),
        ("ordered", 0, 1),
    ]


@given(st.text(max_size=200))
def test_peoples_words_are_only_ever_text(words):
    found = json.dumps(rich_text(literal(words)))
    for kind in ("user", "usergroup", "broadcast", "channel", "emoji", "link"):
        assert f'"type": "{kind}"' not in found
    assert '"style"' not in found


@given(st.text(max_size=300))
def test_any_markdown_is_a_block_that_slack_takes(markdown):
    block = rich_text(markdown)
    assert block["elements"]

    def pieces(element):
        for inner in element.get("elements", ()):
            yield inner
            yield from pieces(inner)

    for piece in pieces(block):
        if piece["type"] in ("text", "link"):
            assert piece["text"]
