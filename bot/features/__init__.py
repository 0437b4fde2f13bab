"""What members and organisers can do: one file for each thing, with its routes and its use cases."""

from bot.features import (
    audiences,
    challenge,
    coming,
    group_control,
    group_setup,
    guide,
    home,
    leaderboard,
    leaving,
    moving,
    organisers,
    oversight,
    practice,
    preferences,
    progress,
    prompt,
    quiz,
    reminders,
    roadmap,
    skipping,
)
from bot.routing import Routes

_FEATURES = (
    quiz,
    practice,
    roadmap,
    progress,
    leaderboard,
    challenge,
    prompt,
    coming,
    preferences,
    reminders,
    group_setup,
    group_control,
    skipping,
    moving,
    audiences,
    organisers,
    oversight,
    guide,
    home,
    leaving,
)


def all_routes() -> Routes:
    """Every route there is, in the order in which menus show the commands."""
    routes = Routes()
    for feature in _FEATURES:
        routes.include(feature.routes)
    return routes
