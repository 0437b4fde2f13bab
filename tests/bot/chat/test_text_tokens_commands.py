"""No text names a command that cannot be typed on the platform that shows it."""

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.discord.commands import payloads
from adapters.discord.limits import CAPABILITIES as DISCORD
from adapters.playground import CAPABILITIES as PLAYGROUND
from adapters.slack.limits import CAPABILITIES as SLACK
from adapters.slack.limits import EVERYTHING, SLACKS_OWN
from adapters.slack.manifest import manifest
from bot.allowance import unlimited
from bot.chat import (
    Actions,
    Button,
    Capabilities,
    Choice,
    Footnote,
    Form,
    FormErrors,
    Heading,
    Link,
    Message,
    OpenForm,
    Picture,
    Select,
    Send,
    Text,
    degrade,
    in_plain_text,
    literal,
    naming,
)
from bot.handlers import all_routes
from bot.views.common import text_message
from tests.support.helpers import quiz_of
from tests.support.people import Room, shipped_library, world_at

COMMANDS = tuple(all_routes().commands.values())
PLATFORMS = {"slack": SLACK, "discord": replace(DISCORD, roles=True), "playground": PLAYGROUND}
_NAMED = re.compile(r"(?<![\w/\\.:<>=\"'-])/([a-z]+(?:-[a-z]+)*(?: [a-z-]+)?)")
_SLACKS = {"invite"}
"""Commands of Slack's own that a sentence may send somebody to."""
OF_CONTENT = {found.split()[0] for found in _NAMED.findall(str(shipped_library().packs))}
"""Paths in questions and projects, such as ``/items``."""
assert not OF_CONTENT & {*SLACKS_OWN, *(command.name.split()[0] for command in COMMANDS)}


def there(platform):
    """Commands that can be typed on a platform, up to two words after the slash."""
    names = {c.name for c in COMMANDS if not c.hidden}
    families = {name.split()[0] for name in names}
    if platform == "slack":
        published = manifest(COMMANDS)["features"]["slash_commands"]
        kept = {command["command"].removeprefix("/") for command in published}
        within = {name for name in names if name.split()[0] in kept}
        all_in_one = {f"{EVERYTHING} {name}".rpartition(" ")[0] for name in names if " " in name}
        return kept | within | {f"{EVERYTHING} {f}" for f in families} | all_in_one | _SLACKS
    if platform == "discord":
        published = payloads(COMMANDS)
        return {
            name if option is None else f"{name} {option['name']}"
            for name, options in ((each["name"], each.get("options", [])) for each in published)
            for option in ([o for o in options if o["type"] == 1] or [None])
        }
    return names | families


def assert_all_there(text, platform):
    known = there(platform)
    for found in _NAMED.findall(text.replace("\\", "").replace("/nonsense", "")):
        first = found.split()[0]
        if first not in OF_CONTENT:
            assert found in known or first in known, f"/{found} on {platform}, in {text!r}"


def texts_of(message):
    yield message.summary
    for block in message.blocks:
        match block:
            case Heading(text) | Footnote(text) | Text(text):
                yield text
            case Picture(_, alt):
                yield alt
            case Actions(items):
                for item in items:
                    yield item.label if isinstance(item, Button | Link) else item.placeholder
            case _ if hasattr(block, "pairs"):
                yield from (part for pair in block.pairs for part in pair)


def texts_of_form(form):
    yield from (form.title, form.submit)
    for field in form.fields:
        yield from (field.label, field.placeholder)


LINES = (
    "/help", "/quiz", "/quiz nonsense", "/streak", "/progress", "/roadmap", "/roadmap 1", "/leaderboard",
    "/challenge show", "/challenge join", "/challenge join", "/challenge submit", "/challenge list",
    "/challenge submit ftp://x y", "/challenge submit https://example.org/a Learned", "/preferences",
    "/preferences Europe/Paris", "/home", "/study status", "/study schedule quiz", "/study setup",
    "/study schedule quiz 25:99", "/study schedule quiz off", "/study schedule quiz 09:00",
    "/study pause nonsense", "/study pause",
    "/study pause", "/study resume", "/study resume", "/study skip", "/study skip 2020-01-01",
    "/study post-now quiz", "/study post-now challenge", "/study post-now challenge", "/study zone EST",
    "/study organiser", "/study mention", "/study reward",
)  # fmt: skip


@pytest.mark.asyncio
@pytest.mark.parametrize("platform", list(PLATFORMS))
async def test_a_month_names_no_command_that_is_not_there(tmp_path, platform):
    room = Room(capabilities=PLATFORMS[platform])
    shown = []
    async with world_at(tmp_path, room=room, allowance=unlimited()) as world:
        stranger = world.person("Zoe", organiser=True, channel="elsewhere")
        olga = await world.founds(zone="UTC", time="09:00", days="daily")
        ana = world.person("Ana")
        for person in (olga, ana, stranger):
            for line in LINES:
                if line == "/home" and PLATFORMS[platform].home:
                    await person.opens_home()
                else:
                    await person.types(line)
                shown += replies_of(person)
            await person.acts("mp1|no.such|")
            shown += replies_of(person)
            await person.uses("/nonsense")
            shown += replies_of(person)
        await world.passes(days=1)
        await ana.answers(quiz_of(world))
        await olga.acts(quiz_action(world))
        for _ in range(9):
            await world.slots_pass(days=3)
        shown += [text for posted in room.posted for text in texts_of(posted.message)]
    assert len(shown) > 300
    for text in shown:
        assert_all_there(text, platform)


def replies_of(person):
    match person.reply:
        case OpenForm(form):
            return list(texts_of_form(form))
        case FormErrors(form, errors):
            return [*texts_of_form(form), *errors.values()]
    return []


def quiz_action(world):
    return next(
        item.action
        for block in quiz_of(world).message.blocks
        if isinstance(block, Actions)
        for item in block.items
    )


@pytest.mark.parametrize("platform", list(PLATFORMS))
def test_nothing_has_to_be_typed_where_something_can_be_pressed(platform):
    """A menu of all topics has more entries than Discord's take: it becomes several."""
    topics = shipped_library().packs["backend-python"].topics
    menu = Select("Practise a topic", "a", tuple(Choice(topic.title, topic.id) for topic in topics))
    reply = degrade(Send(Message("Topics", (Actions((menu,)),))), PLATFORMS[platform])
    assert isinstance(reply, Send)
    items = [item for block in reply.message.blocks for item in block.items]
    assert [choice.value for item in items for choice in item.options] == [topic.id for topic in topics]
    assert len({item.placeholder for item in items}) == len(items)


SLACK_ONLY = Capabilities(typed=SLACK.typed)


def test_slack_takes_its_own_commands_by_the_one_that_takes_all():
    assert in_plain_text("Try /help, /quiz or `/help`.", SLACK) == (
        "Try /milepost help, /quiz or `/milepost help`."
    )
    assert set(dict(SLACK.typed)) == {*SLACKS_OWN}


@pytest.mark.parametrize("words", ["GET /help", "https://x.org/help", "a/help", "/help/me", "“/help”"])
def test_what_people_and_content_call_help_stays(words):
    message = Message(words, (Heading(words), Text(literal(words)), Text(f"`{words}`")))
    shown = degrade(Send(message), SLACK_ONLY)
    assert isinstance(shown, Send)
    assert shown.message == message


def test_sentences_are_marked_once():
    once = naming("Use /study schedule, /help.")
    assert naming(once) == once
    assert in_plain_text(once, SLACK_ONLY) == "Use /study schedule, /milepost help."
    shown = degrade(Send(text_message("Use /help.")), SLACK_ONLY)
    assert shown.message.summary == "Use /milepost help."
    small = degrade(Send(Message("", (Footnote("Use /help."),))), SLACK_ONLY)
    assert small.message.blocks == (Footnote("Use /milepost help."),)


def test_without_buttons_what_is_typed_is_there_too():
    typed = tuple((name, f"all {name}") for name in ("press", "fill"))
    bare = Capabilities(typed=typed, buttons=False, selects=False, forms=False, form_errors=False)
    buttons = Message("Q", (Actions((Button("A", "a"), Select("S", "s", (Choice("One", "1"),)))),))
    shown = degrade(Send(buttons), bare)
    assert "`/all press a`" in str(shown)
    assert "`/all press s 1`" in str(shown)
    form = degrade(OpenForm(Form("F", "f", ())), bare)
    assert "`/all fill f" in str(form)


SINKS = {
    "UserError",
    "notice",
    "Footnote",
    "naming",
    "ParseError",
    "BadDates",
    "Notice",
    "Field",
    "Discard",
}


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def test_a_text_that_names_a_kept_command_goes_through_what_names_it():
    """In ``bot/`` a sentence with ``/help`` is said by a notice, an error or small print, or is marked."""
    for path in (Path(__file__).parents[3] / "bot").rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text())))
        said = [ast.get_docstring(node, clean=False) for node in nodes if isinstance(node, DOCUMENTED)]
        calls = [n for n in nodes if isinstance(n, ast.Call) and getattr(n.func, "id", "") in SINKS]
        sunk = {inner for call in calls for inner in ast.walk(call)}
        stale = {n.value for n in nodes if isinstance(n, ast.Assign) and "STALE" in ast.dump(n.targets[0])}
        for node in {n for n in nodes if isinstance(n, ast.Constant)} - sunk - stale:
            kept = isinstance(node.value, str) and node.value not in said
            assert not (kept and re.search(r"(?<!\w)/(help)\b", node.value)), f"{path}: {node.value!r}"
