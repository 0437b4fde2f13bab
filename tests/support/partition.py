"""The network between Milepost and its server, which a test can cut without either end being told.

Both stay connected to this process, so neither hears of it: no reset and no end of file, only silence.
"""

import asyncio
from contextlib import asynccontextmanager

from sqlalchemy import make_url

from tests.loopback.faults import reset
from tests.loopback.pulse import Pulse

PIECE = 65536
COMMIT = b"COMMIT;\0"
"""The end of what asyncpg sends at the end of a transaction."""


class Network:
    """Every connection to one server; ``url`` is the server's address by this way.

    The commit after ``next_kept`` more is heard by the server, and its answer is lost: then all is held, or
    with ``resets`` the connection is reset. None loses no answer.
    """

    def __init__(self, server):
        self._server = server
        self._joined = {}
        self._lets_through = asyncio.Event()
        self._lets_through.set()
        self.pulse = Pulse()
        self.url = ""
        self.next_kept = None
        self.resets = False

    @property
    def held(self):
        """True while nothing goes through."""
        return not self._lets_through.is_set()

    @property
    def connections(self):
        """Number of connections that Milepost holds."""
        return len(self._joined)

    def hold(self):
        """Let nothing through, either way. What is sent meanwhile waits."""
        self._lets_through.clear()
        self.pulse.beat()

    def heal(self):
        """Let everything through again."""
        self._lets_through.set()

    def cut(self):
        """Reset every connection; new ones are welcome."""
        for writer in self._joined.values():
            reset(writer.transport)

    async def join(self, reader, writer):
        """Serve a new connection until either end closes it."""
        task = asyncio.current_task()
        self._joined[task] = writer
        self.pulse.beat()
        ends = [writer]
        try:
            await self._lets_through.wait()
            answers, asks = await asyncio.open_connection(self._server.host, self._server.port)
            ends.append(asks)
            async with asyncio.TaskGroup() as ways:
                ways.create_task(self._carry(reader, asks, asking=True))
                ways.create_task(self._carry(answers, writer))
        except* (OSError, _Over):
            pass
        finally:
            for end in ends:
                end.close()
            del self._joined[task]
            self.pulse.beat()

    async def leave(self):
        """End everything."""
        left = list(self._joined)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _carry(self, reader, writer, *, asking=False):
        while piece := await reader.read(PIECE):
            await self._lets_through.wait()
            lost = asking and piece.endswith(COMMIT) and self._loses_this_answer()
            if lost:
                self.hold()
            writer.write(piece)
            await writer.drain()
            if lost and self.resets:
                self.cut()
                self.heal()
        raise _Over

    def _loses_this_answer(self):
        if self.next_kept is None:
            return False
        self.next_kept -= 1
        if self.next_kept >= 0:
            return False
        self.next_kept = None
        return True


class _Over(Exception):
    """One end has closed the connection."""


@asynccontextmanager
async def network_to(url):
    """A network to the database at ``url``."""
    parsed = make_url(url)
    network = Network(parsed)
    async with await asyncio.start_server(network.join, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        network.url = parsed.set(port=port).render_as_string(hide_password=False)
        try:
            yield network
        finally:
            network.heal()
            await network.leave()
