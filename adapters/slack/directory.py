"""Cached directory of people: asking Slack at every click would cost a request each."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from dataclasses import replace

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.inbound import Person
from adapters.slack.web_api import TooFast, called
from bot.chat import Clock, DeliveryError
from bot.toolkit.limits import BoundedDict, RateLimitedLog

log = logging.getLogger(__name__)

FRESH_FOR = dt.timedelta(minutes=10)
ADMIN_FOR = dt.timedelta(minutes=1)
"""Somebody is taken for an admin no longer than this: another process may have heard that they are none."""

REMEMBERED = 10_000

NOT_TOLD = "Slack isn't telling me whether you may do that. Please try again in a moment."

PAGE, MOST_PAGES = 1000, 5
"""People in an answer of ``users.list``, and how many answers are asked for at most."""

ASK_AGAIN_AFTER = dt.timedelta(seconds=10)
"""Least time between two look-ups of a person whom Slack did not describe."""

LIST_AGAIN_AFTER = dt.timedelta(minutes=1)


class Directory:
    """People by id, for as long as what is known of them is fresh."""

    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._rest = clock.now()
        self._listing = asyncio.Lock()
        self._listed: dt.datetime | None = None
        self._asking: dict[str, asyncio.Future[Person]] = {}
        self._untold: BoundedDict[str, dt.datetime] = BoundedDict(REMEMBERED)
        self._quiet = RateLimitedLog(log)
        self._known: BoundedDict[str, tuple[dt.datetime, Person]] = BoundedDict(REMEMBERED)

    async def person(self, user_id: str, name: str = "") -> Person:
        """Name, zone, and whether they are an admin.

        While Slack does not tell, what was known but for that, and ``doubt`` says so.
        """
        if known := self._fresh(user_id):
            return known
        asking = self._asking.get(user_id)
        if asking is None:
            asking = asyncio.ensure_future(self._found(user_id, name))
            self._asking[user_id] = asking
            asking.add_done_callback(lambda _: self._asking.pop(user_id, None))
        # Who does much at once, before anything is known of them, is asked for once.
        return await asyncio.shield(asking)

    async def _found(self, user_id: str, name: str) -> Person:
        if self._was_untold(user_id):
            return self._stale(user_id, name)
        try:
            user = await self._ask(user_id)
        except DeliveryError as error:
            if isinstance(error, TooFast) and (known := await self._listed_one(user_id)):
                return known
            if not isinstance(error, TooFast):
                self._untold[user_id] = self._clock.now()
            self._quiet.warning("Slack does not say who somebody is: %s", error)
            return self._stale(user_id, name)
        return self._note(user_id, _read(user, name))

    def _was_untold(self, user_id: str) -> bool:
        """Tell whether Slack was asked for a person just now, and did not tell."""
        asked = self._untold.get(user_id)
        return asked is not None and self._clock.now() - asked < ASK_AGAIN_AFTER

    def _stale(self, user_id: str, name: str) -> Person:
        """Return what was known of a person before, or the defaults of somebody unknown."""
        _, stale = self._known.get(user_id) or (None, Person(name or "Somebody"))
        return replace(stale, admin=False, doubt=NOT_TOLD)

    def hear(self, user: dict[str, object]) -> None:
        """Note what Slack tells, unasked, of somebody who is known here."""
        if known := self._known.get(str(user["id"])):
            self._note(str(user["id"]), _read(user, known[1].name))

    async def _ask(self, user_id: str) -> dict[str, object]:
        """Ask Slack about one person, unless it has asked for a rest. Raises a DeliveryError."""
        left = (self._rest - self._clock.now()).total_seconds()
        if left > 0:
            raise TooFast("Slack asks me to slow down.", left)
        try:
            answer = await called(self._client.users_info(user=user_id))
        except TooFast as error:
            self._rest = self._clock.now() + dt.timedelta(seconds=error.retry_after or 0)
            raise
        user: dict[str, object] = answer["user"]
        return user

    def _fresh(self, user_id: str) -> Person | None:
        since, person = self._known.get(user_id) or (None, None)
        if since is None or person is None:
            return None
        return person if self._clock.now() - since < (ADMIN_FOR if person.admin else FRESH_FOR) else None

    def _note(self, user_id: str, person: Person) -> Person:
        self._known[user_id] = (self._clock.now(), person)
        return person

    async def _listed_one(self, user_id: str) -> Person | None:
        """Somebody of many who come at once: one request tells of a thousand. None where that fails too."""
        async with self._listing:
            now = self._clock.now()
            if self._listed is None or now - self._listed >= LIST_AGAIN_AFTER:
                self._listed = now
                await self._list()
        return self._fresh(user_id)

    async def admins(self, most: int) -> list[str]:
        """Ids of the owners and then the admins of the workspace. Raises a DeliveryError."""
        found: list[tuple[int, str]] = []
        cursor = ""
        for _ in range(MOST_PAGES):
            answer = await called(self._client.users_list(limit=PAGE, cursor=cursor))
            found += [(rank, user["id"]) for user in answer["members"] if (rank := _rank(user)) is not None]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return [user_id for _, user_id in sorted(found)[:most]]

    async def _list(self) -> None:
        cursor = ""
        for _ in range(MOST_PAGES):
            try:
                answer = await called(self._client.users_list(limit=PAGE, cursor=cursor))
            except DeliveryError as error:
                self._quiet.warning("Slack does not say who is in the workspace: %s", error)
                return
            for user in answer["members"]:
                self._note(user["id"], _read(user, ""))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


def _rank(user: dict[str, object]) -> int | None:
    """The primary owner first; None for everybody who does not manage the workspace, or is gone."""
    if user.get("deleted") or user.get("is_bot"):
        return None
    kinds = ("is_primary_owner", "is_owner", "is_admin")
    return next((rank for rank, kind in enumerate(kinds) if user.get(kind)), None)


def _read(user: dict[str, object], name: str) -> Person:
    profile = user.get("profile")
    shown = profile.get("display_name") or profile.get("real_name") if isinstance(profile, dict) else ""
    return Person(
        str(shown or user.get("real_name") or user.get("name") or name or "Somebody"),
        zone=str(user["tz"]) if user.get("tz") else None,
        admin=bool(user.get("is_admin") or user.get("is_owner")),
    )
