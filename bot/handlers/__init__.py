"""Handlers of members' and organisers' acts: one file for each command, and for what has no command."""

from bot.handlers import (
    answers,
    challenge,
    help,  # noqa: A004  each file is named as its command
    home,
    leaderboard,
    leave,
    next,  # noqa: A004
    preferences,
    privacy,
    progress,
    prompt,
    quiz,
    reminders,
    roadmap,
)
from bot.handlers.study import control, log, move, organiser, roles, setup, skip
from bot.routing import Routes

_IN_ORDER = (
    answers,
    quiz,
    roadmap,
    progress,
    leaderboard,
    challenge,
    prompt,
    next,
    preferences,
    privacy,
    reminders,
    setup,
    control,
    skip,
    move,
    roles,
    organiser,
    log,
    help,
    home,
    leave,
)


def all_routes() -> Routes:
    """Every route there is, in the order in which menus show the commands."""
    routes = Routes()
    for handler in _IN_ORDER:
        routes.include(handler.routes)
    return routes
