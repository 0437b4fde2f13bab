"""Faults that a test scripts: the next requests that match are answered badly, late or not at all."""

import asyncio
import socket
import struct
from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass(eq=False)
class Fault:
    """Strikes the next ``times`` requests whose method matches (``*`` stands for anything).

    ``held`` lets them wait until ``release``. With ``acted`` the request is then done before it goes wrong:
    the message is posted and the answer lost. ``status`` answers that, ``reset`` resets the connection;
    with neither the request is answered as usual, only late.
    """

    method: str = "*"
    times: int = 1
    status: int = 0
    reset: bool = False
    acted: bool = False
    held: bool = False
    _released: asyncio.Event = field(default_factory=asyncio.Event, init=False, repr=False)

    def matches(self, entry, asked):
        """Would it strike this request now? ``entry`` is its record, ``asked`` what is in it."""
        return self.times > 0 and fnmatchcase(entry.method, self.method)

    @property
    def answers(self):
        """Does it put its own end to the request?"""
        return bool(self.status or self.reset)

    def release(self):
        """Let go of what is held, now and later."""
        self._released.set()

    async def let_go(self):
        """Wait for ``release`` if it holds at all."""
        if self.held:
            await self._released.wait()


class Faults:
    """The script and what came of it: ``struck`` holds (monotonic time, method, fault)."""

    def __init__(self, kind, now):
        self._kind = kind
        self._now = now
        self._script = []
        self.struck = []

    def add(self, **described):
        """Script one; see the server's Fault for the words. Returns it."""
        fault = self._kind(**described)
        self._script.append(fault)
        return fault

    def clear(self):
        """Strike nothing more."""
        self._script.clear()

    def strike(self, entry, asked):
        """The fault for this request, or None."""
        for fault in self._script:
            if fault.matches(entry, asked):
                fault.times -= 1
                self.struck.append((self._now(), entry.method, fault))
                return fault
        return None


def reset(transport):
    """End a connection with a TCP reset, as a crashing peer does."""
    if transport is None:
        return
    linger = struct.pack("ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
