"""Commands that stand in for what a platform lacks: buttons, menus, forms, a page for each member.

They exist on such platforms alone; elsewhere they would only be a way to send an id that nobody was shown.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from bot.chat.action_ids import MAX_LENGTH
from bot.chat.capabilities import Capabilities
from bot.chat.commands import Command, CommandOption
from bot.chat.events import ActionInvoked, FormSubmitted, HomeOpened, Origin
from bot.errors import UserError
from bot.toolkit.text import echoed

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
    try:
        words = shlex.split(typed)
    except ValueError:
        raise UserError('A quote is never closed. Write it like name="some words".', "values") from None
    for word in words:
        if "=" not in word:
            raise UserError(
                f'Which field is “{echoed(word)}” for? Write it like name="some words".', "values"
            )
    return dict(word.split("=", 1) for word in words)
