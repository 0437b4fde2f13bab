"""Handlers of ``/privacy``: a member sees their own data, exports it, and is forgotten."""

from __future__ import annotations

from bot.chat.commands import Command, CommandOption
from bot.chat.messages import Choice
from bot.chat.replies import Reply, Send
from bot.errors import UserError
from bot.routing import STALE, Request, Routes, Writes
from bot.services.forgetting import forget
from bot.views.common import text_message
from bot.views.privacy import (
    FORGOTTEN,
    HIDDEN,
    SHOWN,
    UNKNOWN,
    about_message,
    as_json,
    confirm_message,
    export_message,
    part_message,
)

routes = Routes()

MOST_ROWS = 5000
"""Rows of one kind in an export to a chat, whose files are limited: years of a member's days."""

NAMED, UNNAMED = "shown", "hidden"


@routes.command(
    Command("privacy show", "See what I keep about you and what you can do", default=True),
    writes=Writes.NEVER,
)
async def show(request: Request) -> Reply:
    """Show a summary of the member's data, with buttons for the rest."""
    member = await request.unit.members.find(request.origin.user)
    known = member is not None or bool(await request.unit.persons.kept_of(request.origin.user, 1))
    hidden = member is not None and member.hidden
    return Send(about_message(known=known, hidden=hidden, member=member.id if member else 0))


@routes.command(
    Command(
        "privacy export",
        "Get everything I keep about you, as a file",
        (CommandOption("part", "A part of it as text, for chats without files", max_length=6),),
    ),
    writes=Writes.NEVER,
)
@routes.action("privacy.export", writes=Writes.NEVER)
async def export(request: Request) -> Reply:
    """Export the data: a JSON file and a summary, or one part of that file as text."""
    found = await request.unit.persons.kept_of(request.origin.user, MOST_ROWS)
    if not found:
        raise UserError("I don't know anything about you, so there's nothing to export.")
    document = as_json(found, request.now)
    if "part" not in request.args:
        return Send(export_message(found, document))
    return _part(document, request.args["part"])


@routes.action("privacy.part", writes=Writes.NEVER)
async def part(request: Request) -> Reply:
    """Show the next part of an export, from a button."""
    found = await request.unit.persons.kept_of(request.origin.user, MOST_ROWS)
    return _part(as_json(found, request.now), request.args.get("n", ""))


def _part(document: str, typed: str) -> Reply:
    message = part_message(document, int(typed)) if typed.isascii() and typed.isdigit() else None
    if message is None:
        raise UserError("There's no such part. Start with part:1", "part")
    return Send(message)


@routes.command(Command("privacy forget", "Delete everything I keep about you"), writes=Writes.NEVER)
@routes.action("privacy.ask", writes=Writes.NEVER)
async def ask(request: Request) -> Reply:
    """Ask whether to forget the member, saying what goes and what stays. Nothing is deleted yet."""
    member = await request.unit.members.find(request.origin.user)
    if member is None and not await request.unit.persons.kept_of(request.origin.user, 1):
        raise UserError(UNKNOWN)
    return Send(confirm_message(member.id if member else 0))


@routes.action("privacy.forget", fresh=True)
async def confirmed(request: Request) -> Reply:
    """Forget the acting person. The button is of no use to whoever has come back as a new member."""
    member = await request.unit.members.find(request.origin.user)
    if (member.id if member else 0) != request.number("m"):
        raise UserError(STALE if member else UNKNOWN)
    if not await forget(request.unit, request.origin.user, request.now):
        raise UserError(UNKNOWN)
    return Send(text_message(FORGOTTEN))


@routes.action("privacy.keep", writes=Writes.NEVER)
async def keep(_request: Request) -> Reply:
    """Keep everything: nothing is deleted."""
    return Send(text_message("Nothing was deleted."))


@routes.command(
    Command(
        "privacy boards",
        "Show or hide your name on boards and in recaps",
        (
            CommandOption(
                "name",
                "Whether others see your name there",
                required=True,
                choices=(Choice("shown", NAMED), Choice("hidden", UNNAMED)),
            ),
        ),
    )
)
@routes.action("privacy.boards")
async def boards(request: Request) -> Reply:
    """Show or hide the member's name on boards. Points count on as before."""
    wanted = request.args.get("name", "")
    if wanted not in (NAMED, UNNAMED):
        raise UserError(STALE)
    member = await request.unit.members.find(request.origin.user)
    if member is None:
        raise UserError("You haven't taken part yet, so no board names you.")
    request.unit.persons.hide(member.id, hidden=wanted == UNNAMED)
    return Send(text_message(HIDDEN if wanted == UNNAMED else SHOWN))
