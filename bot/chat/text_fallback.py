"""Text in place of what a platform cannot show: the commands that do what a button or a form would do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.chat.action_ids import MAX_LENGTH
from bot.chat.capabilities import Capabilities
from bot.chat.commands import Command, CommandOption
from bot.chat.events import ActionInvoked, FormSubmitted, HomeOpened, Origin
from bot.chat.messages import (
    Block,
    Button,
    Code,
    Field,
    Form,
    Heading,
    Item,
    Link,
    Select,
    Text,
    literal,
)
from bot.errors import UserError
from bot.toolkit.text import ELLIPSIS, echoed, quoted, shorten

REPEATED = 60
"""Characters of a field's value that the command to type repeats, at most."""

AGAIN = "Nothing was saved. Open the form again to fix it."
_PLAIN = re.compile(r"[^\s\"'`\\]+")
_QUOTABLE = re.compile(r"[^\"`\\\r\n]*")
_URL_ENDS = str.maketrans({"(": "%28", ")": "%29", " ": "%20", "<": "%3C", ">": "%3E"})


def acts_in_words(item: Item, can: Capabilities) -> Iterator[str]:
    """A line of Markdown for each way to act that the item offers; a disabled button offers none."""
    match item:
        case Button(label, action, _, True):
            yield _act(label, f"type {_span(typed(f'/press {action}', can))}", can)
        case Link(label, url):
            target = f"({url.translate(_URL_ENDS)})"
            room = can.max_block - len(target) - len("- []")
            yield f"- [{_label(label, room, can)}]{target}"
        case Select(_, action, options):
            for option in options:
                yield _act(
                    option.label, f"type {_span(typed(f'/press {action} {option.value}', can))}", can
                )


def typed(command: str, can: Capabilities) -> str:
    """The command as it is typed on the platform."""
    name, _, rest = command.removeprefix("/").partition(" ")
    return f"/{dict(can.typed).get(name, name)} {rest}".rstrip()


def names_in_words(item: Item) -> str:
    """Return the other words of an item: a menu's question, a disabled button's label."""
    match item:
        case Select(placeholder) if item.options:
            return literal(placeholder)
        case Button(label, enabled=False):
            return f"- {literal(label)}"
    return ""


def form_in_words(form: Form, can: Capabilities) -> tuple[tuple[Block, ...], Text]:
    """Return what the fields are, and the command that hands the form in."""
    fields = "\n".join(_field(field) for field in form.fields)
    return (Heading(form.title), Text(fields)), Text(_how_to_fill(form, can))


def errors_in_words(form: Form, errors: Iterable[str]) -> tuple[Block, ...]:
    """Return what is wrong, and the long texts that were typed, so that they can be copied."""
    wrong = Text("\n".join(f"- {literal(error)}" for error in errors))
    typed = [field for field in form.fields if len(field.value) > REPEATED]
    kept = (
        b
        for f in typed
        for b in (Text(f"You wrote this for **{literal(f.label)}**:"), Code(f.value, "text"))
    )
    return (wrong, *kept)


def _act(label: str, how: str, can: Capabilities) -> str:
    return f"- {_label(label, can.max_block - len(how) - len('- : '), can)}: {how}"


def _label(label: str, room: int, can: Capabilities) -> str:
    """The label as Markdown, in ``room`` characters: each of its own may need a backslash."""
    return literal(shorten(label, max(min(can.max_label, room // 2), 0)))


def _span(text: str) -> str:
    """A code span that may hold backticks (CommonMark 0.31, section 6.1)."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence, pad = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _field(field: Field) -> str:
    optional = ("" if field.required else ", optional") + (", one or more" if field.several else "")
    labels = ((o.value, o.label.removeprefix(f"{o.value}: ")) for o in field.options)
    choices = ", ".join(f"{_span(value)} {literal(label)}" for value, label in labels)
    return f"- {literal(field.label)} (`{field.name}`{optional})" + (f": {choices}" if choices else "")


def _how_to_fill(form: Form, can: Capabilities) -> str:
    """The command with the present values; without them where the line would be too long."""
    told = "Type {}. Put text of several words in quotes."
    values = " ".join(f"{field.name}={_typed(field.value)}" for field in form.fields)
    names = " ".join(f"{field.name}={ELLIPSIS}" for field in form.fields)
    whole = told.format(_span(typed(f"/fill {form.action} {values}", can)))
    fits = len(whole) <= min(can.max_block, can.max_text)
    return whole if fits else told.format(_span(typed(f"/fill {form.action} {names}", can)))


def _typed(value: str) -> str:
    """The value as it is typed after ``name=``; an ellipsis for what is long or hard to quote."""
    if value and len(value) <= REPEATED:
        if _PLAIN.fullmatch(value):
            return value
        if _QUOTABLE.fullmatch(value):
            return f'"{value}"'
    return ELLIPSIS


# Commands that stand in for what a platform lacks exist on such platforms alone; elsewhere they would only
# be a way to send an id that nobody was shown.
PRESS = Command(
    "press",
    "Press a button or choose from a menu by typing",
    (
        CommandOption("action", "The id shown with it", required=True, max_length=MAX_LENGTH),
        CommandOption("choice", "The menu entry you want"),
    ),
    hidden=True,
)
FILL = Command(
    "fill",
    "Send a form by typing",
    (
        CommandOption("action", "The id shown with it", required=True, max_length=MAX_LENGTH),
        CommandOption("values", 'Such as name=word name="some words"', max_length=6000),
    ),
    hidden=True,
)
HOME = Command("home", "See your progress, what's open and your preferences", hidden=True)

_FIELD = re.compile(
    r"""\s*(?P<name>[^\s=]+)=(?:
        "(?P<double>.*?)"(?=\s+[^\s="']+=|\s*\Z)
        | '(?P<single>.*?)'(?=\s+[^\s="']+=|\s*\Z)
        | “(?P<curly>.*?)”(?=\s+[^\s="']+=|\s*\Z)
        | (?P<bare>\S*)
    )""",
    re.DOTALL | re.VERBOSE,
)
"""A field and its value. A quoted value may hold quotes: it ends at one before a field or the end."""

TYPED_FORMS = (PRESS, FILL, HOME)


def typed_forms(can: Capabilities) -> tuple[Command, ...]:
    """Return the commands that stand in for what the platform lacks; none where it lacks nothing."""
    has = (can.buttons and can.selects, can.forms, can.home)
    return tuple(command for command, unneeded in zip(TYPED_FORMS, has, strict=True) if not unneeded)


def typed_form_of(
    name: str, origin: Origin, args: Mapping[str, str]
) -> ActionInvoked | FormSubmitted | HomeOpened:
    """Return the event that a typed form stands for. Raises UserError for values that cannot be read."""
    match name:
        case PRESS.name:
            choice = args.get("choice", "")
            return ActionInvoked(origin, args.get("action", ""), (choice,) if choice else ())
        case FILL.name:
            return FormSubmitted(origin, args.get("action", ""), _values(args.get("values", "")))
        case _:
            return HomeOpened(origin)


def _values(typed: str) -> dict[str, str]:
    """Read ``name=word name="some words"``. Nothing within quotes means anything, not even a backslash.

    >>> _values('answer="say "hi"" why=no')
    {'answer': 'say "hi"', 'why': 'no'}
    """
    values: dict[str, str] = {}
    end = 0
    while rest := typed[end:].split(maxsplit=1):
        found = _FIELD.match(typed, end)
        if not found:
            raise UserError(
                f'Which field is “{echoed(rest[0])}” for? Write it like name="some words".', "values"
            )
        name, value = found["name"].casefold(), found[found.lastgroup or "name"]
        if found["bare"] and value[0] in '"“':
            raise UserError('A quote is never closed. Write it like name="some words".', "values")
        if name in values:
            raise UserError(f"You've filled in {quoted(name)} twice.", "values")
        values[name], end = value, found.end()
    return values
