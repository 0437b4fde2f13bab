"""Options that name a role, such as a user group: who may choose it, and what it is called."""

from __future__ import annotations

from bot.domain.role_use import Purpose
from bot.errors import UserError
from bot.routing import Request
from bot.views.roles import NOT_IN_PRIVATE, ONLY_ADMINS, refusal

ROLE_LENGTH = 100


def refuse_powers_of_others(request: Request, purpose: Purpose) -> None:
    """Raise UserError for a person who could not give or mention the role without Milepost."""
    if not request.origin.is_admin:
        raise UserError(
            request.origin.doubt or (NOT_IN_PRIVATE if request.origin.channel.direct else ONLY_ADMINS)
        )
    if denial := request.denials.get("role"):
        raise UserError(refusal(denial, purpose, role_name(request)), "role")


def role_option(request: Request) -> str:
    """Return the platform's id of the role that was named; empty for none."""
    return request.args.get("role", "")


def role_name(request: Request) -> str:
    """Return the platform's name of the role; empty where it told no name that can be read."""
    return request.names.get("role", "")


def where_known(name: str) -> str:
    """Return a condition that goes without saying on a platform that told a name."""
    return "" if name else ", if this chat has such a role"
