"""Base of the loopback servers of all platforms: state, start and stop."""

from collections import Counter

from aiohttp import web

from tests.loopback.faults import Faults
from tests.loopback.pulse import Pulse


class Loopback:
    """A server on 127.0.0.1; ``async with`` it, or ``start`` and ``stop``.

    ``clock`` gives seconds since 1970, ``now`` monotonic seconds. ``crashes`` holds errors of the server's
    own; leaving ``async with`` raises the first. ``pulse`` beats at each request that a fault strikes or
    that was served, and at whatever comes in over a websocket.

    A server's own class has ``add_routes(app)``, ``hang_up()``, ``interactions`` and ``late``.
    """

    def __init__(self, rules, fault, clock, now):
        self.clock, self.now, self.rules = clock, now, rules
        self.faults = Faults(fault, now)
        self.pulse = Pulse()
        self.record, self.refused, self.crashes = [], [], []
        self.too_many = 0
        self.url = ""
        self._runner = None

    async def __aenter__(self):
        await self.start()
        return self

    async def __aexit__(self, kind, *_):
        await self.stop()
        if self.crashes and kind is None:
            raise self.crashes[0]

    async def start(self, port=0):
        """Listen; port 0 takes a free one."""
        app = web.Application(client_max_size=32 << 20)
        self.add_routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self):
        """End every connection and stop listening."""
        await self.hang_up()
        await self._runner.cleanup()

    def messages(self, channel):
        """Messages of a channel, oldest first, with ephemeral ones."""
        return [message for message in channel.messages.values() if not message.deleted]

    def counts(self):
        """Requests by method and outcome, for a quick look."""
        return dict(Counter(f"{entry.method} {entry.outcome}" for entry in self.record))

    def forget(self):
        """Drop the record and the interactions, for long measurements."""
        for kept in (self.record, self.refused, self.interactions):
            kept.clear()
