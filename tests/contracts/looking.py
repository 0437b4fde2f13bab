"""What people see, on a platform where looking takes a request as on one where it does not."""

import asyncio

PATIENCE = 60
"""Seconds after which what should come is said not to come, also on a busy machine."""


async def seen(person):
    """The words of each message in the channel, oldest first."""
    if hasattr(person, "look"):
        await person.look()
    return person.sees()


async def received(person):
    """The words of each message in the person's own conversation with the bot."""
    if hasattr(person, "look"):
        await person.look()
    return person.inbox()


async def reads(person, text):
    """Whether some message in the channel, as this person sees it, holds the text."""
    return any(text in words for words in await seen(person))


async def comes_to_read(person, text):
    """Wait until a message holds the text, where it may still be on its way. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while not await reads(person, text):  # noqa: ASYNC110 - no platform tells when a message is there
            await asyncio.sleep(0)
