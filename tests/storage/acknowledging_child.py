"""Run by test_durability: writes for ever and prints the name of each unit once it is answered."""

import asyncio
import itertools
import sys

from storage import open_database
from tests.storage.facts import NOW


def noting(name):
    async def put(unit):
        unit.events.record(name, NOW)
        await unit.notes.put(name, "x")

    return put


async def keep_writing(database, names):
    for name in names:
        await database.run(noting(name))
        sys.stdout.write(name + "\n")
        sys.stdout.flush()


async def main(path, life):
    database = await open_database(f"sqlite:///{path}", group_size=8)
    names = (f"{life}-{number}" for number in itertools.count())
    await asyncio.gather(*(keep_writing(database, names) for _ in range(20)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
