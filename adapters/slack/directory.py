"""Who people are: asked of Slack once in a while, since every click would else cost a request."""

from __future__ import annotations

import datetime as dt
import logging
from collections import OrderedDict

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.inbound import Person
from adapters.slack.wire import called
from bot import Clock, DeliveryError

log = logging.getLogger(__name__)

FRESH_FOR = dt.timedelta(minutes=10)
REMEMBERED = 10_000


class Directory:
    """People by id, for as long as what is known of them is fresh."""

    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._known: OrderedDict[str, tuple[dt.datetime, Person]] = OrderedDict()

    async def person(self, user_id: str, name: str = "") -> Person:
        """Name, zone, and whether they are an admin; only ``name`` while Slack does not tell."""
        found = self._known.get(user_id)
        if found and self._clock.now() - found[0] < FRESH_FOR:
            return found[1]
        try:
            answer = await called(self._client.users_info(user=user_id))
        except DeliveryError as error:
            log.warning("Slack does not say who %s is: %s", user_id, error)
            return found[1] if found else Person(name or "Somebody")
        person = _read(answer["user"], name)
        self._known[user_id] = (self._clock.now(), person)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return person


def _read(user: dict[str, object], name: str) -> Person:
    profile = user.get("profile")
    shown = profile.get("display_name") or profile.get("real_name") if isinstance(profile, dict) else ""
    return Person(
        str(shown or user.get("real_name") or user.get("name") or name or "Somebody"),
        zone=str(user["tz"]) if user.get("tz") else None,
        admin=bool(user.get("is_admin") or user.get("is_owner")),
    )
