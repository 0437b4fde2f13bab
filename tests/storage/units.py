"""Units of work that several tests run."""

import asyncio

from tests.storage.facts import NOW, group, sent, user


def noting(name, value="x"):
    async def put(unit):
        await unit.notes.put(name, value)
        return name

    return put


async def notes(database, among="abcd"):
    """Names of those notes, among some, that are there."""

    async def look(unit):
        return [name for name in among if await unit.notes.get(name)]

    return await database.read(look)


async def outcomes(database, *units):
    return await asyncio.gather(*map(database.run, units), return_exceptions=True)


async def build_quiz(unit):
    of = await unit.groups.add(group())
    who = await unit.members.add(user(), NOW)
    return who, await unit.posts.add(sent(of.id))
