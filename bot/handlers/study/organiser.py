"""Who may organise beside those whom the platform lets manage the place: people whom these have named."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.commands import Command, Kind, Option
from bot.chat.messages import Choice
from bot.chat.replies import Reply, Say
from bot.errors import UserError
from bot.routing import Routes, Turn
from bot.toolkit.text import quoted
from bot.views.common import notice

routes = Routes()

YES, NO = "yes", "no"
NOT_YOURS = "Only admins can add or remove organisers. Please ask one."


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
        raise UserError(turn.origin.doubt or NOT_YOURS)
    member, here = turn.args["member"], turn.origin.channel
    named = turn.names.get("member", "")
    called = quoted(named or member)
    if turn.args.get("allow", YES) == YES:
        turn.unit.organisers.name(here.platform, here.workspace, member, named)
        return Say(notice(f"{called} can now organise groups here."))
    await turn.unit.organisers.dismiss(here.platform, here.workspace, member)
    await _take_over(turn, member)
    return Say(notice(f"{called} is no longer an organiser here, unless they are an admin."))


async def _take_over(turn: Turn, member: str) -> None:
    """Whoever set a group up may organise it from a direct conversation: its organiser is now the admin."""
    here, admin = turn.origin.channel, turn.origin.user
    for group in await turn.unit.groups.of_workspace(here.platform, here.workspace):
        if group.organiser.id == member != admin.id:
            await turn.unit.groups.move(replace(group, organiser=admin))
