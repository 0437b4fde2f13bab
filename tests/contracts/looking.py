"""What people see, on a platform where looking takes a request as on one where it does not."""


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
