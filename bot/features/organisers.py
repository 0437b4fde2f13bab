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
NOT_YOURS = "Whoever was named cannot name others. Ask an admin of this place."


async def may_organise(unit: UnitOfWork, origin: Origin) -> bool:
    """Whether the platform says so of this person, or somebody of whom it does has named them."""
    return origin.is_organiser or origin.user.id in await _named(unit, origin)


@routes.command(
    Command(
        "study organiser",
        "Name somebody who may organise here too, or take that back",
        (
            Option("member", "Whom", Kind.MEMBER, required=True),
            Option(
                "allow", "Whether they may; yes if left out", choices=(Choice("yes", YES), Choice("no", NO))
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
    said = "may organise here from now on" if allowed else "may organise here only as an admin"
    return Say(notice(f"{called} {said}."))


async def _named(unit: UnitOfWork, origin: Origin) -> frozenset[str]:
    stored = await unit.notes.get(_key(origin))
    return frozenset(json.loads(stored)) if stored else frozenset()


def _key(origin: Origin) -> str:
    return f"organisers {origin.channel.platform} {origin.channel.workspace}"
