"""The preview of a pack: what members will see of it, renewed on the page whenever its files are saved."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bot.chat.adapter import Adapter
from bot.chat.messages import Message
from bot.domain.refs import ChannelRef, MessageRef
from bot.library import Installed, Library
from content.errors import PackError, Problem
from content.loader import load_pack
from content.model import Pack, Question
from milepost.packs import state_of
from milepost.preview_messages import problems_message, question_messages, state_message

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""Seconds between two looks at the files."""


class Preview:
    """Shows a pack in a channel, and one question whole: ``question_id``, or the one that changed last.

    A pack that is not whole any more stays as it was; the channel shows what is wrong, with file and line.
    """

    def __init__(
        self,
        folder: Path,
        installed: Installed,
        adapter: Adapter,
        channel: ChannelRef,
        question_id: str = "",
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._folder = folder
        self._installed = installed
        self._adapter = adapter
        self._channel = channel
        self._fixed = bool(question_id)
        self._question_id = question_id
        self._changed = changed
        self._files = state_of([folder])
        self._pack = next(iter(installed.library.packs.values()))
        self._posted: list[MessageRef] = []

    async def show(self) -> None:
        """Show the pack as it was read last."""
        question = self._pack.question(self._question_id)
        whole = question_messages(self._pack, question) if question else ()
        await self._put([state_message(self._pack), *whole])

    async def look(self) -> None:
        """Look at the files once, and read the pack again if they have changed."""
        files = await asyncio.to_thread(state_of, [self._folder])
        if files == self._files:
            return
        self._files = files
        try:
            pack = await asyncio.to_thread(load_pack, self._folder, needs_lock=False)
        except PackError as error:
            await self._refuse(error.problems)
            return
        await self._install(pack)

    async def _install(self, pack: Pack) -> None:
        if pack.info.id != self._pack.info.id:
            await self._refuse(
                (Problem("pack.yaml", None, "the id has changed", "Start the preview again."),)
            )
            return
        if not self._fixed and (news := changed_questions(self._pack, pack)):
            self._question_id = news[-1].id
        self._pack = pack
        self._installed.library = Library({pack.info.id: pack})
        self._changed()
        await self.show()

    async def _refuse(self, problems: Sequence[Problem]) -> None:
        """Say what is wrong, above the question as it was."""
        await self._put([problems_message(self._pack, problems)])

    async def _put(self, messages: Sequence[Message]) -> None:
        """Post the messages, or change those that are there."""
        for place, message in enumerate(messages):
            if place < len(self._posted):
                await self._adapter.edit(self._posted[place], message)
            else:
                key = f"preview-{place}"
                self._posted.append(await self._adapter.send(self._channel, message, key))


def changed_questions(before: Pack, after: Pack) -> list[Question]:
    """Return the questions that are new or differ, in the order of the roadmap."""
    return [
        question
        for topic in after.topics
        for question in after.questions[topic.id]
        if question != before.question(question.id)
    ]


@asynccontextmanager
async def following(preview: Preview) -> AsyncIterator[None]:
    """Look at the files regularly until the block is left."""
    task = asyncio.create_task(_follow(preview), name="preview")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _follow(preview: Preview) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await preview.look()
        except Exception:
            log.exception("the preview could not be renewed")
