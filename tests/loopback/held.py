"""A use case of the core that takes as long as a test wants."""

import asyncio


class Held:
    """The next use case that this database is given. ``begun`` says whether it waits for ``release``.

    All that come after it are run as always.
    """

    def __init__(self, database, pulse):
        self.begun = False
        self._pulse = pulse
        self._released = asyncio.Event()
        self._database, self._run = database, database.run
        database.run = self._wait

    def release(self):
        """Let it go on."""
        self._released.set()

    async def _wait(self, *arguments):
        self._database.run = self._run
        self.begun = True
        self._pulse.beat()
        await self._released.wait()
        return await self._run(*arguments)
