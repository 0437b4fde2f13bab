"""Handlers of the roles that posts mention and that a streak earns: roles, user groups and the like."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.commands import Command, CommandOption, Kind
from bot.chat.replies import Reply, Send
from bot.domain.role_use import Purpose
from bot.errors import UserError
from bot.handlers.study.group import group_to_organise
from bot.routing import Request, Routes
from bot.toolkit.text import quoted
from bot.views.common import text_message
from bot.views.roles import NOT_IN_PRIVATE, ONLY_ADMINS, refusal

routes = Routes()

FEWEST_DAYS, MOST_DAYS = 2, 365
ROLE_LENGTH = 100
DAYS_WRONG = f"Choose between {FEWEST_DAYS} and {MOST_DAYS} days."


@routes.command(
    Command(
        "study mention",
        "Choose a role to mention in scheduled posts",
        (
            CommandOption(
                "role",
                "The role or user group; leave it out to mention no one",
                Kind.ROLE,
                max_length=ROLE_LENGTH,
                purpose=Purpose.MENTION,
            ),
        ),
        organiser_only=True,
    )
)
async def mention(request: Request) -> Reply:
    """Choose the role that posts mention; without one nobody is mentioned."""
    _refuse_powers_of_others(request, Purpose.MENTION)
    group = await group_to_organise(request)
    role, name = _role(request), _name(request)
    by = request.origin.user.id if role else ""
    await request.unit.groups.save(
        replace(group, mention_role=role, mention_name=name, mention_by=by, mention_denied=None)
    )
    if not role:
        return Send(text_message("Posts no longer mention anyone."))
    return Send(text_message(f"Scheduled posts now mention {quoted(name or role)}{_where(name)}."))


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
    _refuse_powers_of_others(request, Purpose.GIVE)
    group = await group_to_organise(request)
    role, name, days = _role(request), _name(request), _days(request)
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
    said = f"Members with a {days}-day streak get {quoted(name or role)}{when}{_where(name)}."
    return Send(text_message(f"{said} They keep it while the streak lasts."))


def _refuse_powers_of_others(request: Request, purpose: Purpose) -> None:
    """Raise UserError for a person who could not give or mention the role without Milepost."""
    if not request.origin.is_organiser:
        raise UserError(
            request.origin.doubt or (NOT_IN_PRIVATE if request.origin.channel.direct else ONLY_ADMINS)
        )
    if denial := request.denials.get("role"):
        raise UserError(refusal(denial, purpose, _name(request)), "role")


def _role(request: Request) -> str:
    return request.args.get("role", "")


def _name(request: Request) -> str:
    """Return the platform's name of the role; empty where it told no name that can be read."""
    return request.names.get("role", "")


def _where(name: str) -> str:
    """Return a condition that goes without saying on a platform that told a name."""
    return "" if name else ", if this chat has such a role"


def _days(request: Request) -> int:
    """Return the days of a streak, 0 when the option is left out. Raises UserError."""
    typed = request.args.get("days", "")
    if not typed:
        return 0
    if not (typed.isascii() and typed.isdigit() and FEWEST_DAYS <= int(typed) <= MOST_DAYS):
        raise UserError(DAYS_WRONG, "days")
    return int(typed)
