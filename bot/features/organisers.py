"""Who may organise beside those whom the platform lets manage the place: people whom these have named."""

from __future__ import annotations

import json

from bot.border.clean import isolated
from bot.border.command import Command, Kind, Option
from bot.border.interaction import Origin
from bot.border.message import Choice
from bot.border.reply import Reply, Say
from bot.errors import UserError
from bot.ports import UnitOfWork
from bot.routing import Routes, Turn
from bot.views.common import notice

routes = Routes()

YES, NO = "yes", "no"
NOT_YOURS = "Only admins can add or remove organisers. Please ask one."


async def may_organise(unit: UnitOfWork, origin: Origin) -> bool:
    """Whether the platform says so of this person, or somebody of whom it does has named them."""
    return origin.is_organiser or origin.user.id in await _named(unit, origin)


@routes.command(
    Command(
        "study organiser",
        "Add or remove another organiser",
        (
            Option("member", "Who", Kind.MEMBER, required=True),
            Option(
                "allow", "yes adds them, no removes them", choices=(Choice("yes", YES), Choice("no", NO))
            ),
        ),
        organiser_only=True,
    )
)
async def name(turn: Turn) -> Reply:
    """It holds for every group of the server, team or site."""
    if not turn.origin.is_organiser:
        raise UserError(NOT_YOURS)
    member = turn.args["member"]
    called = isolated(turn.names.get("member") or member)
    allowed = turn.args.get("allow", YES) == YES
    others = await _named(turn.unit, turn.origin) - {member}
    named = sorted(others | {member}) if allowed else sorted(others)
    await turn.unit.notes.put(_key(turn.origin), json.dumps(named))
    said = (
        "can now organise groups here"
        if allowed
        else "is no longer an organiser here, unless they are an admin"
    )
    return Say(notice(f"{called} {said}."))


async def _named(unit: UnitOfWork, origin: Origin) -> frozenset[str]:
    stored = await unit.notes.get(_key(origin))
    return frozenset(json.loads(stored)) if stored else frozenset()


def _key(origin: Origin) -> str:
    return f"organisers {origin.channel.platform} {origin.channel.workspace}"
