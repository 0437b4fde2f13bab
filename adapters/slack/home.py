"""App Home: each member's own page. The core makes it; Slack tells each time that somebody opens it."""

from __future__ import annotations

import json
from typing import Any

from adapters.slack.forms import Place
from adapters.slack.outbound import Json
from adapters.slack.pictures import Pictures
from adapters.slack.teams import Team
from adapters.slack.web_api import called
from bot.chat import Message


async def publish(team: Team, pictures: Pictures, user: str, message: Message, place: Place) -> None:
    """Show it. ``place`` is the direct conversation, where buttons answer. Raises a DeliveryError."""

    async def send(shown: list[Json]) -> Any:
        return await called(team.client.views_publish(user_id=user, view=view(shown, place)))

    await pictures.sent(team, message, send, user)


def view(shown: list[Json], place: Place) -> Json:
    """The home view. Where its buttons answer travels in its metadata, since Slack does not say. Pure."""
    metadata = {"channel": place.channel, "home": True}
    return {"type": "home", "private_metadata": json.dumps(metadata), "blocks": shown}
