"""Faults that a test scripts: the next requests that match are answered badly, late or not at all."""

import socket
import struct
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.loopback_discord.ratelimits import too_many


@dataclass
class Fault:
    """Strikes the next ``times`` requests whose method and path match (``*`` stands for anything).

    The path is without ``/api/v10``. ``delay`` seconds pass first. With ``acted`` the request is then done
    before it goes wrong: the message is posted and the answer lost. ``status`` answers that (429 with
    ``retry_after`` seconds, ``via`` and ``scope``), ``reset`` resets the connection; with neither the
    request is answered as usual, only late.
    """

    method: str = "*"
    path: str = "*"
    times: int = 1
    status: int = 0
    retry_after: float = 0.05
    via: bool = True
    scope: str = "user"
    reset: bool = False
    acted: bool = False
    delay: float = 0.0

    def matches(self, method, path):
        """Would it strike this request now?"""
        return self.times > 0 and fnmatchcase(method, self.method) and fnmatchcase(path, self.path)

    @property
    def answers(self):
        """Does it put its own end to the request?"""
        return bool(self.status or self.reset)

    def answer(self):
        """Status, headers and body."""
        if self.status == 429:
            return 429, *too_many(self.retry_after, scope=self.scope, via=self.via)
        return self.status, {}, {"message": f"{self.status}: scripted", "code": 0}


class Faults:
    """The script and what came of it: ``struck`` holds (monotonic time, method, path, fault)."""

    def __init__(self, now):
        self._now = now
        self._script = []
        self.struck = []

    def add(self, **described):
        """Script one; see Fault for the words. Returns it."""
        fault = Fault(**described)
        self._script.append(fault)
        return fault

    def clear(self):
        """Strike nothing more."""
        self._script.clear()

    def strike(self, method, path):
        """The fault for this request, or None."""
        for fault in self._script:
            if fault.matches(method, path):
                fault.times -= 1
                self.struck.append((self._now(), method, path, fault))
                return fault
        return None


def reset(transport):
    """End a connection with a TCP reset, as a crashing peer does."""
    if transport is None:
        return
    linger = struct.pack("ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
