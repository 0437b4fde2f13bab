"""A message of the core in Discord's components: each block, what is too much, and what must stay inert."""

import re

import pytest

from adapters.discord.limits import CAPABILITIES
from adapters.discord.outbound import shown, walk
from adapters.discord.views import RawView, files, mentions
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
from bot.views.common import text_message
from tests.adapters.discord.rules import check_message

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'
MENTION = re.compile(r"(?<!\\)<(@[!&]?|#|/|t:|a?:\w+:|id:)[^>]*>|<(@|#)[!&]?\d+>|(?<!\\)@(everyone|here)")
HOSTILE = [
    "@everyone",
    "@here",
    "<@80351110224678912>",
    "<@!80351110224678912>",
    "<@&41771983423143938>",
    "<#41771983423143999>",
    "</study setup:41771983423143938>",
    "<t:1772440260:R>",
    "<a:party:41771983423143938>",
    "**bold** _it_ __under__ ~~out~~ ||spoiler|| `code`",
    "```\nfence\n```",
    "> quote\n>>> more\n# title\n-# small\n- item",
    "[words](https://example.org) https://example.org",
    "\u202eright to left\u202c \u200b\u200f",
    ":smile:",
    "\\@everyone",
]
FORMATS = re.compile(r"(?<!\\)([*_~|`>#\[\]<@]|:(?=\w+:|//))")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def inner(*blocks):
    """The components inside the container."""
    (container,) = shown(Message("s", blocks)).components
    return container["components"]


def texts(*blocks):
    return [part["content"] for part in walk(inner(*blocks)) if part["type"] == 10]


@pytest.mark.parametrize(
    ("block", "content"),
    [
        (Heading("A title"), "### A title"),
        (Text("**As** it is"), "**As** it is"),
        (Code("print(1)", "python"), "```python\nprint(1)\n```"),
        (Code("ERROR 502", "log"), "```text\nERROR 502\n```"),
        (Code("KeyError: 'id'", "traceback"), "```text\nKeyError: 'id'\n```"),
        (Code("-old\n+new", "diff"), "```diff\n-old\n+new\n```"),
        (Facts((("Best", "3 days"), ("Now", "2"))), "**Best** 3 days\n**Now** 2"),
        (Footnote("Small"), "-# Small"),
    ],
)
def test_a_block_of_words_is_a_text(block, content):
    assert inner(block) == [{"type": 10, "content": content}]


def test_a_line_is_a_separator():
    (part,) = inner(Divider())
    assert (part["type"], part["divider"]) == (14, True)


def test_buttons_share_rows_of_five_and_a_menu_has_its_own():
    buttons = tuple(Button(str(n), f"mp1|a|n={n}") for n in range(7))
    menu = Select("Choose", "mp1|b|", (Choice("One", "1"),))
    rows = inner(Actions((*buttons[:3], menu, *buttons[3:])))
    assert [len(row["components"]) for row in rows] == [1, 5, 2]
    assert [part["label"] for row in rows[1:] for part in row["components"]] == list("0123456")


@pytest.mark.parametrize(
    ("style", "number"), [(Style.PRIMARY, 1), (Style.PLAIN, 2), (Style.SUCCESS, 3), (Style.DANGER, 4)]
)
def test_a_button_has_its_style_and_carries_its_id(style, number):
    ((row),) = inner(Actions((Button("Go", "mp1|a|", style),)))
    assert row["components"] == [{"type": 2, "style": number, "label": "Go", "custom_id": "mp1|a|"}]


def test_a_button_that_cannot_be_pressed_is_grey_and_a_link_has_an_address():
    ((row),) = inner(Actions((Button("Go", "mp1|a|", enabled=False), Link("Read", "https://example.org/"))))
    pressed, link = row["components"]
    assert pressed["disabled"] is True
    assert link == {"type": 2, "style": 5, "label": "Read", "url": "https://example.org/"}


def test_a_menu_has_its_entries():
    ((row),) = inner(Actions((Select("Which?", "mp1|a|", (Choice("One", "1"), Choice("Two", "2"))),)))
    (menu,) = row["components"]
    assert (menu["placeholder"], menu["custom_id"]) == ("Which?", "mp1|a|")
    assert menu["options"] == [{"label": "One", "value": "1"}, {"label": "Two", "value": "2"}]


def test_a_picture_is_attached_with_the_words_that_stand_for_it():
    content = shown(Message("s", (Picture(SVG, "A square"), Picture(SVG, "w" * 2000))))
    items = [part["items"][0] for part in walk(content.components) if part["type"] == 12]
    assert [item["media"]["url"] for item in items] == [
        "attachment://picture-0.png",
        "attachment://picture-1.png",
    ]
    assert items[0]["description"] == content.files[0].alt == "A square"
    assert len(items[1]["description"]) == len(content.files[1].alt) == 1024
    sent = files(content)
    assert [file.filename for file in sent] == ["picture-0.png", "picture-1.png"]
    assert sent[0].description == "A square"
    assert sent[0].fp.read().startswith(b"\x89PNG")


def test_files_are_made_anew_for_each_try():
    content = shown(Message("s", (Picture(SVG, "A square"),)))
    files(content)[0].fp.read()
    assert files(content)[0].fp.read()


@pytest.mark.parametrize("message", [Message("Just this.", ()), Message("", ()), Message("\u200b", ())])
def test_a_message_of_a_summary_alone_is_not_empty(message):
    check_message(shown(message).components)


def test_an_empty_message_says_its_summary():
    (container,) = shown(Message("Just *this*.", ())).components
    assert container["components"] == [{"type": 10, "content": r"Just \*this\*."}]


def test_a_called_role_stands_above_and_is_the_only_one_that_is_called():
    content = shown(Message("s", (Heading("A title"),), mention_role="41771983423143938"))
    assert content.components[0] == {"type": 10, "content": "<@&41771983423143938>"}
    assert mentions(content).to_dict() == {"parse": [], "roles": [41771983423143938]}
    check_message(content.components)


@pytest.mark.parametrize("calls", ["", "everyone", "x> @everyone <@&", "²"])
def test_what_is_no_role_is_neither_shown_nor_called(calls):
    content = shown(Message("s", (Heading("A title"),), mention_role=calls))
    assert len(content.components) == 1
    assert mentions(content).to_dict() == {"parse": []}


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize(
    "made",
    [
        Heading,
        Footnote,
        lambda text: Facts(((text, "x"),)),
        lambda text: Facts((("x", text),)),
        lambda text: text_message(text).blocks[0],
    ],
    ids=["heading", "footnote", "label", "value", "notice"],
)
def test_plain_text_starts_no_mention_and_no_format(made, hostile):
    ours = r"^(### |-# |\*\*(?=x\*\* )|\*\*)|\*\* x$|(?<=\*\*x)\*\* |\*\* (?=x$)"
    for text in texts(made(hostile)):
        given = re.sub(ours, "", text)
        assert not MENTION.search(given)
        assert not FORMATS.search(given.replace("\\\\", ""))
        assert not INVISIBLE.search(given)
        assert "\n" not in given


@pytest.mark.parametrize("linked", ["https:\ufdd0//example.com", "a :\ufdd1smile: b"])
def test_the_mark_of_a_token_switches_no_escape_off(linked):
    (text,) = texts(Heading(linked))
    assert "\\:" in text
    assert "\ufdd0" not in text
    assert "\ufdd1" not in text


@pytest.mark.parametrize("source", ["```", "````\n@everyone", "a```b", "`" * 9, "``` ```"])
def test_source_cannot_end_its_own_block(source):
    (text,) = texts(Code(source, "text"))
    assert text.startswith("```text\n")
    assert text.endswith("\n```")
    assert "```" not in text.removeprefix("```text\n").removesuffix("\n```")


def test_nobody_is_called_by_a_message_that_names_nobody():
    content = shown(Message("@everyone", (Text("@everyone <@1>"),)))
    assert mentions(content).to_dict() == {"parse": []}


LONG = "word " * 1200


@pytest.mark.parametrize(
    "blocks",
    [
        (Text(LONG),),
        (Heading(LONG), Text(LONG), Footnote(LONG)),
        tuple(Facts(((f"{n}", "*" * 300),)) for n in range(15)),
        tuple(Text(f"{n}") for n in range(60)),
        tuple(Divider() for _ in range(60)),
        tuple(Actions((Button(f"{n}", f"mp1|a|n={n}"),)) for n in range(19)),
        (Code("`" * 3000, "python"), Heading("#" * 1500)),
        (Text(LONG), Actions(tuple(Button("B" * 90, f"mp1|a|n={n}") for n in range(25)))),
        (Facts(tuple(("@" * 90, "<" * 90) for _ in range(30))),),
        (Actions((Select("p" * 200, "mp1|a|", tuple(Choice("c" * 120, f"{n}") for n in range(25))),)),),
    ],
)
def test_what_is_too_much_is_cut_until_discord_takes_it(blocks):
    message = degrade(Send(Message("s", blocks)), CAPABILITIES).message
    check_message(shown(message).components)


def test_buttons_survive_where_marks_make_a_message_too_long():
    pressed = tuple(Button(f"{n}", f"mp1|a|n={n}") for n in range(5))
    message = Message("s", (*(Heading("#" * 300) for _ in range(12)), Actions(pressed)))
    components = shown(degrade(Send(message), CAPABILITIES).message).components
    check_message(components)
    assert [part["label"] for part in walk(components) if part["type"] == 2] == list("01234")


@pytest.mark.asyncio
async def test_discord_py_takes_the_components_as_they_are_and_does_not_remember_them():
    content = shown(Message("s", (Heading("A title"),)))
    view = RawView(content)
    assert view.to_components() == list(content.components)
    assert view.has_components_v2()
    assert not view.children
    assert view.is_finished()
