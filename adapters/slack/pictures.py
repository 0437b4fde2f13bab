"""Pictures as files of the workspace, and the words that stand in for them."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_incrementing

from adapters.slack.limits import MOST_ALT, PLATFORM
from adapters.slack.outbound import Json, blocks
from adapters.slack.teams import Team
from adapters.slack.web_api import called
from bot.chat import Clock, DeliveryError, File, Message, Picture, Rejected, UserRef
from bot.toolkit.drawing import RenderQueue
from bot.toolkit.limits import BoundedDict
from bot.toolkit.text import cut

log = logging.getLogger(__name__)

T = TypeVar("T")

TRIES, FIRST_PAUSE = 3, 1.0
"""Tries of a message, and the seconds before the second one; the next pause is twice as long.
Slack looks files through for a while after an upload, and refuses blocks with them until then. Source: its
SDKs' issues, for it is not in the documentation."""

Uploaded = Callable[[UserRef, str, int], Awaitable[None]]
"""Has the core see to it that a file is deleted after so many days (``App.uploaded``)."""

PICTURE_DAYS, FILE_DAYS = 1, 7
"""Days that Slack keeps an uploaded picture, and a file that a member asked for."""

FRESH_FOR = dt.timedelta(minutes=10)
REMEMBERED = 500


class Pictures:
    """Draws and uploads what messages show; the same picture again within ten minutes is not uploaded."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._render_queue = RenderQueue()
        self._known: BoundedDict[tuple[str, str, Picture], tuple[dt.datetime, str]] = BoundedDict(
            REMEMBERED
        )
        self._told: set[str] = set()
        self.uploaded: Uploaded = _nobody_cares

    async def sent(
        self, team: Team, message: Message, send: Callable[[list[Json]], Awaitable[T]], user: str
    ) -> T:
        """Call ``send`` with the message's blocks and return its result. Raises what it raises.

        ``user`` is whom it is shown to, empty for a whole channel.

        Blocks that Slack refuses for their pictures are sent again with words.
        """
        files = await self._files(team, message, user)
        if not files:
            return await send(blocks(message))
        try:
            async for attempt in _looked_through():
                with attempt:
                    return await send(blocks(message, files))
        except Rejected as error:
            self._note(error)
            for picture in files:
                self._known.pop((team.id, user, picture), None)
        return await send(blocks(message))

    async def _files(self, team: Team, message: Message, user: str) -> dict[Picture, str]:
        """Ids of uploaded files, without pictures that cannot be drawn in time.

        None at all where one cannot be uploaded.
        """
        pictures = [block for block in message.blocks if isinstance(block, Picture)]
        try:
            files = [(picture, await self._file(team, picture, user)) for picture in pictures]
        except DeliveryError as error:
            self._note(error)
            return {}
        return {picture: file for picture, file in files if file}

    async def give(self, team: Team, user: str, file: File) -> None:
        """Upload a file into the conversation with one person. Raises a DeliveryError."""
        opened = await called(team.client.conversations_open(users=user))
        answer = await called(
            team.client.files_upload_v2(
                channel=str(opened["channel"]["id"]),
                filename=file.name,
                title=file.title,
                content=file.content,
            )
        )
        await self._note_upload(team, user, str(answer["files"][0]["id"]), FILE_DAYS)

    async def _note_upload(self, team: Team, user: str, file: str, days: int) -> None:
        if user:
            await self.uploaded(UserRef(PLATFORM, team.id, user), file, days)

    async def _file(self, team: Team, picture: Picture, user: str) -> str:
        """Return the id of the file; empty where the picture has to be said in words."""
        now, known = self._clock.now(), self._known.get((team.id, user, picture))
        if known and now - known[0] < FRESH_FOR:
            return known[1]
        png = await self._render_queue.png(picture, (team.id, user) if user else None)
        if png is None:
            return ""
        answer = await called(
            team.client.files_upload_v2(
                filename="milepost.png", title="Milepost", content=png, alt_txt=cut(picture.alt, MOST_ALT)
            )
        )
        file = str(answer["files"][0]["id"])
        await self._note_upload(team, user, file, PICTURE_DAYS)
        self._known[team.id, user, picture] = (now, file)
        return file

    def _note(self, error: DeliveryError) -> None:
        """Once for each reason: it would be the same at every picture."""
        if str(error) not in self._told:
            self._told.add(str(error))
            log.warning("a picture is shown in words: %s", error)


def _looked_through() -> AsyncRetrying:
    return AsyncRetrying(
        retry=retry_if_exception_type(Rejected),
        stop=stop_after_attempt(TRIES),
        wait=wait_incrementing(start=FIRST_PAUSE, increment=FIRST_PAUSE),
        reraise=True,
    )


async def _nobody_cares(_user: UserRef, _file: str, _days: int) -> None:
    """Before the adapter has started there is nobody to tell."""
