"""Every block and item of a message is shown, and what can be pressed says what it says."""

from __future__ import annotations

import pytest

from adapters.contract.app import ScriptedApp
from adapters.contract.looking import reads, seen
from adapters.contract.place import Place
from bot.chat import (
    Actions,
    Block,
    Button,
    Choice,
    Code,
    Divider,
    Facts,
    Footnote,
    Heading,
    Link,
    Message,
    MessageRef,
    Picture,
    Select,
    Style,
    Text,
    fit,
)

pytestmark = pytest.mark.asyncio

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'
EVERYTHING = Message(
    "All there is",
    (
        Heading("A *heading*"),
        Text("Some **bold** words"),
        Code("print(1)", "python"),
        Facts((("Best streak", "3 days"), ("Freezes", "2"))),
        Picture(SVG, "A square of one colour"),
        Divider(),
        Actions(
            (
                Button("First", "mp1|one|"),
                Button("Second", "mp1|two|p=1", Style.DANGER),
                Button("Never", "mp1|never|", enabled=False),
                Link("Read on", "https://example.org/"),
            )
        ),
        Actions((Select("Which step?", "mp1|step|", (Choice("HTTP", "http"), Choice("SQL", "sql"))),)),
        Footnote("Small print"),
    ),
)


async def posted(place: Place, message: Message = EVERYTHING, key: str = "key") -> MessageRef:
    """Post a message, fitted to what the platform can show."""
    return await place.adapter.send(place.channel, fit(message, place.adapter.capabilities), key)


@pytest.mark.parametrize(
    "word",
    ["A *heading*", "print(1)", "Best streak", "3 days", "A square of one colour", "Small print", "Read on",
     "Which step?", "bold", "Never"],
)  # fmt: skip
async def test_every_block_is_shown(place: Place, word: str) -> None:
    await posted(place)
    assert await reads(place.person("Ana"), word)


@pytest.mark.parametrize(("label", "action"), [("First", "mp1|one|"), ("Second", "mp1|two|p=1")])
async def test_a_pressed_button_says_which_and_on_which_message(
    place: Place, app: ScriptedApp, label: str, action: str
) -> None:
    ref = await posted(place)
    await place.person("Ana").presses(label)
    pressed = app.seen[-1]
    assert (pressed.action, pressed.choice, pressed.origin.message) == (action, (), ref)


async def test_a_disabled_button_cannot_be_pressed(place: Place) -> None:
    await posted(place)
    ana = place.person("Ana")
    await seen(ana)
    assert ana.can_press("First")
    assert not ana.can_press("Never")


async def test_a_menu_says_what_was_chosen(place: Place, app: ScriptedApp) -> None:
    await posted(place)
    await place.person("Ana").chooses("SQL")
    assert (app.seen[-1].action, app.seen[-1].choice) == ("mp1|step|", ("sql",))


async def test_a_message_of_a_summary_alone_is_shown(place: Place) -> None:
    await posted(place, Message("Just this.", ()))
    assert await reads(place.person("Ana"), "Just this.")


async def test_an_id_of_a_hundred_characters_comes_back_whole(place: Place, app: ScriptedApp) -> None:
    action = "mp1|long|" + "k=" + "x" * 89
    await posted(place, Message("s", (Actions((Button("Go", action),)),)))
    await place.person("Ana").presses("Go")
    assert app.seen[-1].action == action


@pytest.mark.parametrize(
    "hostile", ["<b>bold</b>", "**bold**", "`code`", "@everyone", "<@1>", "[a](b)", "# big"]
)
async def test_plain_text_is_shown_as_it_is(place: Place, hostile: str) -> None:
    await posted(place, Message("s", (Heading(hostile), Facts(((hostile, hostile),)), Footnote(hostile))))
    (words,) = await seen(place.person("Ana"))
    assert words.count(hostile) == 4


async def test_a_message_as_large_as_the_platform_takes_is_taken(place: Place) -> None:
    can = place.adapter.capabilities
    buttons = tuple(Button("B" * 200, f"mp1|a|n={n}") for n in range(can.max_row + 2))
    entries = tuple(Choice(f"{n} " + "c" * 300, f"{n}") for n in range(can.max_options))
    blocks: tuple[Block, ...] = (
        Heading("#" * 500),
        Text("word " * can.max_text),
        *(Divider() for _ in range(can.max_blocks)),
        Actions(buttons),
        Actions((Select("p" * 300, "mp1|s|", entries),)),
    )
    await posted(place, Message("s" * 9000, blocks))
    assert len(await seen(place.person("Ana"))) == 1
