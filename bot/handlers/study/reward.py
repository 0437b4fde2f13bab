"""Handler of ``/study reward``: the role that a streak earns."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.commands import Command, CommandOption, Kind
from bot.chat.replies import Reply, Send
from bot.domain.role_use import Purpose
from bot.errors import UserError
from bot.handlers.study.group import group_to_organise
from bot.handlers.study.roles import (
    ROLE_LENGTH,
    refuse_powers_of_others,
    role_name,
    role_option,
    where_known,
)
from bot.routing import Request, Routes
from bot.toolkit.text import quoted
from bot.views.common import text_message

routes = Routes()
FEWEST_DAYS, MOST_DAYS = 2, 365
DAYS_WRONG = f"Choose between {FEWEST_DAYS} and {MOST_DAYS} days."


@routes.command(
    Command(
        "study reward",
        "Choose a role to give members for a streak",
        (
            CommandOption(
                "role",
                "The role or user group to give; leave it out to switch the reward off",
                Kind.ROLE,
                max_length=ROLE_LENGTH,
                purpose=Purpose.GIVE,
            ),
            CommandOption("days", "How many days in a row, such as 7"),
        ),
        organiser_only=True,
    )
)
async def reward(request: Request) -> Reply:
    """Switch a reward on with both options; with none, switch it off and take back what was given."""
    refuse_powers_of_others(request, Purpose.GIVE)
    group = await group_to_organise(request)
    role, name, days = role_option(request), role_name(request), _days(request)
    if bool(role) is not bool(days):
        raise UserError("Choose both a role and a number of days, or neither to switch the reward off.")
    by = request.origin.user.id if role else ""
    group = replace(
        group, reward_role=role, reward_name=name, reward_days=days, reward_by=by, reward_denied=None
    )
    await request.unit.groups.save(group)
    await request.unit.rewards.review_all(group, request.now)
    when = " once the group resumes" if group.paused_at else ""
    if not role:
        return Send(text_message(f"Streak rewards are off. Everyone who had the role loses it{when}."))
    said = f"Members with a {days}-day streak get {quoted(name or role)}{when}{where_known(name)}."
    return Send(text_message(f"{said} They keep it while the streak lasts."))


def _days(request: Request) -> int:
    """Return the days of a streak, 0 when the option is left out. Raises UserError."""
    typed = request.args.get("days", "")
    if not typed:
        return 0
    if not (typed.isascii() and typed.isdigit() and FEWEST_DAYS <= int(typed) <= MOST_DAYS):
        raise UserError(DAYS_WRONG, "days")
    return int(typed)
