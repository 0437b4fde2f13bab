"""Handler of ``/study organiser``: admins name people who may organise beside them."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.commands import Command, CommandOption, Kind
from bot.chat.messages import Choice
from bot.chat.replies import Reply, Send
from bot.errors import UserError
from bot.routing import Request, Routes
from bot.toolkit.text import quoted
from bot.views.common import text_message

routes = Routes()

YES, NO = "yes", "no"
NOT_YOURS = "Only admins can add or remove organisers. Please ask one."


@routes.command(
    Command(
        "study organiser",
        "Add or remove another organiser",
        (
            CommandOption("member", "Who", Kind.MEMBER, required=True),
            CommandOption(
                "allow", "yes adds them, no removes them", choices=(Choice("yes", YES), Choice("no", NO))
            ),
        ),
        organiser_only=True,
    )
)
async def name(request: Request) -> Reply:
    """Name or dismiss an organiser of every group of the server, team or site."""
    if not request.origin.is_admin:
        raise UserError(request.origin.doubt or NOT_YOURS)
    member, here = request.args["member"], request.origin.channel
    named = request.names.get("member", "")
    called = quoted(named or member)
    if request.args.get("allow", YES) == YES:
        request.unit.organisers.name(here.platform, here.workspace, member, named)
        return Send(text_message(f"{called} can now organise groups here."))
    await request.unit.organisers.dismiss(here.platform, here.workspace, member)
    await _take_over(request, member)
    return Send(text_message(f"{called} is no longer an organiser here, unless they are an admin."))


async def _take_over(request: Request, member: str) -> None:
    """Make the admin the organiser of the groups that a dismissed person set up.

    Whoever set a group up may organise it from a direct conversation.
    """
    here, admin = request.origin.channel, request.origin.user
    for group in await request.unit.groups.of_workspace(here.platform, here.workspace):
        if group.organiser.id == member != admin.id:
            await request.unit.groups.move(replace(group, organiser=admin))
