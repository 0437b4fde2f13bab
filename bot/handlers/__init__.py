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
    streak,
)
from bot.handlers.study import (
    log,
    mention,
    move,
    organiser,
    organisers,
    pause,
    post_now,
    resume,
    reward,
    schedule,
    setup,
    skip,
    status,
    zone,
)
from bot.routing import Routes

_IN_ORDER = (
    answers,
    quiz,
    roadmap,
    progress,
    streak,
    leaderboard,
    challenge,
    prompt,
    next,
    preferences,
    privacy,
    reminders,
    setup,
    schedule,
    zone,
    status,
    pause,
    resume,
    post_now,
    skip,
    move,
    mention,
    reward,
    organiser,
    organisers,
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
