"""Helpers that look at messages, on platforms where that takes a request and where it doesn't."""

from __future__ import annotations

import asyncio

from adapters.contract.place import Looks, Person

PATIENCE = 60
"""Seconds after which what should come is said not to come, also on a busy machine."""


async def seen(person: Person) -> list[str]:
    """Return the words of each message in the channel, oldest first."""
    if isinstance(person, Looks):
        await person.look()
    return person.sees()


async def received(person: Person) -> list[str]:
    """Return the words of each message in the person's own conversation with the bot."""
    if isinstance(person, Looks):
        await person.look()
    return person.inbox()


async def reads(person: Person, text: str) -> bool:
    """Tell if some message in the channel, as this person sees it, has the text in it."""
    return any(text in words for words in await seen(person))


async def comes_to_read(person: Person, text: str) -> None:
    """Wait until a message has the text, where it may still be on its way. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while not await reads(person, text):  # noqa: ASYNC110 - no platform tells when a message is there
            await asyncio.sleep(0)
