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
        self._database, self._usual = database, (database.run, database.read)
        run, read = self._usual
        database.run, database.read = self._waiting(run), self._waiting(read)

    def release(self):
        """Let it go on."""
        self._released.set()

    def _waiting(self, usual):
        async def wait(*arguments):
            self._database.run, self._database.read = self._usual
            self.begun = True
            self._pulse.beat()
            await self._released.wait()
            return await usual(*arguments)

        return wait
