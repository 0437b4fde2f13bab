"""Posting once for a key, and changing what was posted, under Slack's limits."""

from __future__ import annotations

import re
from typing import Any

from adapters.slack.idempotency import IdempotencyCache, Unsent
from adapters.slack.outbound import Json, summary
from adapters.slack.pictures import Pictures
from adapters.slack.rate_limiter import RateLimiter
from adapters.slack.teams import Team
from adapters.slack.web_api import NotInChannel, TooFast
from bot.chat import ChannelRef, Clock, Forbidden, Gone, Message, MessageRef, Rejected

KEY_EVENT = "milepost_post"
NEWEST = 100
"""Messages of a channel among which one is looked for whose arrival is in doubt."""

_TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")


class Posts:
    """Sender of scheduled posts and direct messages."""

    def __init__(self, clock: Clock, pictures: Pictures) -> None:
        self._pictures = pictures
        self._rate_limiter = RateLimiter(clock)
        self._keys = IdempotencyCache(clock)

    async def send(
        self, team: Team, channel: ChannelRef, message: Message, key: str, *, again: bool
    ) -> MessageRef:
        """Post with the key in the metadata, by which it is found again. Raises a DeliveryError.

        In a public channel that Milepost is not in, it joins first.
        """
        words = summary(message)

        async def send(shown: list[Json]) -> str:
            body = {"text": words, "blocks": shown}
            try:
                return await self._once(team, channel, body, key, again=again)
            except NotInChannel as refusal:
                await self._join(team, channel, refusal)
                return await self._once(team, channel, body, key, again=again)

        return MessageRef(channel, await self._pictures.sent(team, message, send, ""))

    async def edit(self, team: Team, ref: MessageRef, message: Message) -> None:
        """Change a posted message. Raises a DeliveryError."""
        if not _TS.fullmatch(ref.id):
            raise Gone("Slack never had that message.")
        words = summary(message)

        async def send(shown: list[Json]) -> None:
            await self._rate_limiter.call(
                team.id,
                "chat.update",
                lambda: team.client.chat_update(
                    channel=ref.channel.id, ts=ref.id, text=words, blocks=shown
                ),
            )

        await self._pictures.sent(team, message, send, "")

    async def conversation(self, team: Team, user_id: str) -> str:
        """The id of the conversation with one person. Raises a DeliveryError."""
        opened = await self._rate_limiter.call(
            team.id, "conversations.open", lambda: team.client.conversations_open(users=user_id)
        )
        return str(opened["channel"]["id"])

    @property
    def recently_started(self) -> bool:
        """Return True while the process before may have left a post unrecorded."""
        return self._keys.recently_started

    async def _once(self, team: Team, channel: ChannelRef, shown: Json, key: str, *, again: bool) -> str:
        """The ``ts`` of the one message with this key."""
        if earlier := self._keys.message(key):
            return earlier
        if self._keys.doubtful(key, tried=again) and (earlier := await self._arrived(team, channel, key)):
            self._keys.note(key, earlier)
            return earlier
        self._keys.note(key, Unsent.ABSENT)
        body: dict[str, Any] = {
            "channel": channel.id,
            **shown,
            "metadata": {"event_type": KEY_EVENT, "event_payload": {"key": key}},
            "unfurl_links": False,
            "unfurl_media": False,
        }

        async def post() -> Any:
            self._keys.note(key, Unsent.MAYBE_SENT)
            return await team.client.chat_postMessage(**body)

        try:
            sent = await self._rate_limiter.post(team.id, channel.id, post)
        except (TooFast, Forbidden, Gone, Rejected):
            self._keys.note(key, Unsent.ABSENT)
            raise
        self._keys.note(key, str(sent["ts"]))
        return str(sent["ts"])

    async def _arrived(self, team: Team, channel: ChannelRef, key: str) -> str | None:
        """The message with this key among the newest of the channel; None where there is none."""
        found = await self._rate_limiter.call(
            team.id,
            "conversations.history",
            lambda: team.client.conversations_history(
                channel=channel.id, limit=NEWEST, include_all_metadata=True
            ),
        )
        for message in found["messages"]:
            if message.get("metadata", {}).get("event_payload", {}).get("key") == key:
                return str(message["ts"])
        return None

    async def _join(self, team: Team, channel: ChannelRef, refusal: NotInChannel) -> None:
        """Raises what stands in the way, ``refusal`` where only a member can let Milepost in."""
        try:
            await self._rate_limiter.call(
                team.id, "conversations.join", lambda: team.client.conversations_join(channel=channel.id)
            )
        except (Forbidden, Rejected):
            raise refusal from None
