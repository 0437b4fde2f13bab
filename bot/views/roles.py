"""Reasons why a role can't be mentioned or given for somebody, in words."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.role_use import Denial, Denied, Purpose
from bot.toolkit.text import quoted

ONLY_ADMINS = (
    "Only admins can choose which role to mention or give, because I only do what they could do "
    "themselves. Please ask one."
)
NOT_IN_PRIVATE = (
    "Please use this command in the group's channel, because I can't see here whether you may mention or "
    "give roles."
)

_COMMANDS = {Purpose.GIVE: "/study reward", Purpose.MENTION: "/study mention"}
_REFUSALS = {
    Denied.EVERYBODY: "{Role} includes everyone, so I can't {do} it. Choose another role.",
    Denied.MISSING: "That role no longer exists. Choose another one.",
    Denied.LEFT: ONLY_ADMINS,
    Denied.DEMOTED: ONLY_ADMINS,
    Denied.TOO_HIGH: "{Role} isn't below your highest role, so you can't give it. Choose a lower one.",
    Denied.POWERFUL: (
        "{Role} gives power over others or over the place{powers}, so I don't give it for a streak. "
        "Choose a role without such permissions."
    ),
    Denied.MANAGED: (
        "{Role} is managed by an app or by the chat itself, so I can't give it. Choose another one."
    ),
    Denied.BOT_TOO_LOW: "{Role} isn't below my own highest role. Move my role above it, then try again.",
}
_NOT_GIVEN = {
    Denied.MAY_NOT: (
        "You aren't allowed to give roles here, so I can't do it for you. Please ask someone who is."
    ),
    Denied.BOT_MAY_NOT: ("I'm not allowed to give roles here. Allow me to manage roles, then try again."),
}
_NOT_MENTIONED = {
    Denied.MAY_NOT: (
        "You aren't allowed to mention {role}, so I can't do it for you. Choose a role that anyone can "
        "mention, or ask someone who may mention all roles."
    ),
    Denied.BOT_MAY_NOT: (
        "I'm not allowed to mention {role}. Let anyone mention it, or allow me to mention all roles, then "
        "try again."
    ),
}
_WHY = {
    Denied.EVERYBODY: "it includes everyone",
    Denied.MISSING: "it no longer exists",
    Denied.LEFT: "the person who chose it has left",
    Denied.DEMOTED: "the person who chose it is no longer an admin",
    Denied.MAY_NOT: "the person who chose it is no longer allowed to {do} it",
    Denied.TOO_HIGH: "it's no longer below the highest role of the person who chose it",
    Denied.POWERFUL: "it now gives power over others or over the place{powers}",
    Denied.MANAGED: "it's now managed by an app or by the chat itself",
    Denied.BOT_MAY_NOT: "I'm no longer allowed to {do} it",
    Denied.BOT_TOO_LOW: "it's no longer below my own highest role",
}
_OF_THE_PERSON = (Denied.LEFT, Denied.DEMOTED, Denied.MAY_NOT, Denied.TOO_HIGH)
_OF_THE_ROLE = (Denied.POWERFUL, Denied.BOT_MAY_NOT, Denied.BOT_TOO_LOW)


def refusal(denial: Denial, purpose: Purpose, name: str) -> str:
    """Return the refusal to somebody who chose a role that they may not use; ``name`` may be empty."""
    named = quoted(name) if name else ""
    special = _NOT_GIVEN if purpose is Purpose.GIVE else _NOT_MENTIONED
    return _filled({**_REFUSALS, **special}[denial.reason], denial, purpose, named)


def stopped(purpose: Purpose, data: Mapping[str, str | int]) -> str:
    """Return the sentence that tells organisers that a role is no longer mentioned or given."""
    denial = Denial(Denied(str(data["denied"])), str(data.get("detail", "")))
    role = quoted(str(data["name"]))
    doing = f"giving {role} for streaks" if purpose is Purpose.GIVE else f"mentioning {role}"
    return f"I've stopped {doing} because {why(denial, purpose)}; {_remedy(denial.reason, purpose)}."


def shown(name: str, denied: Denied | None, purpose: Purpose) -> str:
    """Return a role as the status names it: also why it isn't used at the moment."""
    if denied is None:
        return name
    return f"{name} (stopped because {why(Denial(denied), purpose)}; see {_COMMANDS[purpose]})"


def why(denial: Denial, purpose: Purpose) -> str:
    """Return why a role that was chosen earlier is no longer used, without a full stop."""
    return _filled(_WHY[denial.reason], denial, purpose, "")


def _remedy(denied: Denied, purpose: Purpose) -> str:
    command = _COMMANDS[purpose]
    if denied in _OF_THE_PERSON:
        return f"an admin who may {purpose} it can turn it back on with {command}"
    if denied in _OF_THE_ROLE:
        return f"change that or choose another role, then use {command} again"
    return f"choose another role with {command}"


def _filled(sentence: str, denial: Denial, purpose: Purpose, quoted: str) -> str:
    powers = f" ({denial.detail})" if denial.detail else ""
    return sentence.format(
        Role=quoted or "That role", role=quoted or "that role", do=purpose, powers=powers
    )
